"""A project made again from a backup: beside the present one, or in its place, which is kept.

Of a shared project: `restoring_shared`.
"""

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from landmark_annotator.projects.file_rights import may_write, owner_of, told_closed
from landmark_annotator.projects.folder_sync import discard, make_folder, sync_folder, taken_back
from landmark_annotator.projects.remote import is_address
from landmark_annotator.projects.store.engine.backup import back_up
from landmark_annotator.projects.store.engine.dump import is_whole
from landmark_annotator.projects.store.engine.failures import disk_error
from landmark_annotator.projects.store.engine.log_files import BESIDE
from landmark_annotator.projects.store.engine.rotation import OF_FILE, OF_SERVER, backups
from landmark_annotator.projects.store.opening import DATABASE_NAME
from landmark_annotator.projects.store.presence import visitors
from landmark_annotator.projects.store.safety.keeping_aside import keep_aside
from landmark_annotator.projects.vocabulary.errors import ProjectError

_PATHS = (
    ("SELECT id, path FROM images", "UPDATE images SET path = ? WHERE id = ?"),
    ("SELECT id, path FROM videos", "UPDATE videos SET path = ? WHERE id = ?"),
)
_RESTORING = ".restoring"
OLDER = f".{DATABASE_NAME}.older-"
"""With which the folder's name begins in which a copy of an older project is brought up to date."""


def newest_sound(project_folder: Path) -> Path:
    """The newest backup that is whole. Raises ProjectError where there is none."""
    beside = sorted(
        project_folder.glob("*.backup.db"), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for path in (*(one.path for one in backups(project_folder)), *beside):
        if is_sound(path):
            return path
    raise ProjectError(
        f"There is no backup of {project_folder} that can be read.",
        kept="Nothing was changed.",
        remedy="Name one: --backup FILE; or see what can be read of the project: annotator check.",
    )


def is_sound(database: Path) -> bool:
    """Whether all of it can be read and fits together; of a shared project's, that it is whole."""
    if database.suffix == OF_SERVER:
        return is_whole(database)
    try:
        uri = f"{database.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def restore(backup: Path, original: Path, target: Path) -> None:
    """A project in the folder `target`, which is new or empty, from a backup of `original`.

    Images that lie in the original's folder are found there. Trained models are not in a backup.
    Raises ProjectError where the target holds anything, or the backup is no sound database.
    """
    refuse_damaged(backup)
    refuse_there(target)
    with taken_back(target):
        try:
            make_folder(target)
        except OSError as error:
            raise disk_error(target, error) from error
        _put(backup, target / DATABASE_NAME, images_of=original.resolve())


def restore_in_place(backup: Path, folder: Path) -> Path:
    """The backup becomes the project's database; what was there is kept, and where is returned.

    Raises ProjectError where somebody has the project open, or the backup is no sound database.
    """
    refuse_damaged(backup)
    if visitors(folder):
        raise ProjectError(
            f"The project {folder} is open.",
            kept="Nothing was changed.",
            remedy="Close it everywhere, then restore it.",
        )
    present, whole = folder / DATABASE_NAME, folder / f"{DATABASE_NAME}.restored"
    if present.exists() and not may_write(present):
        # It would be of this account from then on, and whoever had it could not write it.
        raise ProjectError(
            told_closed(present),
            kept="Nothing was changed.",
            remedy=f"{owner_of(present) or 'Whoever may write it'} can restore it; or restore it "
            "beside the present one: --to NEW_FOLDER.",
        )
    try:
        _put(backup, whole)
        if present.exists():  # and who may write it, may go on doing so
            whole.chmod(stat.S_IMODE(present.stat().st_mode))
        there = [folder / f"{DATABASE_NAME}{suffix}" for suffix in BESIDE]
        there = [path for path in there if path.exists()]
        aside = keep_aside(there, folder, "restoring")
        # A log that stayed would be applied to the backup and spoil it. At every moment there is
        # a project to open: first without its log, which is aside, then from the backup.
        for path in there:
            if path.name != DATABASE_NAME:
                path.unlink()
        whole.replace(present)
        sync_folder(folder)
    except OSError as error:
        raise disk_error(folder, error) from error
    finally:
        discard(whole)
    return aside


def refuse_there(target: Path, made: str = "a backup is restored") -> None:
    """made: what is done into it. One that was killed meanwhile is as if it had not begun."""
    left = [*target.iterdir()] if target.is_dir() else []
    if all(map(_is_of_killed, left)):
        for one in left:
            if one.is_dir():
                shutil.rmtree(one, ignore_errors=True)
            else:
                discard(one)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ProjectError(
            f"{target} is there already, and {made} into a new folder.",
            kept="Nothing was changed.",
            remedy="Name a folder that does not exist yet.",
        )


def _is_of_killed(part: Path) -> bool:
    """Whether only a copy or a restoring gives this name, and none is at work on it."""
    if part.name.startswith(OLDER):
        return not _being_written(part / DATABASE_NAME)
    unfinished = (f"{DATABASE_NAME}.partial", f".{DATABASE_NAME}{_RESTORING}")
    names = {f"{name}{beside}" for name in unfinished for beside in BESIDE}
    return part.name in names and not _being_written(part)


def _being_written(part: Path) -> bool:
    """Whether another program does so now: who is killed holds no lock any more."""
    try:
        with closing(sqlite3.connect(part, timeout=0)) as connection:
            connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    except sqlite3.DatabaseError:  # not even the beginning of one is there, or it is a log
        return False
    return False


def refuse_damaged(backup: Path, suffix: str = OF_FILE) -> None:
    """suffix: of backups of this kind of project."""
    if backup.suffix in {OF_FILE, OF_SERVER} - {suffix}:
        raise ProjectError(
            f"{backup} is a backup of {'a shared' if suffix == OF_FILE else 'no shared'} project.",
            kept="Nothing was changed.",
            remedy="Name the project that it was made of.",
        )
    if not backup.is_file() or not is_sound(backup):
        raise ProjectError(
            f"{backup} is no backup, or it is damaged.",
            kept="Nothing was changed.",
            remedy="Take another one; annotator restore PROJECT lists them.",
        )


def from_anywhere(path: str, images_of: Path) -> str:
    """As a project in another folder finds the same file. path: as it is stored."""
    return path if is_address(path) else (images_of / path).as_posix()


def _put(backup: Path, database: Path, images_of: Path | None = None) -> None:
    """Written beside its name and checked there. images_of: where relative paths lead."""
    partial = database.with_name(f".{database.name}{_RESTORING}")
    try:
        shutil.copyfile(backup, partial)
        with closing(sqlite3.connect(partial)) as connection, connection:
            if images_of is not None:
                for read, write in _PATHS:
                    rows = connection.execute(read).fetchall()
                    absolute = [(from_anywhere(path, images_of), key) for key, path in rows]
                    connection.executemany(write, absolute)
        back_up(partial, database)
    except OSError as error:
        raise disk_error(database.parent, error) from error
    finally:
        discard(partial)
