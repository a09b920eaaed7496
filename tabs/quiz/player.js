/** The visitor's secret token, by which the server knows the score. It lies in the browser's storage. */

const STORE = "latent-lab-player";

/** @returns {string | null} the token of the last visit */
export function knownPlayer() {
  try {
    return localStorage.getItem(STORE);
  } catch {
    return null; // no storage: the score lasts as long as the page
  }
}

/** @param {string} token */
export function rememberPlayer(token) {
  try {
    localStorage.setItem(STORE, token);
  } catch {
    // no storage
  }
}
