"""Copies of what was fetched, in one folder of this user: what was used longest ago leaves first.

Files come in whole, by renaming, and any process may take one away at any time: who reads one that
went meanwhile fetches it again.
"""

import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from landmark_annotator.projects.remote import settings
from landmark_annotator.projects.remote.addresses import cache_folder
from landmark_annotator.projects.vocabulary.errors import DiskFull

_SHARE = 16
"""The folder is measured again after this part of its limit has come in."""
_OLD_S = 86_400
"""Seconds after which an unfinished file is one whose process has died."""


class _Room:
    """How much more may come in before all is measured. Of this process: it forgets nothing that
    others put there for longer than a part of the limit."""

    folder: Path | None = None
    left = 0


@contextmanager
def unfinished() -> Iterator[Path]:
    """A new name in the cache, for a file that `put` takes over; it goes with the context.

    Raises DiskFull where there is no such folder and none can be made.
    """
    folder = cache_folder() / "unfinished"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise no_room(error) from error
    file = folder / uuid.uuid4().hex
    try:
        yield file
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def put(file: Path, place: Path) -> None:
    """The finished file to its place, whole. Raises DiskFull."""
    try:
        make_room(file.stat().st_size)
        place.parent.mkdir(parents=True, exist_ok=True)
        file.replace(place)
    except OSError as error:
        raise no_room(error) from error


def used(place: Path) -> None:
    """It is the last that leaves now; its time of change stays, by which others know it."""
    with suppress(OSError):
        os.utime(place, ns=(time.time_ns(), place.stat().st_mtime_ns))


def kept(name: str, make: Callable[[Path], object]) -> Path:
    """A small thing of this name, made where it is not there: `make` writes it to a path.

    Raises DiskFull, and what `make` raises.
    """
    place = cache_folder() / "made" / name
    if place.is_file():
        used(place)
        return place
    with unfinished() as file:
        make(file)
        put(file, place)
    return place


def make_room(need: int) -> None:
    """Until `need` bytes more do not exceed the limit, or nothing is left. Raises DiskFull where
    they alone do."""
    limit, folder = settings.cache_limit(), cache_folder()
    if need > limit:
        raise DiskFull(
            f"An image of {need / 1e6:,.1f} MB does not fit into the cache of "
            f"{limit / 1e6:,.1f} MB.",
            kept="Nothing was fetched.",
            remedy="Let the cache grow: annotator sources --cache-limit 20GB.",
        )
    if _Room.folder == folder and need <= _Room.left:
        _Room.left -= need
        return
    files = _files(folder)
    total = sum(size for _, size, _ in files)
    goal = limit - limit // _SHARE
    if total + need > goal:
        files.sort()
        for _, size, file in files:
            if total + need <= goal or total == 0:
                break
            with suppress(OSError):
                file.unlink(missing_ok=True)
                total -= size
    _Room.folder, _Room.left = folder, min(limit - total, limit // _SHARE) - need


def measure() -> tuple[int, int]:
    """How many files there are, and their bytes."""
    files = _files(cache_folder())
    return len(files), sum(size for _, size, _ in files)


def clear() -> int:
    """Takes all copies away; how many bytes they were. What is fetched just now goes on."""
    freed = 0
    for _, size, file in _files(cache_folder()):
        with suppress(OSError):
            file.unlink()
            freed += size
    _Room.folder = None
    return freed


def no_room(error: OSError) -> DiskFull:
    return DiskFull(
        f"A fetched image cannot be put into the cache {cache_folder()}: "
        f"{error.strerror or error}.",
        kept="Nothing else was changed.",
        remedy="Make room there, or name another folder in the environment variable "
        "LANDMARK_CACHE.",
    )


def _files(folder: Path) -> list[tuple[int, int, Path]]:
    """(when it was last used, bytes, file) of each; those that a killed process left go."""
    found = []
    for part in ("images", "made", "unfinished"):
        for where, _, names in os.walk(folder / part):
            for name in names:
                file = Path(where, name)
                try:
                    facts = file.stat()
                except OSError:
                    continue  # another process took it away
                if part != "unfinished":
                    found.append((facts.st_atime_ns, facts.st_size, file))
                elif time.time_ns() - facts.st_mtime_ns > _OLD_S * 10**9:
                    with suppress(OSError):
                        file.unlink()
    return found
