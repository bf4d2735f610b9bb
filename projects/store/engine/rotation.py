"""Backups beside a project: made before what is risky and once a day, and fewer the older they are.

As in Anki: all of today and yesterday, then the newest of each day, week and month. A backup is a
whole database in one file, named by when and before what it was made, checked when it was written.
Which is newer says a number in its name: clocks go back.
"""

import os
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from landmark_annotator.projects.folder_sync import discard, make_folder
from landmark_annotator.projects.store.engine.address import ADDRESS_NAME, read_address
from landmark_annotator.projects.store.engine.backup import back_up
from landmark_annotator.projects.store.engine.dump import dump
from landmark_annotator.projects.store.engine.failures import disk_error
from landmark_annotator.projects.store.engine.log_files import log_of

FOLDER = "backups"
OF_FILE, OF_SERVER = ".db", ".dump"
_STAMP = "%Y-%m-%dT%H-%M-%S-%fZ"
_RECENT = timedelta(days=2)
MOST_RECENT, DAYS, WEEKS, MONTHS = 20, 12, 10, 9
"""How many are kept of the last two days, of the days, weeks and months before."""
_GIVEN_UP = timedelta(days=1)
"""So old nobody is writing it any more."""
EVERY = timedelta(hours=20)
"""So often one is made while people work: once a working day."""


@dataclass(frozen=True)
class Backup:
    """at: aware, UTC. occasion: what it was made before, or `daily`. number: larger than those of
    all that were there before it; 0 of what earlier versions made."""

    path: Path
    at: datetime
    occasion: str
    number: int = 0

    @property
    def order(self) -> tuple[int, datetime]:
        """In which they were made, as far as their own clocks do not have to be asked."""
        return self.number, self.at

    @property
    def size(self) -> int:
        """In bytes."""
        return self.path.stat().st_size


def backups(project_folder: Path) -> list[Backup]:
    """The newest first; files of other names are none."""
    found = []
    here = project_folder / FOLDER
    for path in (*here.glob(f"*{OF_FILE}"), *here.glob(f"*{OF_SERVER}")):
        stamp, _, rest = path.stem.partition("_")
        occasion, _, number = rest.partition(".")
        try:
            at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, at, occasion, int(number or 0)))
        except ValueError:
            continue
    return _newest_first(found)


def back_up_now(database: Path, occasion: str, now: datetime | None = None) -> Backup:
    """database: its file, or the file with its address. occasion: a word. Those that are no longer
    kept go after it.

    Where nothing was written since the newest backup, that one is returned: it is the same.
    Raises DiskFull, or ProjectError where the database is damaged or cannot be read.
    """
    now = now or datetime.now(UTC)
    before, written = backups(database.parent), _written(database)
    if before and _holds(before[0], written):
        return before[0]
    folder = database.parent / FOLDER
    try:
        make_folder(folder)
    except OSError as error:
        raise disk_error(database.parent, error) from error
    address = read_address(database.parent) if database.name == ADDRESS_NAME else None
    suffix = OF_FILE if address is None else OF_SERVER
    number = 1 + (before[0].number if before else 0)
    name = f"{now.strftime(_STAMP)}_{occasion}.{number:05}{suffix}"
    made = Backup(folder / name, now, occasion, number)
    if address is None:
        back_up(database, made.path)
    else:
        dump(address, made.path)
    with suppress(OSError):  # then another one of the same will be made
        os.utime(made.path, ns=(written, written))
    for old in set(before) - kept(before, now):
        discard(old.path)
    _discard_unfinished(folder)
    return made


def _discard_unfinished(folder: Path) -> None:
    """What programs that were killed meanwhile have left, each as large as the database; not what
    another one may still be writing."""
    for part in folder.glob("*.partial*"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > _GIVEN_UP.total_seconds():
                discard(part)


def due(database: Path, now: datetime | None = None) -> bool:
    """Whether the newest one is a day old and something was written since."""
    now = now or datetime.now(UTC)
    newest = next((one for one in backups(database.parent) if one.at <= now), None)
    if newest is None:
        return True
    return not _holds(newest, _written(database)) and now - newest.at >= EVERY


def kept(all_of_them: Collection[Backup], now: datetime) -> set[Backup]:
    """Those to keep. What is from the future, after a clock went back, counts as recent."""
    newest_first = _newest_first(all_of_them)
    recent = [one for one in newest_first if now - one.at < _RECENT]
    found = set(recent[:MOST_RECENT])
    older = [one for one in newest_first if one not in set(recent)]
    for period, count in (("%Y-%m-%d", DAYS), ("%G-%V", WEEKS), ("%Y-%m", MONTHS)):
        found.update(_newest_of_each(older, period, count))
    return found


def _newest_of_each(newest_first: Iterable[Backup], period: str, count: int) -> list[Backup]:
    newest: dict[str, Backup] = {}
    for one in newest_first:
        newest.setdefault(one.at.strftime(period), one)
    return list(newest.values())[:count]


def _newest_first(some: Iterable[Backup]) -> list[Backup]:
    return sorted(some, key=lambda one: one.order, reverse=True)


def _holds(backup: Backup, written: int) -> bool:
    """Whether nothing was written since it was made: its file has the time of the database then,
    which is compared for being the same, for a clock that went back makes what is later earlier."""
    return backup.path.stat().st_mtime_ns == written


def _written(database: Path) -> int:
    """When the database or its log was written last, in nanoseconds; backups do not count.

    Of a server nobody knows: always.
    """
    if database.name == ADDRESS_NAME:
        return time.time_ns()
    files = database, log_of(database)
    return max(path.stat().st_mtime_ns for path in files if path.exists())
