"""Backups beside a project: made before what is risky and once a day, and fewer the older they are.

As in Anki: all of today and yesterday, then the newest of each day, week and month. A backup is a
whole database in one file, named by when and before what it was made, checked when it was written.
"""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from landmark_annotator.projects.folder_sync import make_folder
from landmark_annotator.projects.store.engine.address import ADDRESS_NAME, read_address
from landmark_annotator.projects.store.engine.backup import back_up
from landmark_annotator.projects.store.engine.dump import dump
from landmark_annotator.projects.store.engine.failures import disk_error

FOLDER = "backups"
OF_FILE, OF_SERVER = ".db", ".dump"
_STAMP = "%Y-%m-%dT%H-%M-%S-%fZ"
_RECENT = timedelta(days=2)
MOST_RECENT, DAYS, WEEKS, MONTHS = 20, 12, 10, 9
"""How many are kept of the last two days, of the days, weeks and months before."""
EVERY = timedelta(hours=20)
"""So often one is made while people work: once a working day."""


@dataclass(frozen=True)
class Backup:
    """at: aware, UTC. occasion: what it was made before, or `daily`."""

    path: Path
    at: datetime
    occasion: str

    @property
    def size(self) -> int:
        """In bytes."""
        return self.path.stat().st_size


def backups(project_folder: Path) -> list[Backup]:
    """The newest first; files of other names are none."""
    found = []
    here = project_folder / FOLDER
    for path in (*here.glob(f"*{OF_FILE}"), *here.glob(f"*{OF_SERVER}")):
        stamp, _, occasion = path.stem.partition("_")
        try:
            at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue
        found.append(Backup(path, at, occasion))
    return sorted(found, key=lambda one: one.at, reverse=True)


def back_up_now(database: Path, occasion: str, now: datetime | None = None) -> Backup:
    """database: its file, or the file with its address. occasion: a word. Those that are no longer
    kept go after it.

    Where nothing was written since the newest backup, that one is returned: it is the same.
    Raises DiskFull, or ProjectError where the database is damaged or cannot be read.
    """
    now = now or datetime.now(UTC)
    before = backups(database.parent)
    if before and before[0].path.stat().st_mtime_ns > _written(database):
        return before[0]
    folder = database.parent / FOLDER
    try:
        make_folder(folder)
    except OSError as error:
        raise disk_error(database.parent, error) from error
    address = read_address(database.parent) if database.name == ADDRESS_NAME else None
    suffix = OF_FILE if address is None else OF_SERVER
    made = Backup(folder / f"{now.strftime(_STAMP)}_{occasion}{suffix}", now, occasion)
    if address is None:
        back_up(database, made.path)
    else:
        dump(address, made.path)
    for old in set(before) - kept(before, now):
        old.path.unlink(missing_ok=True)
    return made


def due(database: Path, now: datetime | None = None) -> bool:
    """Whether the newest one is a day old and something was written since."""
    now = now or datetime.now(UTC)
    newest = next((one for one in backups(database.parent) if one.at <= now), None)
    if newest is None:
        return True
    fresh = newest.path.stat().st_mtime_ns > _written(database)
    return not fresh and now - newest.at >= EVERY


def kept(all_of_them: Collection[Backup], now: datetime) -> set[Backup]:
    """Those to keep. What is from the future, after a clock went back, counts as recent."""
    newest_first = sorted(all_of_them, key=lambda one: one.at, reverse=True)
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


def _written(database: Path) -> int:
    """When the database or its log was written last, in nanoseconds; backups do not count.

    Of a server nobody knows: always.
    """
    if database.name == ADDRESS_NAME:
        return time.time_ns()
    log = database.with_name(database.name + "-wal")
    return max(path.stat().st_mtime_ns for path in (database, log) if path.exists())
