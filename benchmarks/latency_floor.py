"""The least page with a slider that shows a picture, for benchmarks.latency: `python benchmarks/latency_floor.py FILE`.

FILE holds the data URI of the picture, the same for every position.
"""

import sys
from pathlib import Path

import gradio as gr

HERE = Path(__file__).resolve()


def main() -> None:
    """Serves the page until the process is stopped."""
    picture = Path(sys.argv[1]).read_text(encoding="utf-8")

    def render(position: float) -> dict[str, object]:
        return {"pictures": [picture], "position": position}

    with gr.Blocks(analytics_enabled=False) as page:
        gr.HTML(
            html_template=HERE.with_suffix(".html").read_text(encoding="utf-8"),
            js_on_load=HERE.with_suffix(".js").read_text(encoding="utf-8"),
            server_functions=[render],
            elem_id="latent",
        )
    page.queue().launch(quiet=True, ssr_mode=False)


if __name__ == "__main__":
    main()
