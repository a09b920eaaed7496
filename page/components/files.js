/** Files in and out of the browser. */

/**
 * A file as a data URI. Rejects if it cannot be read.
 *
 * @param {Blob} file
 * @returns {Promise<string>}
 */
export function dataUriOf(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = reject;
    reader.onload = () => resolve(String(reader.result));
    reader.readAsDataURL(file);
  });
}

/**
 * Saves what is at an address among the visitor's downloads.
 *
 * @param {string} address
 * @param {string} name of the file
 */
export function save(address, name) {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
}
