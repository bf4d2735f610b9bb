"""What SQLite keeps beside a database while somebody has it open: its log, and the log's index."""

import stat
from contextlib import suppress
from pathlib import Path

from landmark_annotator.projects.file_rights import may_write

LOG, INDEX = "-wal", "-shm"


def log_files(database: Path) -> tuple[Path, ...]:
    return tuple(database.with_name(database.name + ending) for ending in (LOG, INDEX))


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
