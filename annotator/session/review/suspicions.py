"""What the last search for wrong labels found, kept in a file of the project's folder.

The search itself is slow (`evaluation.label_audit`); whoever reviews reads what it left. Each
finding is of one state of a shape: where the shape has changed since, it says nothing.
"""

import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from landmark_annotator.projects.store import InstanceRecord, Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

_FILE = "audit.json"
_FORMAT = 1
_LOOK = 4.0
"""Distances above the usual from which on a shape is worth a look in any case."""


@dataclass(frozen=True)
class Suspicion:
    """score: how odd the labels are, in distances from the usual. kind: moved, swapped, mirrored,
    another; landmarks: which ones. percent: of the normaliser by which a moved one is off."""

    score: float
    kind: str
    landmarks: tuple[int, ...] = ()
    percent: float | None = None

    @property
    def look(self) -> bool:
        return self.score >= _LOOK

    def sentence(self, scheme: Scheme) -> str:
        """What looks wrong; empty where nothing is far above the usual."""
        if not self.look:
            return ""
        names = [scheme.landmarks[i] for i in self.landmarks]
        if self.kind == "mirrored":
            return "left and right look exchanged: swapping them lowers the surprise"
        if self.kind == "swapped":
            return f"{names[0]} and {names[1]} look swapped"
        if self.kind == "another":
            return "the whole shape looks like another object's, or out of place"
        off = "" if self.percent is None else f" {self.percent:.0f} % off"
        return f"{names[0]} looks{off or ' out of place'}"


def revision(box: Box | None, shape: Shape) -> str:
    """Of what is judged: another where a point or the box is."""
    points = shape.points.tobytes() + repr(box).encode()
    return blake2b(points, digest_size=8).hexdigest()


def keep(project: Project, found: Mapping[int, tuple[str, Suspicion]]) -> None:
    """found: revision and finding by the instance's id. Where the folder cannot be written they
    are not kept."""
    content = {
        "format": _FORMAT,
        "found": {str(i): {"revision": at, **asdict(one)} for i, (at, one) in found.items()},
    }
    part = _path(project).with_suffix(".part")
    with suppress(OSError):
        part.write_text(json.dumps(content) + "\n", encoding="utf-8")
        part.replace(_path(project))


def kept(project: Project) -> Mapping[int, tuple[str, Suspicion]]:
    """Whatever the last search found, of shapes that have changed since too."""
    path = _path(project)
    try:
        facts = path.stat()
    except OSError:
        return {}
    return _kept(path, facts.st_ino, facts.st_size, facts.st_mtime_ns)


@lru_cache(maxsize=2)
def _kept(path: Path, *_content: int) -> Mapping[int, tuple[str, Suspicion]]:
    """Read once as long as the file is the same: it may be of a hundred thousand shapes, and is
    asked for at every one that a reviewer opens."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            return {}
        return {int(i): (row.pop("revision"), _read(row)) for i, row in content["found"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # A file that can be made again: none is as good as a damaged one.


def suspicions(project: Project, among: Sequence[int] | None = None) -> dict[int, Suspicion]:
    """By the instance's id, those that are of the shapes as they are now. among: of these alone,
    which are the only ones looked at."""
    found = kept(project)
    if not found:
        return {}
    standing = (
        (record.id, suspicion_of(record, shape, found))
        for record, shape in project.shapes(bare=True, among=among)
    )
    return {i: one for i, one in standing if one is not None}


def suspicion_of(
    record: InstanceRecord, shape: Shape, found: Mapping[int, tuple[str, Suspicion]]
) -> Suspicion | None:
    """What is kept of the instance, if it is of this very shape."""
    at, one = found.get(record.id, ("", None))
    return one if at == revision(record.box, shape) else None


def _read(row: Mapping[str, object]) -> Suspicion:
    found = Suspicion(**{**row, "landmarks": tuple(row["landmarks"])})  # type: ignore[arg-type]
    if not math.isfinite(found.score):
        raise ValueError("a score that is none")
    return found


def _path(project: Project) -> Path:
    return project.folder / _FILE
