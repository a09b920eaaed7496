"""Heavy work on other machines: forward passes on replicas of Ray Serve, where `RAY_ADDRESS` names a cluster.

`spread` runs a forward pass here or there (see models.parts); the networks know nothing of it. (A ZeroGPU Space lends
its card to a whole piece of work instead, see serving.zerogpu.) Replicas have their own copies of the networks, found
by name on their own machine and compared by fingerprint, so that only arrays and settings travel. Whatever fails there
is done here: a page can always do without its cluster.

Ray kills a process that is connected to it once the cluster has been gone for a minute. So this process does not import
Ray: it talks over a socket to serving.ray_client, a process of its own, which talks to Ray.
"""

import hashlib
import importlib.util
import itertools
import json
import logging
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from models.errors import InvalidInput
from models.origins import Origin, origins

if TYPE_CHECKING:  # the client needs neither
    from torch import nn

    from models.merging import Progress

ADDRESS = "RAY_ADDRESS"  # as Ray understands it: "auto", "host:port" or "ray://host:port"
BATCH = 4  # requests that a replica takes at a time; more is not faster on processors, and stops later
# Parts of one piece of work that were sent and are not back. A tile of 128 x 256 px, enlarged four times, has 2 MB.
MOST_UNDER_WAY = 32
PULSE = 0.01  # seconds between two signs of life while replicas work
PATIENCE = 10.0  # seconds that any part may take once all before it are back
SLOWNESS = 1.2e-10  # seconds added to PATIENCE for each multiplication; four times what a slow processor needs
START = 150.0  # seconds for connecting, and for the first replica to start where none runs
REACH = 3.0  # seconds for a connection
AGAIN = 10.0  # seconds until what went wrong is tried again
TOLERATED = 3  # parts in a row that may fail, as when a replica dies, before the cluster is left alone for a while

Array = NDArray[Any]
Work = Callable[..., Array]  # a network, an array (N, ...) and settings to an array (N, ...)

log = logging.getLogger("latent-lab")


# --- which network it is -----------------------------------------------------------------------------------------


fingerprints: "WeakKeyDictionary[nn.Module, str]" = WeakKeyDictionary()


def fingerprint(network: "nn.Module") -> str:
    """A hash of a network's tensors: equal on two machines if the tensors are. Computed once for each network."""
    if network not in fingerprints:
        found = hashlib.sha256()
        for name, tensor in network.state_dict().items():
            found.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
            found.update(np.ascontiguousarray(tensor.cpu().numpy()).data)
        fingerprints[network] = found.hexdigest()
    return fingerprints[network]


def cost(network: "nn.Module", part: Array) -> float:
    """Multiplications of a forward pass, within an order of magnitude: each parameter once for each pixel or latent."""
    parameters: int = sum(tensor.numel() for tensor in network.parameters())
    return float(parameters * (part.size // part.shape[-1]))


# --- messages between the page and its client: a line of JSON and an array --------------------------------------

HEAD = struct.Struct("!II")  # bytes of the line, bytes of the array
Fields = dict[str, Any]


def pack(fields: Fields, array: Array | None = None) -> bytes:
    """A message as bytes; the array may be missing."""
    content = b"" if array is None else np.ascontiguousarray(array).tobytes()
    if array is not None:
        fields = {**fields, "type": array.dtype.name, "shape": array.shape}
    line = json.dumps(fields).encode()
    return HEAD.pack(len(line), len(content)) + line + content


def unpack(line: bytes, content: bytes) -> tuple[Fields, Array | None]:
    """The inverse of `pack`, after the head."""
    fields: Fields = json.loads(line)
    if "type" not in fields:
        return fields, None
    return fields, np.frombuffer(content, fields["type"]).reshape(fields["shape"])


# --- the way to the cluster --------------------------------------------------------------------------------------


class Cluster:
    """The replicas of one address, reached through a client that is started again when it ends."""

    def __init__(self, address: str):
        """address: as in RAY_ADDRESS; empty for none, which does nothing at all."""
        self.address = address
        self.done = 0  # parts that replicas did
        self.done_here = 0  # parts that were for replicas and were done here
        self.window = 0  # parts of one piece of work that may be under way; 0 while there is no client
        self.retry_at = 0.0  # s, monotonic, from when parts are sent after something went wrong
        self.unlike: dict[Origin, float] = {}  # networks that replicas do not have, and until when that is believed
        self.waiting: dict[int, Future[Array]] = {}
        self.numbers = itertools.count()
        self.lock = threading.Lock()
        self.socket: socket.socket | None = None
        self.heard = 0.0  # s, monotonic, when the client last answered
        self.client: subprocess.Popen[bytes] | None = None
        self.keeper: threading.Thread | None = None
        self.ended = threading.Event()
        self.failures = 0  # parts in a row that did not come back
        self.reported = False  # the host knows that something went wrong

    def start(self) -> None:
        """Begins to look for the cluster, in the background. A program that wants replicas calls it once."""
        if self.address and self.keeper is None:
            self.keeper = threading.Thread(target=self.keep, name="replicas", daemon=True)
            self.keeper.start()

    def close(self) -> None:
        """Ends the client; what is under way is done here."""
        self.ended.set()
        if self.client is not None:
            self.client.kill()
        if self.keeper is not None:
            self.keeper.join()

    def ready(self) -> bool:
        """Whether parts are sent now."""
        return self.window > 0 and time.monotonic() >= self.retry_at

    def takes(self, network: "nn.Module") -> bool:
        """Whether forward passes of a network are sent now: only of one that other machines find by its name, and that
        nobody trains or has moved to a card."""
        if not self.ready():
            return False
        origin = origins.get(network)
        if origin is None or network.training or time.monotonic() < self.unlike.get(origin, 0.0):
            return False
        return next(network.parameters()).device.type == "cpu"

    def send(self, work: str, network: "nn.Module", part: Array, settings: Fields) -> Future[Array] | None:
        """Sends one part; None where that is not possible now."""
        if not self.takes(network):
            return None
        origin, number = origins[network], next(self.numbers)
        fields: Fields = {"number": number, "work": work, "settings": settings, "fingerprint": fingerprint(network)}
        fields["network"] = [origin.name, origin.part]
        fields["cost"] = cost(network, part)
        message, future = pack(fields, part), Future[Array]()
        with self.lock:
            if self.socket is None:
                return None
            self.waiting[number] = future
            try:
                self.socket.sendall(message)
            except OSError:  # the client ended, or takes nothing any more
                del self.waiting[number]
                self.end_client()
                return None
        return future

    def result(
        self, future: Future[Array], network: "nn.Module", part: Array, pulse: Callable[[], None]
    ) -> Array | None:
        """What was sent, once it is back; None if it has to be done here. Raises InvalidInput as the work does.

        Args:
            network, part: what was sent.
            pulse: called again and again meanwhile; what it raises ends the waiting.
        """
        begun = time.monotonic()
        patience = PATIENCE + SLOWNESS * cost(network, part)
        while True:
            try:
                result = future.result(PULSE)
            except NotYet:
                if time.monotonic() - begun > patience:
                    self.trouble(f"gave no answer within {patience:.0f} seconds")
                    if self.heard < begun:
                        self.end_client()
                if not self.ready():  # somebody else may have found that
                    return None
                pulse()
            except NetworkMismatch as error:
                self.unlike[origins[network]] = time.monotonic() + AGAIN
                log.warning("replicas cannot take %s, so this process does: %s", origins[network].name, error)
                return None
            except ClusterLost as error:
                self.failures += 1
                if self.failures >= TOLERATED:
                    self.trouble(str(error))
                return None
            else:
                with self.lock:
                    self.done, self.failures = self.done + 1, 0
                if self.reported and self.ready():  # not for what came just before the trouble
                    self.welcome()
                return result

    def welcome(self) -> None:
        """Tells the host that replicas do the heavy work."""
        self.reported = False
        log.info("the Ray cluster at %s does the heavy work", self.address)

    def trouble(self, what: str) -> None:
        """Sends nothing for a while, and tells the host, once until it works again."""
        self.retry_at = time.monotonic() + AGAIN
        if not self.reported and not self.ended.is_set():
            log.warning("the Ray cluster at %s %s, so this process does its work for now", self.address, what)
        self.reported = True

    def end_client(self) -> None:
        """Ends the client, which another one follows."""
        if self.client is not None:
            self.client.kill()

    # --- in a thread of its own ---

    def keep(self) -> None:
        """Has a client, for ever."""
        while not self.ended.is_set():
            try:
                self.run_client()
            except (ClusterLost, OSError) as error:
                self.trouble(str(error))
            self.ended.wait(AGAIN)

    def run_client(self) -> None:
        """Starts a client and takes what it brings, until it ends. Raises ClusterLost."""
        if importlib.util.find_spec("ray") is None:
            raise ClusterLost("needs Ray, which is not installed (pip install -r requirements-ray.txt)")
        check_reachable(self.address)
        ours, theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 5, 0))  # seconds
        root = Path(__file__).resolve().parent.parent
        environment = {
            "RAY_USAGE_STATS_ENABLED": "0",  # tells nobody anything
            "RAY_SERVE_QUEUE_LENGTH_RESPONSE_DEADLINE_S": "1",  # busy replicas answer late
            **os.environ,
            ADDRESS: self.address,
            "OMP_NUM_THREADS": "1",
        }
        with ours, theirs:
            self.client = subprocess.Popen(
                [sys.executable, "-m", "serving.ray_client", str(theirs.fileno())],
                cwd=root,
                env=environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            theirs.close()
            patience = threading.Timer(START, self.client.kill)
            patience.start()
            try:
                if not self.ended.is_set():
                    self.take(ours, patience)
            finally:
                patience.cancel()
                self.window = 0
                with self.lock:
                    self.socket = None
                    left, self.waiting = self.waiting, {}
                for future in left.values():
                    future.set_exception(ClusterLost("is gone"))
                self.client.kill()
                self.client.wait()

    def take(self, ours: socket.socket, patience: threading.Timer) -> None:
        """Reads what a client brings. Raises ClusterLost, at the end in any case."""
        with ours.makefile("rb") as stream:
            while head := stream.read(HEAD.size):
                if len(head) < HEAD.size:
                    break
                line, content = HEAD.unpack(head)
                body = stream.read(line + content)
                if len(body) < line + content:  # the client was killed while it spoke
                    break
                fields, array = unpack(body[:line], body[line:])
                self.heard = time.monotonic()
                if "replicas" in fields:
                    patience.cancel()
                    with self.lock:
                        first, self.socket = self.socket is None, ours
                    self.window = min(MOST_UNDER_WAY, 2 * BATCH * fields["replicas"])
                    if first:
                        self.retry_at, self.failures = 0.0, 0
                        self.welcome()
                elif "lost" in fields and "number" not in fields:
                    raise ClusterLost(fields["lost"])
                else:
                    self.hand_over(fields, array)
        raise ClusterLost("is gone" if self.socket else f"has no replica ready within {START:.0f} seconds")

    def hand_over(self, fields: Fields, array: Array | None) -> None:
        """Gives an answer to whoever waits for it."""
        with self.lock:
            future = self.waiting.pop(fields["number"], None)
        if future is None:
            return
        if array is not None:
            future.set_result(array)
        elif "invalid" in fields:
            future.set_exception(InvalidInput(fields["invalid"]))
        elif "unlike" in fields:
            future.set_exception(NetworkMismatch(fields["unlike"]))
        else:
            future.set_exception(ClusterLost(fields["lost"]))


def check_reachable(address: str) -> None:
    """Raises ClusterLost unless somebody listens at "host:port" or "ray://host:port"; passes over "auto"."""
    parts = urlsplit(address if "://" in address else f"//{address}")
    try:
        if parts.hostname and parts.port:
            socket.create_connection((parts.hostname, parts.port), REACH).close()
    except (OSError, ValueError):
        raise ClusterLost("cannot be reached") from None


class ClusterLost(Exception):
    """The cluster did not do it; the message goes on after "the Ray cluster at …"."""


class NetworkMismatch(Exception):
    """A replica does not have the network, or has another one by that name."""


cluster = Cluster(os.environ.get(ADDRESS, ""))


def spread(
    work: Work,
    network: "nn.Module",
    parts: Sequence[Array],
    *,
    remote: bool,
    progress: "Progress" = lambda share: None,
    **settings: Any,
) -> Iterator[Array]:
    """`work(network, part, **settings)` of each part, in order.

    Args:
        work: a forward pass that serving.deployment knows by its name; the rows of its result depend on those of the
            part alone.
        parts: arrays (N, ...).
        remote: whether it is enough to be worth the way to a replica, if there are some; otherwise it is done here.
        progress: told the share of the parts that were taken, and on replicas again and again meanwhile; what it raises
            ends the work.
        settings: numbers and the like.

    Raises:
        InvalidInput: as the work does, wherever it is done.
    """
    sent: dict[int, Future[Array]] = {}
    ahead = 0  # the first part that was not considered for sending yet
    for number, part in enumerate(parts):
        result, share = None, number / len(parts)
        if remote:
            ahead = max(ahead, number)
            while ahead < min(len(parts), number + cluster.window):
                future = cluster.send(work.__name__, network, parts[ahead], settings)
                if future is None:
                    break
                sent[ahead] = future
                ahead += 1
        if number in sent:
            result = cluster.result(sent.pop(number), network, part, partial(progress, share))
        if result is None:
            cluster.done_here += remote and bool(cluster.address)
            result = work(network, part, **settings)
        yield result
        progress((number + 1) / len(parts))
