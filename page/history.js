/** The address bar: it always names what is shown. */

import { withPageFields } from "./address.js";

const REST = 250; // ms without a change after which the address follows

/** Of each tab, the query that shows it again. @type {Record<string, string>} */
const links = {};
let open = new URLSearchParams(location.search).get("tab") || window.latentLabFiles?.first || "sample";
let timer = 0;

export const state = { settled: false }; // whether the tab that the address names has been opened

/**
 * Notes what a tab shows.
 *
 * @param {string} tab
 * @param {string} query its permalink
 * @param {boolean} push whether the browser's Back button undoes this step
 */
export function remember(tab, query, push) {
  links[tab] = query;
  clearTimeout(timer);
  const address = withPageFields(query, location.search);
  if (tab !== open || address === location.search || /[?&]view=/.test(location.search)) return;
  if (push) history.pushState(null, "", address);
  else timer = setTimeout(() => history.replaceState(null, "", withPageFields(query, location.search)), REST);
}

/**
 * What a tab showed last.
 *
 * @param {string} tab
 * @returns {string} its permalink's query; empty if it has shown nothing yet
 */
export const linkOf = (tab) => links[tab] ?? "";

/**
 * Whether a tab is the one in front.
 *
 * @param {string} tab
 */
export const isOpen = (tab) => tab === open;

/**
 * Follows the visitor to another tab.
 *
 * @param {string} tab
 */
export function openTab(tab) {
  if (!state.settled) return; // Gradio opens the first tab before the one that the address names
  clearTimeout(timer);
  if (tab === open) return;
  open = tab;
  history.replaceState(null, "", withPageFields(links[tab] || `?tab=${tab}`, location.search));
  setTimeout(() => {
    // the tab was chosen in the menu of further tabs, which has closed and taken the focus with it
    if (document.activeElement !== document.body) return;
    const selected = document.querySelector("#tabs [role=tab][aria-selected=true]");
    if (selected instanceof HTMLElement) selected.focus({ preventScroll: true });
  }, 50);
}
