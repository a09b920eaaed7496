"""The page: `python app.py`, then http://127.0.0.1:7860.

`GRADIO_SERVER_NAME` and `GRADIO_SERVER_PORT` say where it listens, `LATENT_LAB_WEIGHTS` where the networks lie.
"""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr
import torch
from starlette.middleware import Middleware

from tabs import ask, guard, latent, look, playground, quiz, sample, translate, upscale
from tabs.ask_stage import ASK_CSS
from tabs.crowd import CROWD_CSS
from tabs.latent_stage import LATENT_CSS
from tabs.playground_stage import PLAYGROUND_CSS
from tabs.quiz_stage import QUIZ_CSS
from tabs.stage import STAGE_CSS
from tabs.translate_stage import TRANSLATE_CSS
from tabs.upscale_stage import UPSCALE_CSS
from tabs.workbench import WORKBENCH_CSS


@dataclass(frozen=True)
class Tab:
    """One tab: its name in the address, its title, and what fills it."""

    name: str
    title: str
    build: Callable[[gr.Blocks], None]


TABS = (
    Tab("sample", "Sample", sample.build),
    Tab("quiz", "Which face is real?", quiz.build),
    Tab("ask", "Ask for it", ask.build),
    Tab("latent", "Latent sliders", latent.build),
    Tab("translate", "Translate", translate.build),
    Tab("upscale", "Upscale", upscale.build),
    Tab("playground", "Playground", playground.build),
)
STYLES = (
    look.CSS,
    STAGE_CSS,
    QUIZ_CSS,
    CROWD_CSS,
    ASK_CSS,
    LATENT_CSS,
    WORKBENCH_CSS,
    TRANSLATE_CSS,
    UPSCALE_CSS,
    PLAYGROUND_CSS,
)


def build() -> gr.Blocks:
    """The page, not yet served."""
    with gr.Blocks(title="Latent Lab", analytics_enabled=False, delete_cache=(300, 600)) as page:
        look.header()
        with gr.Tabs(elem_id="tabs") as tabs:
            for tab in TABS:
                with gr.Tab(tab.title, id=tab.name) as container:
                    tab.build(page)
                container.select(None, js=f"() => latentLab.open('{tab.name}')", api_visibility="private")
        look.footer()
        page.load(choose_tab, None, tabs, queue=False, show_progress="hidden", api_visibility="private").then(
            None, js="() => { latentLab.settled = true; }", api_visibility="private"
        )
        page.load(None, js="() => latentLab.theme(false)", api_visibility="private")
    return page


def choose_tab(request: gr.Request) -> gr.Tabs:
    """The tab that the address names, else the first."""
    name = request.query_params.get("tab")
    return gr.Tabs(selected=name if name in [tab.name for tab in TABS] else TABS[0].name)


def serve(page: gr.Blocks, *, port: int | None = None, wait: bool = True) -> str:
    """Serves a page and returns its address.

    Args:
        page: from `build`.
        port: where it listens; None for `GRADIO_SERVER_PORT`, else the first free one from 7860 on.
        wait: stay until the process is told to stop; otherwise come back at once and serve from a thread.
    """
    page.queue(max_size=40, default_concurrency_limit=1)
    _, address, _ = page.launch(
        theme=look.theme(),
        css="".join(STYLES),
        head=look.HEAD,
        footer_links=["api"],  # hidden; look.footer has ours, which opens the same page
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        max_file_size=guard.LARGEST_FILE,
        show_error=False,
        server_port=port,
        prevent_thread_lock=not wait,
        quiet=not wait,
        app_kwargs={"middleware": [Middleware(guard.BodyLimit)]},
    )
    return str(address)


def main() -> None:
    """Serves the page until the process is told to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the temporary folder goes, too
    guard.prepare_environment()
    guard.limit_images()
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(min(4, os.cpu_count() or 1))  # drawings take turns, see tabs.drawing
    serve(build())


if __name__ == "__main__":
    main()
