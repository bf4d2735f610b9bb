"""A PostgreSQL server of the tests' own: in a temporary folder, reached through a socket alone.

It runs as the user of Debian's package where the tests run as root, for it refuses to run as root.
"""

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_OWNER = "postgres"
_DEBIAN = Path("/usr/lib/postgresql")
_SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "250",
    # What is in this server is thrown away: a power cut may take it.
    "fsync": "off",
}


@dataclass(frozen=True)
class Server:
    """folder: with its socket. owner: a login that may do everything."""

    folder: Path
    owner: str = "owner"

    def address(self, database: str, user: str | None = None) -> str:
        return f"postgresql://{user or self.owner}@/{database}?host={self.folder}"

    def run(self, statement: str, database: str = "postgres", user: str | None = None) -> list[str]:
        """What psql prints, a row a line; past all code under test."""
        command = [str(program("psql")), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement]
        ended = subprocess.run(
            [*command, self.address(database, user)], capture_output=True, text=True
        )
        if ended.returncode:
            raise RuntimeError(ended.stderr)
        return ended.stdout.splitlines()


def program(name: str) -> Path:
    """Of the newest version that is installed. Raises FileNotFoundError."""
    found = shutil.which(name)
    versions = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    if versions:
        return versions[-1]
    if found is None:
        raise FileNotFoundError(f"{name} is missing: .ci/environment test installs PostgreSQL")
    return Path(found)


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    # The path of a socket may have a hundred letters, which those of pytest have by themselves.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    as_owner: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, _OWNER)
        as_owner = ["runuser", "-u", _OWNER, "--"]
    folder.chmod(0o755)
    server = Server(folder)
    place = folder / "data"
    control = [*as_owner, str(program("pg_ctl")), "-D", str(place), "-w"]
    said = {**_SETTINGS, "unix_socket_directories": str(folder), **settings}
    options = " ".join(f"-c {name}={value}" for name, value in said.items())
    try:
        _call(
            *as_owner, str(program("initdb")), "-D", str(place), "-A", "trust", "--no-sync",
            "--locale=C", "--encoding=UTF8", "-U", server.owner,
        )  # fmt: skip
        _call(*control, "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield server
        finally:
            _call(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _call(*command: str) -> None:
    ended = subprocess.run(
        command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if ended.returncode:
        raise RuntimeError(f"{command[-1]}: {ended.stdout} ({getpass.getuser()})")
