"""A real Ray cluster of one machine, ours alone, for the tests and the benchmark of replicas."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from models.loading import ROOT

MARK = "LATENT_LAB_RAY_HEAD"  # an environment variable that everything which the cluster starts inherits
ASK = """
import json, sys
import ray
from ray import serve
ray.init(namespace="latent-lab", log_to_driver=False)
handle = serve.get_app_handle("latent-lab")
print(json.dumps(getattr(handle, sys.argv[1]).remote().result()))
"""


class RayHead:
    """A head node, with nothing that would be seen from elsewhere."""

    def __init__(self, port: int, *, processors: int, **environment: str):
        """environment: of the replicas, such as LATENT_LAB_WEIGHTS."""
        self.address = f"127.0.0.1:{port}"
        self.processors = processors
        self.folder = Path(tempfile.mkdtemp(prefix="ray-"))  # short: the path of a socket has 107 letters at most
        self.process: subprocess.Popen[bytes] | None = None
        self.mark = uuid.uuid4().hex
        self.environment = {
            **os.environ,
            **environment,
            MARK: self.mark,
            "RAY_USAGE_STATS_ENABLED": "0",
            "OMP_NUM_THREADS": "1",
        }
        self.environment.pop("RAY_ADDRESS", None)

    def start(self) -> None:
        """Starts the node; it may not answer yet."""
        host, _, port = self.address.partition(":")
        arguments = [
            "--head",
            "--block",
            f"--node-ip-address={host}",
            f"--port={port}",
            f"--num-cpus={self.processors}",
            f"--object-store-memory={120 * 2**20}",
            "--include-dashboard=false",
            "--include-log-monitor=false",
            "--disable-usage-stats",
            f"--temp-dir={self.folder}",
        ]
        with (self.folder / "start.txt").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ray.scripts.scripts", "start", *arguments],
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def processes(self, name: str = "") -> list[int]:
        """Everything of this cluster that runs, or what has this in its command line."""
        found = []
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                own = f"{MARK}={self.mark}".encode() in (folder / "environ").read_bytes()
                if own and name.encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
        return found

    def kill(self) -> None:
        """Ends the cluster at once, as a crash would, with everything that it started."""
        deadline = time.monotonic() + 20
        while found := self.processes():
            assert time.monotonic() < deadline, "processes of Ray that cannot be ended"
            for process in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.05)
        if self.process is not None:
            self.process.wait()

    def remove(self) -> None:
        """Ends it and deletes its folder."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, method: str) -> Any:
        """What a method of a replica returns."""
        environment = {**os.environ, "RAY_ADDRESS": self.address, "PYTHONPATH": str(ROOT)}
        asked = subprocess.run(
            [sys.executable, "-c", ASK, method], env=environment, capture_output=True, text=True, timeout=60
        )
        assert asked.returncode == 0, asked.stderr
        return json.loads(asked.stdout.splitlines()[-1])
