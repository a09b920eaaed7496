"""How the page looks: theme, header, footer.

Neutral surfaces and one accent, the orange of a darkroom's safelight; light and dark are designed apart. Nothing is
fetched from elsewhere: the fonts are the visitor's own.
"""

import os

import gradio as gr
from gradio.themes.utils import colors, sizes

from page import i18n, stage

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


DESCRIPTION = (
    "Deep generative models to put your hands on: faces and scenes that never existed, drawn by small networks."
)


def head() -> str:
    """What the page adds to the document's head besides scripts."""
    return f'<meta name="color-scheme" content="light dark"><meta name="description" content="{DESCRIPTION}">'


def header() -> None:
    """Name, one sentence, and the switches between languages and between light and dark."""
    masthead = stage.read("page/masthead.html").replace("DESCRIPTION", DESCRIPTION).replace("LANGUAGES", i18n.switch())
    gr.HTML(masthead, apply_default_css=False, js_on_load="latentLab.markLanguage()")


def footer() -> None:
    """Terms in one line."""
    space = os.environ.get("SPACE_ID")
    source = f' · <a href="https://huggingface.co/spaces/{space}/tree/main">Source code</a>' if space else ""
    gr.HTML(
        '<div class="colophon"><p>Generated faces are generated: nobody here exists. The networks learned from '
        "photographs collected for research, so their pictures are for research and teaching. "
        f'<button type="button" onclick="latentLab.endpoints()">HTTP API</button>{source}</p></div>',
        apply_default_css=False,
        js_on_load=None,
    )
