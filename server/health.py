"""How the page is doing, for its host: /health, /metrics for Prometheus, and a log of JSON lines.

Nothing here tells who visits or what they do: no addresses, file names, prompts or tokens, and routes as templates.
"""

import asyncio
import json
import logging
import os
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import LatentLabError
from server.guard import CLIENT_CLOSED

LOG, METRICS = "LATENT_LAB_LOG", "LATENT_LAB_METRICS"  # what a host sets: "json", "1"
FRESH = 5.0  # seconds for which an answer of /health holds
PATIENCE = 10.0  # seconds after which a check has failed
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # s
METHODS = ("GET", "HEAD", "POST", "OPTIONS")  # others are counted as one

log = logging.getLogger("latent-lab")


# --- figures -----------------------------------------------------------------------------------------------------


class Figures:
    """The numbers behind /metrics."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "latent_lab_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "latent_lab_request_seconds",
            "Time from a request's head to the end of its answer",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.rounds = Counter("latent_lab_rounds_dealt", "Rounds of the quiz that were dealt", registry=self.registry)

    def watch(self, name: str, meaning: str, count: Callable[[], float]) -> None:
        """Adds a gauge whose value is computed whenever /metrics is read."""
        Gauge(f"latent_lab_{name}", meaning, registry=self.registry).set_function(count)

    def text(self) -> bytes:
        """In Prometheus's text format."""
        return generate_latest(self.registry)


figures = Figures()


# --- log ---------------------------------------------------------------------------------------------------------


class JsonLines(logging.Formatter):
    """A record as one line of JSON. Of an error, its kind and where it came from; its message may quote a visitor."""

    def format(self, record: logging.LogRecord) -> str:
        """As `logging.Formatter.format`."""
        moment = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": moment, "level": record.levelname.lower(), "event": record.getMessage()}
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["at"] = [
                f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line)


def start_log() -> None:
    """Sets up the log as the host wants it: as JSON lines, with one for every request, or as Python writes it. Call it
    once the server runs, which would set up its own over it. Raises LatentLabError."""
    kind = os.environ.get(LOG, "")
    if kind not in ("", "json"):
        raise LatentLabError(f"{LOG} is {kind[:40]!r}; json is known, or nothing.")
    if not kind:
        return
    handler = logging.StreamHandler()  # stderr
    handler.setFormatter(JsonLines())
    for name in ("latent-lab", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
    log.setLevel(logging.INFO)


# --- health ------------------------------------------------------------------------------------------------------


class Health:
    """Whether the page can do its work."""

    def __init__(self, checks: Mapping[str, Callable[[], object]]):
        """checks: by name, what is done to see; it fails by raising."""
        self.checks = checks
        self.stopping = False
        self.found: dict[str, bool] = {}
        self.looked = -FRESH  # s, monotonic
        self.lock = asyncio.Lock()

    async def answer(self) -> JSONResponse:
        """200 with "status": "ok", or 503; and each check by name. Looks at most every five seconds."""
        async with self.lock:
            if time.monotonic() - self.looked >= FRESH:
                self.found = {name: await self.succeeds(name, check) for name, check in self.checks.items()}
                self.looked = time.monotonic()
        healthy = all(self.found.values()) and not self.stopping
        status = "ok" if healthy else "stopping" if self.stopping else "failing"
        content = {"status": status, **self.found}
        return JSONResponse(content, 200 if healthy else 503, {"Cache-Control": "no-store"})

    async def succeeds(self, name: str, check: Callable[[], object]) -> bool:
        """Whether a check passes in time."""
        try:
            await asyncio.wait_for(asyncio.to_thread(check), PATIENCE)
        except Exception as error:  # whatever it is, the page is not well; the log says why
            log.error("check of %s failed", name, exc_info=error)
            return False
        return True


# --- every request -----------------------------------------------------------------------------------------------


class RequestLog:
    """ASGI middleware: answers /health and /metrics, counts and times all other requests, and logs them."""

    def __init__(self, app: ASGIApp, health: Health, figures: Figures = figures, metrics: bool = False):
        self.app = app
        self.health = health
        self.figures = figures
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reading = scope["method"] in ("GET", "HEAD")
        if scope["path"] == "/health" and reading:
            await (await self.health.answer())(scope, receive, send)
            return
        if scope["path"] == "/metrics" and reading and self.metrics:
            text = await asyncio.to_thread(self.figures.text)
            await Response(text, media_type=CONTENT_TYPE_LATEST)(scope, receive, send)
            return
        begun, status, size = time.perf_counter(), CLIENT_CLOSED, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, counted)
        except Exception:
            status = 500 if status == CLIENT_CLOSED else status
            raise
        finally:
            seconds = time.perf_counter() - begun
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = template_of(scope)
            self.figures.requests.labels(method, route, status).inc()
            self.figures.seconds.labels(method, route).observe(seconds)
            if log.isEnabledFor(logging.INFO):
                fields = {"method": method, "route": route, "status": status}
                log.info("request", extra={"fields": {**fields, "ms": round(1000 * seconds, 1), "bytes": size}})


def template_of(scope: Scope) -> str:
    """The route that answered, without what the visitor put into it."""
    path = getattr(scope.get("route"), "path", None)
    return str(path) if path else "none"
