"""The page: `python app.py`, then http://127.0.0.1:7860.

`GRADIO_SERVER_NAME` and `GRADIO_SERVER_PORT` set the address it listens on, `LATENT_LAB_WEIGHTS` the folder of the
networks; docs/hosting.md lists all settings.
"""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from server import stubs  # noqa: F401  # before anything else imports Gradio

# isort: split
import gradio as gr
import torch
from fastapi.exceptions import RequestValidationError
from starlette.middleware import Middleware
from threadpoolctl import threadpool_limits

from models import load
from models.errors import LatentLabError
from models.gan import generate
from page import stage, theme
from server import (
    browser,
    files,
    garbage,
    guard,
    limits,
    mcp,
    memory,
    scratch,
    static,
)
from server.functions import StageFunctions, stage_functions_of
from server.health import METRICS, Health, RequestLog, figures, start_log
from server.settings import BROWSER, flag_setting, whole_setting
from serving import replicas
from serving.lock import drawing_lock
from tabs.ask import tab as ask
from tabs.latent import face
from tabs.latent import tab as latent
from tabs.playground import arena
from tabs.playground import tab as playground
from tabs.quiz import game
from tabs.quiz import tab as quiz
from tabs.sample import tab as sample
from tabs.sample.drawing import Drawing
from tabs.translate import tab as translate
from tabs.upscale import tab as upscale

GRACE = "LATENT_LAB_GRACE"  # setting: seconds that long work gets to finish once the process is told to stop

SWITCH_INTERVAL = 0.001  # seconds until a thread yields to others, so that a game that trains does not hold up sliders
MOST_FILES = 65_536  # files and sockets open at once; every visitor's open window needs one


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
JOBS = (translate.jobs, upscale.jobs, face.jobs)  # lines of long work


def build() -> gr.Blocks:
    """The page, not yet served."""
    with guard.Page(title="Latent Lab", analytics_enabled=False, delete_cache=(300, 600)) as page:
        theme.header()
        with gr.Tabs(elem_id="tabs") as tabs:
            for tab in TABS:
                with gr.Tab(tab.title, id=tab.name) as container:
                    tab.build(page)
                container.select(None, js=f"() => latentLab.open('{tab.name}')", api_visibility="private")
        theme.footer()
        page.load(choose_tab, None, tabs, queue=False, show_progress="hidden", api_visibility="private").then(
            None, js="() => { latentLab.settle(); }", api_visibility="private"
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
        theme=theme.theme(),
        css=stage.styles(),
        head=theme.head(),
        footer_links=["api"],  # hidden; theme.footer has ours, which opens the same page
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        max_file_size=guard.LARGEST_FILE,
        show_error=False,
        server_port=port,
        prevent_thread_lock=not wait,
        quiet=not wait,
        state_session_capacity=100,  # nothing of ours is in it
        mcp_server=mcp.is_enabled(),
        app_kwargs={
            "middleware": middleware(page),
            "lifespan": garbage.sweeping,
            "exception_handlers": {RequestValidationError: guard.answer_ill_formed},
        },
    )
    mcp.set_up_tools(page)
    return str(address)


def middleware(page: gr.Blocks) -> list[Middleware]:
    """What every request passes through on its way in, outermost first. Raises LatentLabError."""
    browsers_draw = flag_setting(BROWSER, default=True)
    return [
        Middleware(RequestLog, health=health, metrics=flag_setting(METRICS)),
        Middleware(
            limits.Limits,
            proxies=whole_setting(limits.PROXIES, 0, 0),
            budgets=limits.Budgets(whole_setting(limits.RATE_NAME, int(limits.RATE), 1)),
        ),
        Middleware(guard.BodyLimit, room=scratch.Room(Path(os.environ["GRADIO_TEMP_DIR"]), *guard.ROOM)),
        Middleware(files.Uploads),
        Middleware(StageFunctions, functions=stage_functions_of(page)),
        Middleware(static.Static, files=stage.served(), version=stage.version()),
        *([Middleware(browser.BrowserFiles)] if browsers_draw else []),
        Middleware(static.Head, text=stage.head(browser=browsers_draw)),
        Middleware(guard.ErrorAnswers),
    ]


def draw_one() -> None:
    """Draws one picture, as a health check. Raises LatentLabError."""
    with drawing_lock:
        generate(load(Drawing.model), seed=1, count=1)


def read_one() -> None:
    """Reads from the scores once, as a health check. Raises LatentLabError."""
    game.store().nickname("nobody")


health = Health({"drawing": draw_one, "scores": read_one})


def watch() -> None:
    """Registers what /metrics reports besides requests."""
    figures.watch("jobs_running", "Pieces of long work that run", lambda: sum(line.active() for line in JOBS))
    figures.watch(
        "jobs_waiting",
        "Pieces of long work that wait",
        lambda: sum(line.unfinished() - line.active() for line in JOBS),
    )
    figures.watch("games_training", "Games of the playground that are being trained", arena.arena.running)
    figures.watch("replicas_at_hand", "Whether replicas do the heavy work now", replicas.cluster.ready)
    figures.watch("parts_on_replicas", "Forward passes that replicas did", lambda: replicas.cluster.done)
    figures.watch(
        "parts_not_on_replicas", "Those that this page did in their place", lambda: replicas.cluster.done_here
    )


def stop(page: gr.Blocks, seconds: int) -> None:
    """Stops a page: accepts no new long work, gives what was accepted so many seconds to finish, and closes."""
    health.stopping = True
    game.send_early()  # the host may not wait for the end
    lines = [threading.Thread(target=line.close, args=(seconds,)) for line in JOBS]
    for line in lines:
        line.start()
    for line in lines:
        line.join()
    page.close(verbose=False)
    replicas.cluster.close()


def prepare() -> None:
    """Loads ahead of time what the first visitors would wait for: the network that is shown first, the scores, and the
    host's own deck."""
    with contextlib.suppress(LatentLabError):  # the visitor who asks for the network is told why
        draw_one()
    game.open_early()
    game.open_hosts_deck()


def prepare_process() -> None:
    """Applies settings of the whole process, where the system has them."""
    memory.limit_arenas()
    sys.setswitchinterval(SWITCH_INTERVAL)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # not on Windows

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, MOST_FILES), most))  # every open window takes one


def main() -> None:
    """Serves the page until the process is told to stop."""
    stop_requested = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop_requested.set())
    grace = whole_setting(GRACE, 30, 0)
    prepare_process()
    guard.prepare_environment()
    guard.limit_images()
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(min(4, os.cpu_count() or 1))  # drawings take turns, see serving.lock
    threadpool_limits(1, user_api="blas")  # matrices here are small: more threads mostly wait
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the same for the library that SciPy brings, loaded later
    page = build()
    watch()
    replicas.cluster.start()
    print(f"Latent Lab listens on {serve(page, wait=False)}", flush=True)
    start_log()
    threading.Thread(target=prepare, name="prepare").start()  # this thread is there for signals
    with contextlib.suppress(KeyboardInterrupt):
        stop_requested.wait()
        stop(page, grace)


if __name__ == "__main__":
    try:
        main()
    except LatentLabError as error:  # a setting of the host's
        sys.exit(str(error))
