"""How much one visitor, and all together, may ask for: a budget of requests per address, a limit on those at once.

A budget is a token bucket. It is sized for a class of thirty behind one address, all dragging sliders now and then; one
visitor alone never meets it.
"""

import ipaddress
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable

from gradio.context import LocalContext
from starlette.types import ASGIApp, Receive, Scope, Send

from server.guard import UPLOADS, refuse

RATE = 100.0  # requests per second and address, in the long run
BURST = 6.0  # seconds of that rate that may come at once
SHARE = 2**18  # bytes of a request that count as one request more
UNANNOUNCED = 88  # cost of a request without a Content-Length: that of the largest one
UNANNOUNCED_UPLOAD = 260  # the same for an upload
MOST_ADDRESSES = 10_000  # remembered
MOST_AT_ONCE = 100  # requests that compute at a time; a thread does 40 of them
MOST_STREAMS = 100  # answers of one address that are being read, some of which never end
PROXIES, RATE_NAME = "LATENT_LAB_PROXIES", "LATENT_LAB_RATE"


def address_of(scope: Scope, proxies: int) -> str:
    """Whom a request comes from; of an IPv6 address the network, since one visitor has all of it.

    Args:
        scope: of ASGI.
        proxies: how many of the host's own proxies stand in front of this server. Each appends its caller's address to
            X-Forwarded-For; earlier entries can be forged by anybody, so they do not count. With 0, only the address of
            the connection itself does.
    """
    if proxies:
        lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        entries = [entry.strip() for entry in ",".join(lines).split(",") if entry.strip()]
        if len(entries) >= proxies:
            return network_of(entries[-proxies])
    host, port = scope.get("client") or ("", 0)
    return "a proxy" if port == 0 else network_of(host)  # uvicorn believes X-Forwarded-For from its own machine


def visitor() -> str:
    """The address that the request being answered comes from, as `Limits` found it; "" outside of any."""
    request = LocalContext.request.get(None)
    request = getattr(request, "request", request)  # Gradio wraps those of events
    return str(request.scope.get("visitor", "")) if request is not None else ""


def network_of(text: str) -> str:
    """An IPv4 address, or the first 64 bits of an IPv6 address, without the port that some proxies add; any other text
    is only cut short."""
    host = text.partition("]")[0].lstrip("[") if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return text[:45]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def cost_of(scope: Scope) -> float:
    """What a request takes from the budget: 0 for files of the page, 1 and more for what computes."""
    path = scope["path"].rstrip("/")
    if "/gradio_api/" not in path and path not in ("", "/config"):
        return 0.0
    if scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return 1.0
    length = dict(scope["headers"]).get(b"content-length", b"")
    if length.isdigit() and len(length) < 16:
        return 1.0 + int(length) // SHARE
    return UNANNOUNCED_UPLOAD if path.endswith(UPLOADS) else UNANNOUNCED


class Budgets:
    """The budgets of all addresses."""

    def __init__(self, rate: float = RATE, burst: float | None = None, clock: Callable[[], float] = time.monotonic):
        """rate: requests per second; burst: requests at once; clock: seconds."""
        self.rate = rate
        self.burst = BURST * rate if burst is None else burst
        self.clock = clock
        self.left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # address -> requests left, and when

    def take(self, address: str, cost: float = 1.0) -> float:
        """Takes the cost of a request from an address's budget, if it is there.

        Returns:
            0, or the seconds after which it will be there. A cost above the burst needs a full budget.
        """
        now, cost = self.clock(), min(cost, self.burst)
        left, since = self.left.get(address, (self.burst, now))
        left = min(self.burst, left + (now - since) * self.rate)
        wait = max(0.0, (cost - left) / self.rate)
        self.left[address] = (left if wait else left - cost, now)
        self.left.move_to_end(address)
        while len(self.left) > MOST_ADDRESSES:
            self.left.popitem(last=False)
        return wait


class Limits:
    """ASGI middleware: answers 429 to an address whose budget is used up, and 503 while too much is going on."""

    def __init__(
        self, app: ASGIApp, proxies: int = 0, budgets: Budgets | None = None, most_at_once: int = MOST_AT_ONCE
    ):
        self.app = app
        self.proxies = proxies
        self.budgets = budgets or Budgets()
        self.most_at_once = most_at_once
        self.at_work = 0  # requests that are being answered
        self.streams: Counter[str] = Counter()  # by address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cost = cost_of(scope) if scope["type"] == "http" else 0.0
        if not cost:
            await self.app(scope, receive, send)
            return
        address = scope["visitor"] = address_of(scope, self.proxies)
        wait = self.budgets.take(address, cost)
        if wait:
            seconds = max(1, math.ceil(wait))
            unit = "second" if seconds == 1 else "seconds"
            text = f"Too many requests came from your address; please try again in {seconds} {unit}."
            await refuse(text, 429, seconds)(scope, receive, send)
            return
        if scope["method"] != "POST":  # streams stay open for as long as their visitors
            await self.stream(address, scope, receive, send)
            return
        if self.at_work >= self.most_at_once:
            text = f"The page is busy: {self.at_work} requests are being answered; please try again in a few seconds."
            await refuse(text, 503, 3)(scope, receive, send)
            return
        self.at_work += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.at_work -= 1

    async def stream(self, address: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request that may take for ever."""
        if self.streams[address] >= MOST_STREAMS:
            text = "Too many windows of this page are open at your address; please close some."
            await refuse(text, 429, 10)(scope, receive, send)
            return
        self.streams[address] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.streams[address] -= 1
            if not self.streams[address]:
                del self.streams[address]
