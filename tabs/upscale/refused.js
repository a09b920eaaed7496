/** Which files are not taken. */

const LARGEST = 16 * 2 ** 20; // bytes, of one file and of all together

/**
 * @param {{ size: number }[]} files
 * @param {number} most files at a time
 * @param {string} names of the formats
 * @returns {string} why they are not taken, or nothing
 */
export function refusalOf(files, most, names) {
  if (files.length > most) return `${files.length} pictures are too many; choose up to ${most}.`;
  if (files.some((file) => file.size > LARGEST)) {
    return `The file is larger than 16 MB; ${names} up to 16 MB are accepted.`;
  }
  const together = files.reduce((sum, file) => sum + file.size, 0);
  return together > LARGEST ? "Together the pictures are larger than 16 MB; choose fewer." : "";
}
