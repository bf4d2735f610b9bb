"""A copy of a shared project's database in one file, and back, by PostgreSQL's own programs.

People go on working meanwhile, and pg_dump gives way to them. It must be at least as new as the
server; it comes with PostgreSQL's client (Debian: postgresql-client). It reads the password where
the program does.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from landmark_annotator.projects.folder_sync import discard, sync_folder
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
    _refuse_without("pg_dump")
    partial = target.with_name(target.name + ".partial")
    command = ["pg_dump", "--format=custom", f"--lock-wait-timeout={_LOCK_SECONDS}s"]
    command += ["--no-password", f"--file={partial}", f"--dbname={address}"]
    try:
        # The list of what it holds is at its beginning and says where each part is.
        for one in (command, ["pg_restore", "--list", str(partial)]):
            if trouble := _trouble(giving_way(one)):
                raise ProjectError(
                    f"No backup of {shown(address)} could be made: {trouble}.",
                    kept="Nothing was changed, and no half backup is left.",
                    remedy="Make it with the login that made the project, which may read all of "
                    "it.",
                )
        with partial.open("rb+") as whole:
            os.fsync(whole.fileno())
        partial.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise disk_error(target.parent, error) from error
    finally:
        discard(partial)


def is_whole(backup: Path) -> bool:
    """Whether all of it can be read. Raises MissingPackage."""
    _refuse_without("pg_restore")
    return not _trouble(["pg_restore", f"--file={os.devnull}", str(backup)])


def bring_back(backup: Path, address: str) -> None:
    """All of the backup into the empty database at this address, or nothing of it: without what
    others may do there. Raises ProjectError where that cannot be, MissingPackage."""
    _refuse_without("pg_restore")
    command = ["pg_restore", "--no-owner", "--no-privileges", "--single-transaction"]
    command += ["--exit-on-error", "--no-password", f"--dbname={address}", str(backup)]
    if trouble := _trouble(command):
        raise ProjectError(
            f"{backup} cannot be restored into {shown(address)}: {trouble}.",
            kept="Nothing was changed, and no half project is left.",
            remedy="Take another backup: annotator restore PROJECT lists them.",
        )


def _trouble(command: Sequence[str]) -> str:
    """What went wrong, in the program's own last word but for what it explains of it; nothing where
    nothing did."""
    try:
        ended = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return "it took more than an hour"
    said = ended.stderr.strip().splitlines()
    # Below the error pg_dump says the query that it came from, which tells nobody anything.
    errors = [line for line in said if ": error: " in line] or said
    last = errors[-1].rstrip(".") if errors else f"{command[0]} failed"
    return last if ended.returncode else ""


def _refuse_without(program: str) -> None:
    if shutil.which(program) is None:
        raise MissingPackage(
            "Backups of shared projects are made and restored by PostgreSQL's client, and "
            f"{program} is not installed here.",
            kept="Nothing was changed.",
            remedy="Install it (Debian and Ubuntu: apt-get install postgresql-client), or ask "
            "whoever keeps the server for a backup.",
        )
