"""What runs on the replicas: networks as a deployment of Ray Serve. `python -m serving.deployment` deploys it.

A page does the same when it finds a cluster without it (see serving.ray_client), so the command is only needed after
changes: another number of replicas, or new code and weights. Every machine of the cluster needs both, laid out as in
the image of the Dockerfile. docs/hosting.md lists the settings.
"""

import asyncio
import logging
import os
import sys
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import ray
import torch
from ray import serve
from torch import nn

from models.catalogue import CATALOGUE
from models.errors import InvalidInput, LatentLabError, NetworkUnavailable
from models.gan import draw_rows
from models.loading import ROOT, download, read, weights_root
from models.super_resolution import draw_tiles
from models.translation import draw_pictures
from serving.ray_client import NAME, deployed, running
from serving.replicas import (
    ADDRESS,
    BATCH,
    Array,
    ClusterLost,
    Fields,
    Work,
    check_reachable,
    fingerprint,
)

WORKS: dict[str, Work] = {work.__name__: work for work in (draw_rows, draw_pictures, draw_tiles)}
REPLICAS, PROCESSORS, CARDS = (f"LATENT_LAB_REPLICA{rest}" for rest in ("S", "_CPUS", "_GPUS"))  # settings
WAIT = 0.002  # seconds for which a request waits for others
HEAVY = 1e11  # multiplications; a part with more is drawn alone, so that nobody waits for several of them
FETCHING = 3.0  # seconds that a request waits while its network comes from the Hub; it is fetched on after that
READY = 120.0  # seconds for the first replica to start
STUCK = 120.0  # seconds that a batch may take; after that Serve starts the replica anew
REMEMBERED = 1000  # forward passes


@dataclass(frozen=True)
class Request:
    """One part of somebody's work."""

    work: str  # a key of WORKS
    network: tuple[str, str]  # name and part, see serving.replicas.Origin
    fingerprint: str
    settings: tuple[tuple[str, Any], ...]
    cost: float  # multiplications
    part: Array  # (N, ...)

    @classmethod
    def of(cls, fields: Fields, part: Array) -> "Request":
        """As serving.replicas sent it."""
        settings = tuple(sorted(fields["settings"].items()))
        name, beside = fields["network"]
        return cls(fields["work"], (name, beside), fields["fingerprint"], settings, fields["cost"], part)

    @property
    def kind(self) -> tuple[object, ...]:
        """Requests of one kind are stacked into one forward pass."""
        return self.work, self.network, self.settings, self.part.dtype.name, self.part.shape[1:]


Answer = Array | tuple[str, str]  # what was drawn; or "invalid" or "unlike", see serving.replicas, and a sentence


def places_in_batch(requests: list[Request]) -> int:
    """How many of a batch's BATCH places requests take: one each, or all of them if heavy."""
    return sum(BATCH if request.cost > HEAVY else 1 for request in requests)


class Networks:
    """One replica. It reads a network when it is first asked for, and keeps it as models.loading does."""

    def __init__(self) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.executor = ThreadPoolExecutor(1)  # draws one batch at a time
        self.free = asyncio.Event()  # while it draws nothing
        self.free.set()
        self.begun = 0.0  # s, monotonic, when it began the batch that it draws; 0 for none
        self.passes: deque[tuple[str, str, int]] = deque(maxlen=REMEMBERED)  # work, network and rows of each

    async def draw(self, fields: Fields, part: Array) -> Answer:
        """One request. A sentence is for the visitor ("invalid") or for the page ("unlike", which draws it itself)."""
        request = Request.of(fields, part)
        if request.work not in WORKS:
            return "unlike", f"no forward pass here is called {request.work[:40]!r}"
        try:
            await asyncio.to_thread(self.network, request)
        except NetworkUnavailable as error:
            return "unlike", str(error)
        # Serve never adds to a batch in line, so requests wait here and become one batch once the running one is done
        await self.free.wait()
        answer: Answer = await self.draw_batch(request)  # one goes in, one comes out
        return answer

    def network(self, request: Request) -> nn.Module:
        """The network of a request, on this replica's device. Raises NetworkUnavailable."""
        name, part = request.network
        folder = weights_root() / name if name in CATALOGUE else download(name, patience=FETCHING)
        network: nn.Module = read(folder, part=part)
        if fingerprint(network) != request.fingerprint:
            raise NetworkUnavailable(f"{name} is another one there; all machines need the same weights.")
        return network.to(self.device)

    @serve.batch(max_batch_size=BATCH, batch_wait_timeout_s=WAIT, batch_size_fn=places_in_batch)
    async def draw_batch(self, requests: list[Request]) -> list[Answer]:
        """Requests that came at about the same time."""
        self.begun = time.monotonic()
        self.free.clear()
        try:
            return await asyncio.get_running_loop().run_in_executor(self.executor, self.answers, requests)
        finally:
            self.begun = 0.0
            self.free.set()

    def answers(self, requests: list[Request]) -> list[Answer]:
        """One forward pass for all requests of one kind."""
        kinds: dict[tuple[object, ...], list[int]] = {}
        for number, request in enumerate(requests):
            kinds.setdefault(request.kind, []).append(number)
        answers: dict[int, Answer] = {}
        for numbers in kinds.values():
            answers |= zip(numbers, self.forward([requests[number] for number in numbers]), strict=True)
        return [answers[number] for number in range(len(requests))]

    def forward(self, requests: list[Request]) -> list[Answer]:
        """Requests of one kind."""
        first, parts = requests[0], [request.part for request in requests]
        rows = np.concatenate(parts)
        self.passes.append((first.work, first.network[0], len(rows)))
        try:
            drawn = WORKS[first.work](self.network(first), rows, **dict(first.settings))
        except InvalidInput as error:
            return [("invalid", str(error))] * len(requests)
        except NetworkUnavailable as error:  # changed since `draw`
            return [("unlike", str(error))] * len(requests)
        return [*np.split(drawn, np.cumsum([len(part) for part in parts])[:-1])]

    async def last_passes(self) -> list[tuple[str, str, int]]:
        """Work, network and rows of the last forward passes, for those who want to see what is stacked."""
        return list(self.passes)

    def check_health(self) -> None:
        """Asked by Serve, which starts a replica anew if this raises."""
        begun = self.begun
        if begun and time.monotonic() - begun > STUCK:
            raise TimeoutError(f"a batch is not done after {STUCK:.0f} seconds")


# --- putting it on a cluster -------------------------------------------------------------------------------------


def setting(name: str, otherwise: float) -> float:
    """A number that the host set, not below 0. Raises LatentLabError."""
    text = os.environ.get(name, "")
    try:
        value = float(text or otherwise)
        if not 0 <= value <= 1000:
            raise ValueError
    except ValueError:
        raise LatentLabError(f"{name} is {text[:40]!r}; a number from 0 to 1,000 is accepted.") from None
    return value


def deploy(replicas: int) -> None:
    """Puts so many replicas on the cluster, in place of what is there by their name; they start after that. Raises
    LatentLabError."""
    path = f"{ROOT}{os.pathsep}${{PYTHONPATH}}"  # Ray fills in what the machine has
    deployment = serve.deployment(
        name="Networks",
        num_replicas=replicas,
        max_ongoing_requests=4 * BATCH,  # so that the next batch is there when one is done
        health_check_period_s=10,
        health_check_timeout_s=30,
        graceful_shutdown_timeout_s=10,
        ray_actor_options={
            "num_cpus": setting(PROCESSORS, 1),
            "num_gpus": setting(CARDS, 0),
            "runtime_env": {"env_vars": {"PYTHONPATH": path}},
        },
    )(Networks)
    serve.start(proxy_location="Disabled")  # nothing listens; pages come through Ray
    serve.run_many(
        [serve.RunTarget(deployment.bind(), name=NAME, route_prefix=None)],
        wait_for_ingress_deployment_creation=True,
        wait_for_applications_running=False,
    )


def main(arguments: list[str]) -> None:
    """Deploys, and waits for the first replica. Raises LatentLabError.

    Args:
        arguments: "missing" to do so only where it is missing.
    """
    wanted, address = max(1, int(setting(REPLICAS, 2))), os.environ.get(ADDRESS)
    if not address:
        raise LatentLabError(f"Set {ADDRESS} to the address of a Ray cluster.")
    try:
        check_reachable(address)
        ray.init(namespace=NAME, log_to_driver=False, logging_level=logging.ERROR)
    except (ClusterLost, ConnectionError):
        raise LatentLabError(f"The Ray cluster at {address} cannot be reached.") from None
    if arguments != ["missing"] or not deployed():
        deploy(wanted)
    deadline = time.monotonic() + READY
    while not running():
        if time.monotonic() > deadline:
            raise LatentLabError(f"No replica is ready after {READY:.0f} seconds; has the cluster processors left?")
        time.sleep(0.2)
    print(f"Replicas that are ready: {running()} of {wanted}.")


if __name__ == "__main__":
    from serving import deployment

    try:
        deployment.main(sys.argv[1:])
    except (LatentLabError, OSError) as error:
        sys.exit(str(error))
