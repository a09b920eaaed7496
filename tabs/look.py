"""How the page looks: theme, style sheet, header, footer, and the script that all tabs share.

Neutral surfaces and one accent, the orange of a darkroom's safelight; light and dark are designed apart. Nothing is
fetched from elsewhere: the fonts are the visitor's own.
"""

import os

import gradio as gr
from gradio.themes.utils import colors, sizes

from tabs import language

STONE = colors.Color(
    c50="#faf9f7",
    c100="#f4f2ef",
    c200="#e6e2dc",
    c300="#d3cdc4",
    c400="#a59d93",
    c500="#7a736a",
    c600="#5f5850",
    c700="#453f39",
    c800="#2b2723",
    c900="#1c1916",
    c950="#131110",
    name="stone",
)
SAFELIGHT = colors.Color(
    c50="#fff6ed",
    c100="#ffe8d1",
    c200="#ffcfa3",
    c300="#ffb067",
    c400="#ff9a45",
    c500="#e8721c",
    c600="#b34d09",
    c700="#963f08",
    c800="#6f300a",
    c900="#4a220a",
    c950="#2b1406",
    name="safelight",
)


def theme() -> gr.themes.Base:
    """The theme of the page, for `launch`."""
    return gr.themes.Base(
        primary_hue=SAFELIGHT,
        neutral_hue=STONE,
        radius_size=sizes.radius_md,
        spacing_size=sizes.spacing_md,
        text_size=sizes.text_lg,
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"],
    ).set(
        body_background_fill="*neutral_100",
        body_background_fill_dark="*neutral_950",
        body_text_color="*neutral_900",
        body_text_color_dark="#f2eee9",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_400",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="*neutral_900",
        background_fill_secondary="*neutral_50",
        background_fill_secondary_dark="#201d1a",
        border_color_primary="*neutral_200",
        border_color_primary_dark="#3a342f",
        border_color_accent="*primary_600",
        border_color_accent_dark="*primary_400",
        color_accent="*primary_600",
        color_accent_soft="*primary_50",
        color_accent_soft_dark="*primary_950",
        link_text_color="*primary_600",
        link_text_color_dark="*primary_300",
        link_text_color_hover="*primary_700",
        link_text_color_hover_dark="*primary_200",
        link_text_color_visited="*primary_600",
        link_text_color_visited_dark="*primary_300",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_border_width_dark="0px",
        block_padding="0",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_title_text_color="*body_text_color",
        block_title_text_color_dark="*body_text_color",
        block_title_text_weight="550",
        block_title_text_size="*text_sm",
        block_info_text_size="*text_sm",
        block_shadow="none",
        layout_gap="*spacing_lg",
        form_gap_width="0px",
        input_background_fill="#ffffff",
        input_background_fill_dark="*neutral_900",
        input_border_color="*neutral_300",
        input_border_color_dark="#4a433d",
        input_border_color_focus="*primary_600",
        input_border_color_focus_dark="*primary_400",
        input_border_width="1px",
        input_shadow_focus="0 0 0 3px color-mix(in srgb, var(--color-accent) 22%, transparent)",
        input_shadow_focus_dark="0 0 0 3px color-mix(in srgb, var(--color-accent) 22%, transparent)",
        slider_color="*primary_600",
        slider_color_dark="*primary_400",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_400",
        button_primary_background_fill_hover_dark="*primary_300",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="*neutral_950",
        button_primary_border_color="transparent",
        button_primary_border_color_dark="transparent",
        button_secondary_background_fill="#ffffff",
        button_secondary_background_fill_hover="*neutral_100",
        button_secondary_background_fill_dark="*neutral_800",
        button_secondary_background_fill_hover_dark="*neutral_700",
        button_secondary_border_color="*neutral_300",
        button_secondary_border_color_dark="#4a433d",
        button_large_text_weight="600",
        button_border_width="1px",
        button_transition="background-color 120ms",
        checkbox_label_background_fill_selected="*primary_600",
        checkbox_label_background_fill_selected_dark="*primary_400",
        checkbox_label_text_color_selected="#ffffff",
        checkbox_label_text_color_selected_dark="*neutral_950",
        checkbox_label_background_fill="transparent",
        checkbox_label_background_fill_dark="transparent",
        checkbox_label_border_width="0px",
        checkbox_label_border_width_dark="0px",
        checkbox_label_padding="7px 10px",
        accordion_text_color="*body_text_color",
        accordion_text_color_dark="*body_text_color",
    )


CSS = """
body { background: var(--body-background-fill) !important; }
.gradio-container { width: 100% !important; max-width: 1400px !important; margin: 0 auto;
  padding: 0 clamp(16px, 2vw, 24px) !important; }
.gradio-container .main { padding: 0 !important; }
[hidden] { display: none !important; }
:is(button, a, summary, input, select, textarea, [tabindex="0"]):focus-visible {
  outline: 3px solid var(--color-accent) !important; outline-offset: 2px; }  /* Gradio's fields have none */
.wrap:focus-within:has(> .wrap-inner [role=combobox]) { outline: 3px solid var(--color-accent); outline-offset: 2px; }
.wrap-inner [role=combobox]:focus-visible { outline: none !important; }  /* its frame has it */
.for-readers { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; border: 0;
  clip-path: inset(50%); white-space: nowrap; }  /* heard by screen readers, not seen */
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { animation-duration: 1ms !important; animation-iteration-count: 1 !important;
    transition: none !important; scroll-behavior: auto !important; }
}
.dark { --color-accent: var(--primary-400); --range-track: #3d3731; --range-thumb: #1c1916; }
:root { --range-track: #ddd8d0; --range-thumb: #ffffff; }
input[type=range] { appearance: none; background: none; height: 24px; cursor: pointer; }
input[type=range]::-webkit-slider-runnable-track { height: 6px; border-radius: 3px; background: linear-gradient(
  to right, var(--slider-color) var(--range_progress, 0%), var(--range-track) var(--range_progress, 0%)) !important; }
input[type=range]::-webkit-slider-thumb { appearance: none; width: 18px; height: 18px; margin-top: -6px !important;
  border-radius: 50%; background: var(--slider-color) !important; box-shadow: 0 0 0 3px var(--range-thumb) !important; }
input[type=range]::-moz-range-track { height: 6px; border-radius: 3px; background: var(--range-track) !important; }
input[type=range]::-moz-range-progress { height: 6px; border-radius: 3px; background: var(--slider-color); }
input[type=range]::-moz-range-thumb { width: 18px; height: 18px; border: 0;
  background: var(--slider-color) !important; }

.masthead { display: flex; align-items: center; gap: 12px; padding: 14px 0 6px; }
.masthead svg { width: 30px; height: 30px; flex: none; color: var(--color-accent); }
.masthead h1 { font-size: 20px; font-weight: 680; letter-spacing: -0.01em; margin: 0; white-space: nowrap;
  color: var(--body-text-color); }
.masthead p { margin: 0; color: var(--body-text-color-subdued); font-size: 14px; flex: 1; line-height: 1.35; }
.languages button { font-size: 13px; font-weight: 600; }
.languages [aria-pressed=true] { color: var(--body-text-color); background: var(--background-fill-primary); }
.languages span { display: flex; gap: 4px; }
.masthead button { border: 1px solid var(--border-color-primary); border-radius: 999px; width: 36px; height: 36px;
  display: grid; place-items: center; color: var(--body-text-color-subdued); flex: none; }
.masthead button svg { width: 18px; height: 18px; color: inherit; }
.masthead button:hover { color: var(--body-text-color); background: var(--background-fill-primary); }

.tab-container { height: 40px !important; }
.tab-container button { font-size: 15px; font-weight: 550; }
.tabitem { padding: 14px 0 0 !important; border: 0 !important; }

.bench { display: grid !important; grid-template-columns: minmax(0, 1fr) 340px; gap: 28px !important; }
.controls { background: var(--background-fill-primary); border: 1px solid var(--border-color-primary);
  border-radius: 14px; padding: 18px; align-self: start; gap: 16px !important; box-shadow: 0 1px 3px rgb(0 0 0 / 5%); }
.controls .row { gap: 10px !important; }
.controls .form { border: 0; background: transparent; gap: 16px 10px !important; overflow: visible; box-shadow: none; }
.controls .block { overflow: visible !important; }
.controls button.lg { min-height: 46px; border-radius: 9px; }
.segmented .wrap { display: flex; gap: 0; background: var(--body-background-fill); border-radius: 10px; padding: 3px; }
.segmented label { flex: 1; justify-content: center; border-radius: 8px !important; box-shadow: none !important;
  font-weight: 550; background: transparent; color: var(--body-text-color-subdued); }
.segmented label.selected { background: var(--background-fill-primary); color: var(--body-text-color);
  box-shadow: 0 1px 2px rgb(0 0 0 / 14%) !important; }
.dark .segmented label.selected { background: #3a342f; }
.segmented label { position: relative; }
.segmented input { position: absolute; opacity: 0; pointer-events: none; }
.segmented label:focus-within { outline: 3px solid var(--color-accent); outline-offset: 1px; }
.segmented label span { margin: 0 !important; }
.foldouts { gap: 8px !important; margin-top: 14px; }
.foldouts > .block { border: 1px solid var(--border-color-primary) !important; border-radius: 12px !important;
  padding: 12px 16px !important; background: var(--background-fill-primary) !important; }
.foldouts .prose { max-width: 74ch; }
.foldouts .prose .katex-display > .katex { white-space: normal; }  /* long formulas break: nothing scrolls sideways */
.foldouts .prose table { font-variant-numeric: tabular-nums; display: block; overflow-x: auto;
  border: 0 !important; margin: 0; }
.foldouts .prose :is(thead, tbody, tr) { border: 0 !important; }
.foldouts .prose :is(th, td) { border: 0 !important; box-shadow: inset 0 -1px 0 var(--border-color-primary);
  padding: 6px 18px 6px 0;
  overflow-wrap: normal; word-break: normal; vertical-align: top; background: none; }
.foldouts .prose td:first-child { white-space: nowrap; }
.foldouts .prose thead:not(:has(th:not(:empty))) { display: none; }
.foldouts .prose :is(p, li, td) code { display: inline; white-space: normal; overflow-wrap: anywhere; border: 0;
  padding: 1px 4px; background: var(--body-background-fill); }

.share { display: grid; gap: 14px; }
.share section { display: grid; grid-template-columns: 1fr auto; gap: 6px 12px; align-items: center; }
.share h3 { margin: 0; font-size: 14px; font-weight: 600; color: var(--body-text-color); }
.share pre { grid-column: 1 / -1; margin: 0; padding: 10px 12px; border-radius: 8px; overflow-x: auto; font-size: 13px;
  line-height: 1.5; background: var(--body-background-fill); color: var(--body-text-color);
  font-family: var(--font-mono); white-space: pre-wrap; overflow-wrap: anywhere; }
.share p { margin: 0; font-size: 14px; color: var(--body-text-color-subdued); }
input.box { appearance: auto; accent-color: var(--color-accent); width: 16px; height: 16px; flex: none; margin: 2px 0 0;
  background: none; box-shadow: none; }
.small-button, .share button { border: 1px solid var(--input-border-color); border-radius: 8px; padding: 5px 12px;
  font-size: 13px; font-weight: 550; background: var(--button-secondary-background-fill);
  color: var(--body-text-color); min-height: 32px; cursor: pointer; }
.small-button:hover, .share button:hover { background: var(--button-secondary-background-fill-hover); }
.small-button:disabled { opacity: 0.5; cursor: progress; }

.colophon { padding: 18px 0 22px; font-size: 13px; color: var(--body-text-color-subdued); line-height: 1.5; }
.colophon p { margin: 0; }
.colophon a, .colophon button { color: inherit; text-decoration: underline; cursor: pointer; padding: 0; }
.gradio-container footer { display: none !important; }

@media (max-width: 768px) {
  .bench { grid-template-columns: minmax(0, 1fr); }
  .controls { padding: 14px; }
  .masthead { flex-wrap: wrap; padding-top: 12px; }
  .masthead h1 { flex: 1; }
  .masthead p { flex-basis: 100%; order: 3; }
  .tab-container button { font-size: 14px; padding: 0 8px; }  /* room for the first tab beside a long name */
}
"""

DESCRIPTION = (
    "Deep generative models to put your hands on: faces and scenes that never existed, drawn by small networks."
)
HEAD = """
<meta name="color-scheme" content="light dark">
<meta name="description" content="DESCRIPTION">
<script>
  // The address always names what is shown, so that it can be copied at any time.
  window.latentLab = {
    links: {},  // of each tab: the query that shows it again
    tab: new URLSearchParams(location.search).get("tab") || "sample",
    timer: 0,
    settled: false,  // the tab that the address names is open
    address(query) {
      const search = new URLSearchParams(query);
      for (const name of ["__theme", "lang"]) {  // of the page, not of a tab
        const value = new URLSearchParams(location.search).get(name);
        if (value) search.set(name, value);
      }
      return "?" + search.toString().replaceAll("%2F", "/");
    },
    remember(tab, query, push) {  // push: the step can be taken back with the browser's own button
      this.links[tab] = query;
      clearTimeout(this.timer);
      if (tab !== this.tab || this.address(query) === location.search || /[?&]view=/.test(location.search)) return;
      if (push) history.pushState(null, "", this.address(query));
      else this.timer = setTimeout(() => history.replaceState(null, "", this.address(query)), 250);
    },
    open(tab) {
      if (!this.settled) return;  // Gradio opens the first tab before the one that the address names
      clearTimeout(this.timer);
      if (tab === this.tab) return;
      this.tab = tab;
      history.replaceState(null, "", this.address(this.links[tab] || "?tab=" + tab));
      setTimeout(() => {  // a tab out of the menu of further tabs: the menu is gone, and the focus with it
        if (document.activeElement !== document.body) return;
        document.querySelector("#tabs [role=tab][aria-selected=true]")?.focus({ preventScroll: true });
      }, 50);
    },
    programs() {  // Gradio's own page about its endpoints; its button is hidden, and loads the page when pointed at
      const button = document.querySelector("footer .show-api");
      button.dispatchEvent(new MouseEvent("mouseenter"));
      button.click();
      let tries = 0;
      const wait = setInterval(() => {  // its button to close has neither a name nor the focus
        const close = document.querySelector(".api-docs .banner-wrap > button");
        if (close || ++tries > 100) clearInterval(wait);
        if (!close) return;
        close.ariaLabel = "Close";
        close.focus();
        close.addEventListener("click", () => document.querySelector(".colophon button").focus());
      }, 50);
    },
    still: matchMedia("(prefers-reduced-motion: reduce)").matches,  // nothing moves by itself
    pointed: false,  // the focus was last moved by the pointer, not by the Tab key
    spoken: 0,
    announce(sentence) {  // for screen readers, once nothing has changed for a while: not while a slider is dragged
      clearTimeout(this.spoken);
      this.spoken = setTimeout(() => {
        document.querySelector("#announcement").textContent = sentence;
      }, 700);
    },
    replace(box, parts) {  // as replaceChildren; who was inside with the keyboard stays at the same place
      const stops = () => [...box.querySelectorAll("button, input")];
      const at = stops().indexOf(document.activeElement);
      box.replaceChildren(...parts);
      const radio = box.querySelector("[role=radio]");
      if (radio && !box.querySelector("[role=radio][tabindex='0']")) radio.tabIndex = 0;  // none is chosen
      if (at >= 0) stops()[Math.min(at, stops().length - 1)]?.focus({ preventScroll: true });
    },
    check(button, checked) {  // one of a group of radio buttons, which is one stop of the Tab key
      button.setAttribute("aria-checked", String(checked));
      button.tabIndex = checked ? 0 : -1;
    },
    theme(flip) {
      let dark = document.body.classList.contains("dark");
      try {
        const chosen = localStorage.getItem("latent-lab-theme");
        if (chosen && !new URLSearchParams(location.search).get("__theme")) dark = chosen === "dark";
        if (flip) dark = !document.body.classList.contains("dark");
        if (flip) localStorage.setItem("latent-lab-theme", dark ? "dark" : "light");
      } catch { /* no storage: the choice lasts as long as the page */ }
      if (dark !== document.body.classList.contains("dark")) document.body.classList.toggle("dark");
    },
  };

  // Arrow keys in tabs and in groups of radio buttons, and Escape in the list of endpoints; Gradio has neither.
  addEventListener("pointerdown", () => { latentLab.pointed = true; }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Tab") latentLab.pointed = false;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const dialog = document.querySelector(".api-docs");
    if (event.key === "Escape" && dialog) {
      dialog.querySelector(".backdrop").click();
      document.querySelector(".colophon button").focus();
      return;
    }
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const button = event.target.closest?.("button[role=tab], button[role=radio]");
    const group = by && button?.closest("[role=tablist], [role=radiogroup]");
    if (!group) return;
    // who clicked on the tab of the quiz answers with the arrow keys
    if (latentLab.pointed && button.role === "tab" && document.querySelector(".quiz")?.offsetParent) return;
    const buttons = [...group.querySelectorAll("button:enabled")];
    const next = buttons[(buttons.indexOf(button) + by + buttons.length) % buttons.length];
    event.preventDefault();
    next.focus();
    next.click();
  });
</script>
"""

COPY_SCRIPT = """
const show = () => {
  const value = props.value || {};
  element.querySelector(".link").textContent = value.link ? location.origin + location.pathname + value.link : "";
  element.querySelector(".python").textContent = value.python || "";
  element.querySelector(".command").textContent = value.command || "";
};
element.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const text = element.querySelector("." + button.dataset.copy);
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
    latentLab.announce("Copied");
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  } catch {  // no clipboard: mark the text, so that the visitor's own keys copy it
    getSelection().selectAllChildren(text);
  }
});
watch("value", show);
show();
"""

MASTHEAD = """
<header class="masthead">
  <svg viewBox="0 0 32 32" aria-hidden="true"><rect x="1" y="1" width="30" height="30" rx="8" fill="currentColor"/>
    <g fill="#fff"><circle cx="10" cy="11" r="1.6" opacity=".55"/><circle cx="16" cy="11" r="2.2" opacity=".75"/>
    <circle cx="22" cy="11" r="2.8"/><circle cx="10" cy="17" r="2.2" opacity=".75"/><circle cx="16" cy="17" r="2.8"/>
    <circle cx="22" cy="17" r="2.2" opacity=".75"/><circle cx="10" cy="23" r="2.8"/><circle cx="16" cy="23" r="2.2"
    opacity=".75"/><circle cx="22" cy="23" r="1.6" opacity=".55"/></g></svg>
  <h1>Latent Lab</h1>
  <p>DESCRIPTION</p>
  LANGUAGES
  <button type="button" aria-label="Switch between light and dark" title="Light or dark"
    onclick="latentLab.theme(true)">
    <svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8.5" fill="none" stroke="currentColor"
      stroke-width="2"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/></svg>
  </button>
  <p id="announcement" class="for-readers" role="status"></p>
</header>
"""


def head() -> str:
    """What the document's head has of ours: a description, and the scripts of the page and its languages."""
    return HEAD.replace("DESCRIPTION", DESCRIPTION) + language.SCRIPT


def header() -> None:
    """Name, one sentence, and the switches between languages and between light and dark."""
    masthead = MASTHEAD.replace("DESCRIPTION", DESCRIPTION).replace("LANGUAGES", language.switch())
    gr.HTML(masthead, apply_default_css=False, js_on_load="latentLab.markLanguage()")


def footer() -> None:
    """Terms in one line."""
    space = os.environ.get("SPACE_ID")
    source = f' · <a href="https://huggingface.co/spaces/{space}/tree/main">Source code</a>' if space else ""
    gr.HTML(
        '<div class="colophon"><p>Generated faces are generated: nobody here exists. The networks learned from '
        "photographs collected for research, so their pictures are for research and teaching. "
        f'<button type="button" onclick="latentLab.programs()">HTTP API</button>{source}</p></div>',
        apply_default_css=False,
        js_on_load=None,
    )
