"""Where one machine has images and videos of a shared project that others have elsewhere.

In a file of the project's folder, by the machine's name: several may open that folder, on a drive,
and have the images at places of their own. No label depends on it.
"""

import json
import math
import platform
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, select

from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.store.engine.failures import disk_error
from landmark_annotator.projects.store.engine.many_rows import AT_ONCE
from landmark_annotator.projects.store.schema.tables import ImageTable, VideoTable

PLACES_NAME = "places.json"
_LOOKS_S = 1.0
"""A place is asked for with every image, and the disk so seldom whether another window has said
something new."""
_known: dict[Path, tuple[float, object, Mapping[str, str]]] = {}


def own_place(stored: str, folder: Path) -> Path | None:
    """Of what the project knows by this path; None where this machine has it where all have."""
    found = _places(folder).get(stored)
    return None if found is None else Path(found)


def say_places(connection: Connection, folder: Path, found: Mapping[str, Path]) -> None:
    """From now on this machine looks for these there, which changes nothing for others. found: by
    the SHA-256 of their content. Raises ProjectError where the folder cannot be written."""
    own = {**_read(folder).get(platform.node(), {})}
    for stored, content in _stored(connection, found):
        if found[content] == folder / stored:
            own.pop(stored, None)
        else:
            own[stored] = found[content].as_posix()
    _write(folder, own)


@contextmanager
def as_everybody(folder: Path) -> Iterator[None]:
    """Within, this machine looks for all of them where everybody does. What it has said stays."""
    _known[folder] = math.inf, None, {}
    try:
        yield
    finally:
        _known.pop(folder, None)


def _stored(connection: Connection, found: Mapping[str, Path]) -> list[tuple[str, str]]:
    """Path and content, as the database has them."""
    contents, rows = sorted(found), list[tuple[str, str]]()
    for table in (ImageTable, VideoTable):
        for start in range(0, len(contents), AT_ONCE):
            these = table.sha256.in_(contents[start : start + AT_ONCE])
            asked = connection.execute(select(table.path, table.sha256).where(these))
            rows += [(row.path, row.sha256) for row in asked]
    return rows


def _write(folder: Path, own: Mapping[str, str]) -> None:
    machines = {**_read(folder), platform.node(): own}
    try:
        write_whole(folder / PLACES_NAME, json.dumps(machines, indent=0))
    except OSError as error:
        raise disk_error(folder, error) from error
    _known.pop(folder, None)


def _places(folder: Path) -> Mapping[str, str]:
    now = time.monotonic()
    known = _known.get(folder)
    if known is not None and now - known[0] < _LOOKS_S:
        return known[2]
    try:
        there = (folder / PLACES_NAME).stat()
        stamp: object = there.st_mtime_ns, there.st_size, there.st_ino
    except OSError:
        stamp = None
    if known is not None and known[1] == stamp:
        places = known[2]
    else:
        places = {} if stamp is None else _read(folder).get(platform.node(), {})
    _known[folder] = now, stamp, places
    return places


def _read(folder: Path) -> dict[str, Mapping[str, str]]:
    """What cannot be read says nothing: all is looked for where everybody has it, and found again
    as it was before."""
    try:
        said = json.loads((folder / PLACES_NAME).read_text(encoding="utf-8"))
        return {
            str(machine): {str(stored): str(path) for stored, path in places.items()}
            for machine, places in said.items()
        }
    except (OSError, ValueError, AttributeError):
        return {}
