"""A verified copy of a project's database."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from landmark_annotator.projects.folder_sync import discard, sync_folder
from landmark_annotator.projects.store.engine.failures import damaged, disk_error, translated
from landmark_annotator.projects.store.engine.log_files import BESIDE, leave_to_others


def back_up(database: Path, target: Path) -> None:
    """Copy the database as of now, and check the copy; other programs may go on using it.

    The copy appears under its name only when it is whole and on the disk. Raises DiskFull, or
    ProjectError where the database is damaged.
    """
    partial = target.with_name(target.name + ".partial")
    if not _takes_a_copy(partial):
        _discard(partial)
    try:
        # Of a folder that takes no file SQLite says that it cannot open the database.
        partial.touch()
        with (
            closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(partial)) as copy,
        ):
            source.backup(copy)
            leave_to_others(database)
            found = [str(row[0]) for row in copy.execute("PRAGMA integrity_check")]
            if found != ["ok"]:
                raise damaged(database.parent, found[0])
            # A copy in one file, without a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
        with partial.open("rb+") as whole:
            os.fsync(whole.fileno())
        partial.replace(target)
        sync_folder(target.parent)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise translated(error, database.parent) or error from error
    except OSError as error:
        raise disk_error(database.parent, error) from error
    finally:
        _discard(partial)


def _takes_a_copy(partial: Path) -> bool:
    """Whether it is a database, or none yet: what else a killed program or a damaged disk has left
    under this name would be taken for damage of the project."""
    if not partial.exists():
        return True
    try:
        with closing(sqlite3.connect(partial)) as copy:
            copy.execute("PRAGMA schema_version")
    except sqlite3.OperationalError:
        return True  # in use, or not to be opened: which copying tells
    except sqlite3.DatabaseError:
        return False
    return True


def _discard(partial: Path) -> None:
    """With what SQLite leaves beside a file where the disk took no more of it."""
    for beside in BESIDE:
        discard(partial.with_name(partial.name + beside))
