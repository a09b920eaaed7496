/** The fold-out "Share and code": permalink, Python lines, trainer command, each with a button that copies it. */

import { announce } from "../speech.js";
import { part } from "./dom.js";

const SHOWN = 1500; // ms for which a button says that it copied

/**
 * @param {HTMLElement} element
 * @param {import("./dom.js").Gradio} gradio its value has link, python and command
 */
export function mount(element, { props, watch }) {
  const show = () => {
    const value = props.value || {};
    part(element, ".link").textContent = value.link ? location.origin + location.pathname + value.link : "";
    part(element, ".python").textContent = value.python || "";
    part(element, ".command").textContent = value.command || "";
  };
  element.addEventListener("click", async ({ target }) => {
    const button = target instanceof Element ? target.closest("button[data-copy]") : null;
    if (!button) return;
    const text = part(element, `.${button.getAttribute("data-copy")}`);
    try {
      await navigator.clipboard.writeText(text.textContent ?? "");
      button.textContent = "Copied";
      announce("Copied");
      setTimeout(() => {
        button.textContent = "Copy";
      }, SHOWN);
    } catch {
      getSelection()?.selectAllChildren(text); // no clipboard: the visitor's own keys copy what is marked
    }
  });
  watch("value", show);
  show();
}
