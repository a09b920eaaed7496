/** What Gradio hands to a tab's script, without Gradio and without a server. */

/**
 * @param {object} use
 * @param {Record<string, (fields: any) => Promise<any>>} use.server functions that answer in the server's place
 * @param {Record<string, any>} [use.props]
 * @param {(event: any) => void} [use.input] hears of the tab's event "input"
 * @returns {import("../page/components/dom.js").Gradio & { set: (value: any) => void }} set: gives `props.value` another
 *   value
 */
export function host({ server, props = {}, input }) {
  /** @type {(() => void)[]} */
  const watchers = [];
  return {
    server,
    props,
    trigger: (event, data) => {
      if (event === "input") input?.(data);
    },
    watch: (name, react) => {
      if (name === "value") watchers.push(react);
    },
    set(value) {
      props.value = value;
      for (const react of watchers) react();
    },
  };
}
