"""What SQLite reports, as errors that the user can act on. The one place that reads its codes."""

import os
import shlex
import sqlite3
from pathlib import Path

from landmark_annotator.projects.file_rights import may_write, owner_of, told_closed
from landmark_annotator.projects.vocabulary.errors import (
    DiskFull,
    NoProject,
    ProjectError,
    ProjectGone,
    ProjectLocked,
    ProjectReadOnly,
)

_NO_ROOM_FOR_INDEX = sqlite3.SQLITE_IOERR_SHMSIZE
"""The index of the log, which is made when a project is opened, could not grow."""
_DISK = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM)
_KEPT = "Everything stored before is kept."


def read_only(folder: Path | str, reason: str, remedy: str | None = None) -> ProjectReadOnly:
    return ProjectReadOnly(
        f"The project {folder} is open for reading only: {reason}.",
        kept=_KEPT,
        remedy=remedy
        or "Make the folder writable and see that its disk has room, or copy the project to one "
        "that is, and open it again.",
    )


def damaged(folder: Path | str, detail: str) -> ProjectError:
    named = shlex.quote(str(folder))
    return ProjectError(
        f"The database of the project {folder} is damaged: {detail}.",
        kept="Nothing was changed.",
        remedy=f"See what can be read: annotator check {named}. Restore a backup: "
        f"annotator restore {named}.",
    )


def gone(folder: Path, *, before: bool) -> ProjectGone:
    """before: what was to be written was not begun with."""
    this = "This change was not stored." if before else "Whether this change is in it is not sure."
    return ProjectGone(
        f"The project {folder} is no longer there: it was moved, deleted or replaced while it was "
        "open.",
        kept=f"{this} All before it is in the project, wherever that is now.",
        remedy="Put the folder back, or close this project and open it where it is now; was it "
        "deleted, restore a backup: annotator restore.",
    )


def no_more(folder: Path) -> NoProject:
    """For who only reads."""
    return NoProject(
        f"{folder} is no project any more: it was moved or deleted.",
        remedy="Open it where it is now.",
    )


def incomplete(column: str) -> ProjectError:
    """Of a row without what it needs: nothing was given where a caller had to give something."""
    return ProjectError(
        f'No "{column}" was given.',
        kept="Nothing was changed.",
        remedy=f'Give "{column}".',
    )


def unfit(rule: str) -> ProjectError:
    """Of a row that breaks a rule of its table."""
    return ProjectError(
        f"What was given is none of the values that are stored there (rule {rule}).",
        kept="Nothing was changed.",
        remedy="Give one that the documentation of the method names.",
    )


def disk_error(folder: Path, error: OSError) -> ProjectError:
    """Of a file beside the database, such as a backup."""
    if DiskFull.is_meant_by(error):
        return _full(folder)
    there = _closed_place(error)
    if there is not None:
        return ProjectError(
            told_closed(there), kept=_KEPT, remedy=let_others(owner_of(there), folder)
        )
    return ProjectError(
        f"A file in the project {folder} cannot be written: {error.strerror or error}.",
        kept=_KEPT,
        remedy="Check that the disk is connected, has room and may be written to.",
    )


def let_others(owner: str, folder: Path) -> str:
    """What to do about a file of theirs in a project, "" of nobody knows whom."""
    return (
        f"{owner or 'Whoever may'} can let others write the project: chmod -R g+w "
        f"{shlex.quote(str(folder))}."
    )


def _closed_place(error: OSError) -> Path | None:
    """What may not be written, a file or the folder for it, where that is what failed."""
    if not isinstance(error, PermissionError) or error.filename is None:
        return None
    file = Path(str(error.filename))
    return next(
        (one for one in (file, *file.parents) if os.path.exists(one) and not may_write(one)),  # noqa: PTH110
        None,
    )


def _full(folder: Path) -> DiskFull:
    return DiskFull(
        f"There is no room left on the disk of the project {folder}.",
        kept=f"This change was not made. {_KEPT}",
        remedy="Free some space and do it again.",
    )


def primary_code(error: BaseException | None) -> int | None:
    """SQLite's primary result code, without its extension; None for any other error."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def is_about_writing(error: BaseException | None) -> bool:
    """Whether SQLite, also where it only reads, had to write beside the database and could not."""
    return no_room_beside(error) or primary_code(error) in (
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
    )


def no_room_beside(error: BaseException | None) -> bool:
    """Whether that was for want of room. Whoever has the database open holds this file with all
    the room that it takes, so then nobody has."""
    return getattr(error, "sqlite_errorcode", None) == _NO_ROOM_FOR_INDEX


def is_about_the_disk(error: BaseException | None) -> bool:
    """Whether SQLite could not reach the database, or a file beside it, of which it does not say
    more: also where their folder was moved after it was opened."""
    return primary_code(error) in _DISK


def translated(error: BaseException | None, folder: Path) -> ProjectError | None:
    """The error for the user, or None where it is not about the state of the disk or file."""
    # Of text that is none, the driver says so itself, without a code of SQLite's.
    if isinstance(error, UnicodeDecodeError) or "Could not decode" in str(error):
        return damaged(folder, "a text in it cannot be read")
    if no_room_beside(error):
        return _full(folder)
    extended = getattr(error, "sqlite_errorcode", None)
    if extended == sqlite3.SQLITE_CONSTRAINT_NOTNULL:
        return incomplete(str(error).rpartition(".")[2])
    if extended == sqlite3.SQLITE_CONSTRAINT_CHECK:
        return unfit(str(error).rpartition(": ")[2])
    match primary_code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return ProjectLocked(
                f"Another program is writing to the project {folder}.",
                kept=f"This change was not made. {_KEPT}",
                remedy="Wait until it has finished, or close it, and try again.",
            )
        case sqlite3.SQLITE_READONLY:
            return read_only(folder, "its database cannot be written")
        case sqlite3.SQLITE_FULL:
            return _full(folder)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(folder, str(error))
        case code if code in _DISK:
            return ProjectError(
                f"The database of the project {folder} cannot be read or written: {error}.",
                kept=_KEPT,
                remedy="Check that the disk is connected, has room and may be written to.",
            )
    return None
