/** Light and dark, and whether anything may move by itself. */

const STORE = "latent-lab-theme";

/** Whether nothing may move by itself, as the visitor's system asks. */
export const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Shows the page as the visitor chose it, else as the system has it.
 *
 * @param {boolean} flip whether to change between light and dark, and remember that
 */
export function applyTheme(flip) {
  let dark = document.body.classList.contains("dark");
  try {
    const chosen = localStorage.getItem(STORE);
    if (chosen && !new URLSearchParams(location.search).get("__theme")) dark = chosen === "dark";
    if (flip) dark = !document.body.classList.contains("dark");
    if (flip) localStorage.setItem(STORE, dark ? "dark" : "light");
  } catch {
    // no storage: the choice lasts as long as the page
  }
  if (dark !== document.body.classList.contains("dark")) document.body.classList.toggle("dark");
  document.documentElement.style.colorScheme = dark ? "dark" : "light"; // for what the browser draws itself
}
