"""A real PostgreSQL of Debian's package, in a temporary folder, for the tests of the scores."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

INSTALLED = Path("/usr/lib/postgresql")
SETTINGS = {  # small, and heard on a socket in its own folder only
    "listen_addresses": "",
    "shared_buffers": "16MB",
    "max_connections": "60",
}


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, of the newest version; None where there is no PostgreSQL."""
    for file in sorted(INSTALLED.glob("*/bin/pg_ctl"), key=lambda file: int(file.parts[-3]), reverse=True):
        return file.parent
    found = shutil.which("pg_ctl")
    return Path(found).resolve().parent if found else None


class PostgreSQL:
    """A server that is ours alone. It does not run as root: then the user `postgres`, else `nobody`, runs it."""

    def __init__(self, folder: Path):
        self.programs = folder
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the path of a socket has 107 letters at most
        self.as_user: list[str] = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres" if "postgres" in {entry.pw_name for entry in pwd.getpwall()} else "nobody")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        self.run("initdb", "--auth=trust", "--username=tests", "--encoding=UTF8", "--locale=C", "--no-sync")
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
            file.write(f"unix_socket_directories = '{self.folder}'\n")
        self.start()

    def run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's own programs, on our data."""
        command = [*self.as_user, str(self.programs / program), "--pgdata", str(self.folder / "data"), *arguments]
        done = subprocess.run(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Starts the server, and waits until it answers."""
        self.run("pg_ctl", "start", "--wait", "--log", str(self.folder / "log.txt"))

    def kill(self) -> None:
        """Ends it at once, as a crash would: nothing is finished or written out."""
        self.run("pg_ctl", "stop", "--mode=immediate")

    def remove(self) -> None:
        """Ends it, and removes its data."""
        self.kill()
        shutil.rmtree(self.folder)

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"quiz_{secrets.token_hex(6)}"
        with psycopg.connect(f"postgresql://tests@/postgres?host={self.folder}", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://tests@/{name}?host={self.folder}"
