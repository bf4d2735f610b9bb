"""What SQLite keeps beside a database while somebody has it open: its log, and the log's index."""

import stat
from contextlib import suppress
from pathlib import Path

from landmark_annotator.projects.file_rights import may_write

_LOG, _INDEX = "-wal", "-shm"
BESIDE = ("", "-journal", _LOG, _INDEX)
"""With which the names of a database and of all that SQLite may leave beside it end."""


def log_of(database: Path) -> Path:
    """What the database does not hold yet, where somebody has it open or died."""
    return database.with_name(database.name + _LOG)


def log_files(database: Path) -> tuple[Path, ...]:
    return log_of(database), database.with_name(database.name + _INDEX)


def leave_to_others(database: Path) -> None:
    """Lets whoever may write the folder write them, where this account may only read the database.

    SQLite makes them also for a reader, with the rights that the database has, and no reader takes
    them away again: whoever has made the project could then not write to it any more.
    """
    with suppress(OSError):
        if may_write(database):
            return
        others = database.parent.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        for path in log_files(database):
            with suppress(OSError):  # none, or somebody else's
                rights = stat.S_IMODE(path.stat().st_mode)
                if rights | others != rights:
                    path.chmod(rights | others)
