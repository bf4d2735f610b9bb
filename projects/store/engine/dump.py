"""A copy of a shared project's database in one file, by PostgreSQL's own program.

People go on working meanwhile, and pg_dump gives way to them. It must be at least as new as the
server; it comes with PostgreSQL's client (Debian: postgresql-client). It reads the password where
the program does.
"""

import os
import shutil
import subprocess
from pathlib import Path

from landmark_annotator.projects.folder_sync import sync_folder
from landmark_annotator.projects.priority import giving_way
from landmark_annotator.projects.store.engine.address import shown
from landmark_annotator.projects.store.engine.failures import disk_error
from landmark_annotator.projects.vocabulary.errors import MissingPackage, ProjectError

_SECONDS = 3600
_LOCK_SECONDS = 10


def can_dump() -> bool:
    return shutil.which("pg_dump") is not None


def dump(address: str, target: Path) -> None:
    """One moment of the database; the file appears under its name only when it is whole.

    Raises ProjectError where the server refuses or the login may not read all of it, MissingPackage
    where pg_dump is not installed.
    """
    if not can_dump():
        raise MissingPackage(
            "Backups of shared projects are made by pg_dump, which is not installed here.",
            kept="Nothing was changed.",
            remedy="Install PostgreSQL's client (Debian and Ubuntu: apt-get install "
            "postgresql-client), or ask whoever keeps the server for a backup.",
        )
    partial = target.with_name(target.name + ".partial")
    try:
        _run(
            address,
            "pg_dump",
            "--format=custom",
            f"--lock-wait-timeout={_LOCK_SECONDS}s",
            "--no-password",
            f"--file={partial}",
            f"--dbname={address}",
        )
        # The list of what it holds is at its beginning and says where each part is.
        _run(address, "pg_restore", "--list", str(partial))
        with partial.open("rb+") as whole:
            os.fsync(whole.fileno())
        partial.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise disk_error(target.parent, error) from error
    finally:
        partial.unlink(missing_ok=True)


def _run(address: str, *command: str) -> None:
    try:
        ended = subprocess.run(
            giving_way(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
        said = ended.stderr.strip().splitlines()
    except subprocess.TimeoutExpired:
        ended, said = None, ["it took more than an hour"]
    if ended is None or ended.returncode:
        raise ProjectError(
            f"No backup of {shown(address)} could be made: {said[-1] if said else command[0]}.",
            kept="Nothing was changed, and no half backup is left.",
            remedy="Make it with the login that made the project, which may read all of it.",
        )
