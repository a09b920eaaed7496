"""Many visitors at once: `python -m benchmarks.load --visitors 50 --minutes 10`, with the page started by itself.

Each visitor has an address of their own, does one thing after the other, and looks at results for seconds in between: a
slider is dragged (a move every 50 ms, the next one when the last is answered), a round of the quiz is dealt and
answered over the interface for programs, faces are drawn, a photograph is enlarged, a game of the playground is
trained. Raw HTTP, by a client that costs little; nothing is retried. The load generator shares the machine with the
page, so that on few cores the page alone would do better.

`--drags` measures what drags cost the page's processor: all visitors drag the sliders of one network each, first drawn
by the server, then by their browsers, which ask for the fold-outs only (`tests/test_browser_drawing.py` holds them to
it). The second should cost less than a tenth of the first.
"""

import argparse
import asyncio
import json
import os
import random
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import httpx

from benchmarks.serving import work

ROOT = Path(__file__).resolve().parent.parent
MIX = {"drag": 6, "quiz": 4, "sample": 2, "game": 1, "upscale": 0.3}  # how often a visitor does what, in proportion
MOVES = 40  # of a drag
PAUSE = 0.05  # s between two moves
LOOKS = (2.0, 6.0)  # s between two actions, least and most
ALONE = 150  # moves of a single visitor, for comparison
WARM = 60.0  # s, after which memory is measured for the first time; less in short runs


REST = 0.3  # s after a drag by which fold-outs and strips follow


class Failure(Exception):
    """An answer that is none."""


class Visits:
    """What came of all visits."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.errors: Counter[str] = Counter()
        self.dealt = self.answered = self.drags = 0

    async def timed(self, kind: str, work: Awaitable[Any]) -> Any:
        """The value of an answer, whose time is written down."""
        begun = time.perf_counter()
        value = await work
        self.seconds[kind].append(time.perf_counter() - begun)
        return value


class Visitor:
    """Somebody at the page."""

    def __init__(self, client: aiohttp.ClientSession, number: int, visits: Visits, config: dict[str, Any]):
        """`config` is the page's, as /config tells it."""
        self.client, self.visits, self.config = client, visits, config
        self.stages = stages_of(config)
        self.random = random.Random(number)
        self.headers = {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250 + 1}"}
        self.session = f"load-{number}"

    async def post(self, path: str, body: Any) -> Any:
        """The JSON that a request is answered with. Raises Failure."""
        async with self.client.post(f"/gradio_api/{path}", json=body, headers=self.headers) as answer:
            if answer.status != 200:
                raise Failure(f"{answer.status} {(await answer.text())[:120]}")
            return await answer.json()

    async def ask(self, function: str, fields: dict[str, Any]) -> Any:
        """What a server function answers. Raises Failure where it is a notice."""
        component = self.stages[function]
        body = {"data": fields, "component_id": component, "fn_name": function, "session_hash": self.session}
        value = await self.post("component_server/", body)
        if value.get("notice") or value.get("trouble"):
            raise Failure(f"{function}: {value.get('notice') or value.get('trouble')}")
        return value

    async def call(self, endpoint: str, data: list[Any]) -> Any:
        """What an endpoint for programs answers. Raises Failure."""
        event = (await self.post(f"call/{endpoint}", {"data": data}))["event_id"]
        async with self.client.get(f"/gradio_api/call/{endpoint}/{event}", headers=self.headers) as answer:
            *_, kind, value = (await answer.text()).strip().splitlines()
        if kind != "event: complete":
            raise Failure(f"{endpoint}: {value[:120]}")
        return json.loads(value.removeprefix("data: "))

    async def drag(self, moves: int = MOVES, kind: str = "slider") -> None:
        """A slider from one end towards the other, of a network that is opened."""
        await self.move(await self.open(), moves, kind)

    async def open(self) -> dict[str, Any]:
        """The sliders of a network, where a seed has them."""
        asked = self.ask("open_sliders", {"seed": self.random.randint(1, 999)})
        opened = await self.visits.timed("open sliders", asked)
        return {name: opened[name] for name in ("model", "codes", "seed")}

    async def move(self, setting: dict[str, Any], moves: int, kind: str) -> None:
        """Drags the first slider of a setting; the server draws."""
        for move in range(moves):
            setting["codes"][0] = round(-1 + 2 * move / moves, 2)
            begun = time.perf_counter()
            await self.visits.timed(kind, self.ask("move", setting))
            await asyncio.sleep(max(0.0, PAUSE - (time.perf_counter() - begun)))

    async def drag_often(self, until: float, *, here: bool) -> None:
        """One drag after the other, until a time of the monotonic clock; `here` where the browser draws."""
        setting = await self.open()
        await asyncio.sleep(self.random.uniform(0, LOOKS[1]))
        (share,) = (
            number
            for number, event in enumerate(self.config["dependencies"])
            if event["targets"] == [[self.stages["open_sliders"], "input"]]
        )
        fold_outs = {"data": [], "event_data": setting, "fn_index": share, "session_hash": self.session}
        while time.monotonic() < until:
            if here:
                await asyncio.sleep(MOVES * PAUSE)
            else:
                await self.move(setting, MOVES, "slider")
            await asyncio.sleep(REST)
            await self.visits.timed("fold-outs", self.post("run/predict", fold_outs))
            if not here:
                await self.visits.timed("strips", self.ask("strips", setting))
            self.visits.drags += 1
            await self.look()

    async def quiz(self) -> None:
        """A round, looked at and answered."""
        asked = self.call("quiz_new", ["portraits-colour", self.random.randint(1, 3)])
        name, *_ = await self.visits.timed("quiz, deal", asked)
        self.visits.dealt += 1
        await self.look()
        choice = self.random.choice(("left", "right"))
        (verdict,) = await self.visits.timed("quiz, answer", self.call("quiz_answer", [name, choice, 70]))
        self.visits.answered += verdict["real_side"] in ("left", "right")

    async def sample(self) -> None:
        """Six faces."""
        arguments = ["faces-celeba-64", 6, self.random.randint(1, 9999), 0.8]
        await self.visits.timed("sample", self.call("sample", arguments))

    async def upscale(self) -> None:
        """An example, four times as large."""

        async def finished() -> None:
            fields = {"model": "fast", "scale": 4, "example": self.random.randint(0, 3)}
            answer = await self.ask("upscale_picture", fields)
            while "job" in answer:
                await asyncio.sleep(0.35)
                answer = await self.ask("follow", {"job": answer["job"]})

        await self.visits.timed("upscale, until done", finished())

    async def game(self) -> None:
        """A game of the playground: opened, then trained for some frames, or watched in the line."""
        token = secrets.token_urlsafe(16)
        await self.visits.timed("game, open", self.ask("game_open", {"token": token, "preset": "balanced"}))
        for _ in range(25):
            await self.visits.timed("game, frame", self.ask("game_play", {"token": token, "rounds": 20}))
            await asyncio.sleep(0.1)
        await self.ask("game_pause", {"token": token})

    async def look(self) -> None:
        """A visitor looks at what came."""
        await asyncio.sleep(self.random.uniform(*LOOKS))

    async def stay(self, until: float) -> None:
        """One thing after the other, until a time of the monotonic clock."""
        deeds: dict[str, Callable[[], Awaitable[None]]] = {
            "drag": self.drag, "quiz": self.quiz, "sample": self.sample, "game": self.game, "upscale": self.upscale,
        }  # fmt: skip
        await asyncio.sleep(self.random.uniform(0, LOOKS[1]))
        while time.monotonic() < until:
            deed = self.random.choices([*MIX], [*MIX.values()])[0]
            try:
                await deeds[deed]()
            except (Failure, aiohttp.ClientError, asyncio.TimeoutError, ValueError, KeyError) as error:
                self.visits.errors[f"{deed}: {type(error).__name__} {error}"[:160]] += 1
            await self.look()


def stages_of(config: dict[str, Any]) -> dict[str, int]:
    """The component of each server function."""
    functions = [(part["id"], part["props"].get("server_fns") or []) for part in config["components"]]
    stages = {name: component for component, names in functions for name in names}
    return {**stages, "follow": stages["upscale_picture"]}  # other stages have one, too


def share(values: list[float], part: float) -> float:
    """The value below which a share of all values lies."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def memory(process: int) -> float:
    """Of a process, MB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def show(visits: Visits, seconds: float) -> None:
    """Prints how long the answers took."""
    print(f"{'':22}{'count':>8}{'p50 ms':>10}{'p95 ms':>10}{'most ms':>10}{'per s':>8}")
    for kind, times in sorted(visits.seconds.items()):
        row = [1000 * share(times, part) for part in (0.5, 0.95, 1.0)]
        print(f"{kind:22}{len(times):>8}{row[0]:>10.1f}{row[1]:>10.1f}{row[2]:>10.1f}{len(times) / seconds:>8.1f}")


@asynccontextmanager
async def client_of(address: str) -> AsyncIterator[tuple[aiohttp.ClientSession, dict[str, Any]]]:
    """What asks a page, and the page's config."""
    connections = aiohttp.TCPConnector(limit=0)  # no limit
    patience = aiohttp.ClientTimeout(60)
    async with aiohttp.ClientSession(address, timeout=patience, connector=connections) as client:
        async with client.get("/config") as answer:
            config = await answer.json()
        await Visitor(client, 9_999, Visits(), config).drag(20)  # warm
        yield client, config


async def measure_drags(address: str, process: int, visitors: int, minutes: float) -> int:
    """Runs drags drawn by the server and by browsers, and prints what they cost. Returns 0; what goes wrong is
    raised."""
    costs = []
    async with client_of(address) as (client, config):
        for here in (False, True):
            visits, begun, worked = Visits(), time.monotonic(), work(process)
            crowd = [Visitor(client, number, visits, config) for number in range(visitors)]
            await asyncio.gather(*[visitor.drag_often(begun + 60 * minutes, here=here) for visitor in crowd])
            seconds, worked = time.monotonic() - begun, work(process) - worked
            costs.append(worked / seconds)
            print(
                f"drawn by {'browsers' if here else 'the server'}: {visits.drags} drags of {visitors} visitors, ",
                end="",
            )
            print(f"{100 * worked / seconds:.1f} % of a processor, {1000 * worked / visits.drags:.0f} ms a drag")
            show(visits, seconds)
    print(f"browsers that draw cost {costs[1] / costs[0]:.3f} of what drawing by the server costs")
    return 0


async def measure(address: str, process: int, visitors: int, minutes: float) -> int:
    """Runs the load and prints what came of it. Returns the number of errors and lost rounds."""
    async with client_of(address) as (client, config):
        alone = Visits()
        await Visitor(client, 9_999, alone, config).drag(ALONE)
        single = statistics.median(alone.seconds["slider"])
        visits, begun, worked = Visits(), time.monotonic(), work(process)
        crowd = [Visitor(client, number, visits, config) for number in range(visitors)]
        staying = asyncio.gather(*[visitor.stay(begun + 60 * minutes) for visitor in crowd])
        await asyncio.sleep(min(WARM, 20 * minutes))
        course = [memory(process)]
        while not staying.done():
            await asyncio.wait([staying], timeout=WARM / 2)
            course.append(memory(process))
        seconds, worked = time.monotonic() - begun, work(process) - worked
    print(f"{visitors} visitors, {seconds:.0f} s; of {os.cpu_count()} cores, the page took {worked / seconds:.2f}")
    show(visits, seconds)
    lost = visits.dealt - visits.answered
    print(f"errors: {sum(visits.errors.values())}; rounds lost: {lost} of {visits.dealt}")
    for error, count in visits.errors.most_common(10):
        print(f"  {count} x {error}")
    growth = 100 * (course[-1] / course[0] - 1)
    print(
        f"memory: {course[0]:.0f} MB when warm, {course[-1]:.0f} MB at the end, {growth:+.1f} %;", *map(round, course)
    )
    if visits.seconds["slider"]:
        slow = share(visits.seconds["slider"], 0.95)
        print(f"slider: p95 {1000 * slow:.1f} ms, {slow / single:.1f} times one visitor's p50, {1000 * single:.1f} ms")
    return sum(visits.errors.values()) + lost


def main() -> int:
    """Starts a page, visits it, and stops it."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--visitors", type=int, default=50, help="how many at once (50)")
    parser.add_argument("--minutes", type=float, default=10.0, help="for how long (10)")
    parser.add_argument("--drags", action="store_true", help="what drags cost, drawn by the server and by browsers")
    options = parser.parse_args()
    measured = measure_drags if options.drags else measure
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        settings = {"GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": str(port), "HF_HUB_OFFLINE": "1"}
        settings |= {"LATENT_LAB_PROXIES": "1", "LATENT_LAB_DATA": folder, "DATABASE_URL": ""}
        environment = {**os.environ, **settings}
        page = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 120
            while True:
                try:
                    httpx.get(f"http://127.0.0.1:{port}/health", timeout=30).raise_for_status()
                    break
                except httpx.HTTPError:
                    if time.monotonic() > deadline or page.poll() is not None:
                        raise
                    time.sleep(0.5)
            wrong = asyncio.run(measured(f"http://127.0.0.1:{port}", page.pid, options.visitors, options.minutes))
        finally:
            page.send_signal(signal.SIGTERM)
            page.wait(timeout=60)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
