"""Between a page and its Ray cluster, in a process of its own, which serving.replicas starts.

It deploys the networks if the cluster lacks them, takes requests from the page, hands them to replicas and brings back
what they drew. It ends when the page does, and as soon as the cluster is gone, which Ray itself would report only after
a minute.
"""

import asyncio
import logging
import os
import socket
import sys
from typing import Any

import ray
from ray import serve

from models.errors import LatentLabError
from serving.replicas import (
    ADDRESS,
    HEAD,
    Array,
    ClusterLost,
    Fields,
    check_reachable,
    pack,
    unpack,
)

NAME = "latent-lab"  # of the application, and of the namespace
LOOK = 2.0  # seconds between two looks at the cluster


def running() -> int:
    """Replicas that are ready; 0 where there is no such deployment. Raises LatentLabError where it failed."""
    application = serve.status().applications.get(NAME)
    if application is None:
        return 0
    if application.status == "DEPLOY_FAILED":
        raise LatentLabError(f"cannot start replicas: {application.message[:500]}")
    return sum(
        count
        for deployment in application.deployments.values()
        for state, count in deployment.replica_states.items()
        if state == "RUNNING"
    )


def deployed() -> bool:
    """Whether the cluster has this application, running or about to."""
    application = serve.status().applications.get(NAME)
    return application is not None and application.status not in ("DEPLOY_FAILED", "DELETING")


async def prepare() -> int:
    """The replicas that are ready, at least one; serving.deployment, which needs torch, puts them there if they are
    missing. Raises ClusterLost."""
    if not await asyncio.to_thread(deployed) or not await asyncio.to_thread(running):
        command = [sys.executable, "-m", "serving.deployment", "missing"]
        process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
        _, said = await process.communicate()
        if process.returncode:
            raise ClusterLost(f"has no replicas: {said.decode(errors='replace').strip().rpartition(chr(10))[2][:500]}")
    return await asyncio.to_thread(running)


class RayClient:
    """One page's errands."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.reader, self.writer = reader, writer
        self.tasks: set[asyncio.Task[None]] = set()

    def tell(self, fields: Fields, array: Array | None = None) -> None:
        """Sends a message to the page."""
        self.writer.write(pack(fields, array))

    async def take(self, handle: Any) -> None:
        """Takes requests until the page ends."""
        while True:
            try:
                line, content = HEAD.unpack(await self.reader.readexactly(HEAD.size))
                fields, part = unpack(await self.reader.readexactly(line), await self.reader.readexactly(content))
            except (asyncio.IncompleteReadError, OSError):
                return
            assert part is not None
            task = asyncio.create_task(self.run(handle, fields, part))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def run(self, handle: Any, fields: Fields, part: Array) -> None:
        """One errand."""
        number = {"number": fields["number"]}
        try:
            answer = await handle.draw.remote(fields, part)
        except Exception as error:  # of many kinds: the replica died, its machine has no memory left, …
            self.tell({**number, "lost": f"failed ({type(error).__name__})"})
            return
        if isinstance(answer, tuple):
            self.tell({**number, answer[0]: answer[1]})
        else:
            self.tell(number, answer)

    async def watch(self, address: str, count: int) -> None:
        """Tells how many replicas there are. Raises ClusterLost when the cluster is gone."""
        while True:
            await asyncio.sleep(LOOK)
            await asyncio.to_thread(check_reachable, address)
            now = await asyncio.to_thread(running)
            if now != count:
                count = now
                self.tell({"replicas": count})

    async def work(self) -> None:
        """Everything, until the page ends. Raises ClusterLost."""
        ray.init(namespace=NAME, log_to_driver=False, logging_level=logging.ERROR)
        count = await prepare()
        address = os.environ[ADDRESS]
        if "://" not in address:  # Ray's own, such as "auto"
            address = ray.get_runtime_context().gcs_address
        handle = serve.get_app_handle(NAME)
        self.tell({"replicas": count})
        ends = [asyncio.create_task(self.take(handle)), asyncio.create_task(self.watch(address, count))]
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


async def main(descriptor: int) -> None:
    """Works for whoever holds the other end of a socket."""
    reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=descriptor))
    client = RayClient(reader, writer)
    try:
        await client.work()
    except (ClusterLost, LatentLabError) as error:
        client.tell({"lost": str(error)})
    except Exception as error:  # whatever it is, the page goes on alone and its host reads what it was
        client.tell({"lost": f"cannot be used ({type(error).__name__}: {str(error)[:300]})"})
    writer.close()
    await writer.wait_closed()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
    os._exit(0)  # Ray's own farewell waits for a cluster that may be gone
