/** Addresses: what the page shows, as a query, so that it can be copied at any time. */

const OF_THE_PAGE = ["__theme", "lang"]; // fields that belong to the page, not to a tab

/**
 * A permalink's query, with what the present address says about the whole page.
 *
 * @param {string} query of a tab, with or without "?"
 * @param {string} present the present address's query
 * @returns {string} "?…", slashes as they are
 */
export function withPageFields(query, present) {
  const search = new URLSearchParams(query);
  const current = new URLSearchParams(present);
  for (const name of OF_THE_PAGE) {
    const value = current.get(name);
    if (value) search.set(name, value);
  }
  return `?${search.toString().replaceAll("%2F", "/")}`;
}

/**
 * What an address says about one tab.
 *
 * @param {string} tab
 * @param {string} query of the address
 * @returns {Record<string, string>} its fields; none if it names another tab
 */
export function fieldsOf(tab, query) {
  const search = new URLSearchParams(query);
  return search.get("tab") === tab ? Object.fromEntries(search) : {};
}
