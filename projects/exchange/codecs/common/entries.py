"""What travels between a label file and a project."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import fmean
from typing import Any, Self

from landmark_annotator.projects.vocabulary import Box, RegionMask, Shape

Size = tuple[int, int]


def size_said(width: Any, height: Any) -> Size | None:
    """Of an image, by what a file has there; None where that is no size."""
    if isinstance(width, bool) or isinstance(height, bool):
        return None
    try:
        size = int(width), int(height)
    except (TypeError, ValueError, OverflowError):
        return None
    return size if min(size) > 0 else None


@dataclass(frozen=True)
class ImportedInstance:
    """One object as a label file describes it.

    shape: nothing known of it where the file names only the image. box: None where the file
    has none. source: a key of the entry, unique in its image, and the same each time the file is
    read and however the path to it is written. confidence: of a prediction, how sure the program
    that made it was of each of the L landmarks, 0 to 1; None where it did not say. annotator: whose
    labels they are, where the file says so; empty where it does not. frame: image is a video, and
    this its frame, from 0. track: the name of its track in that video, empty of none. at: when the
    labels were made, None where the file does not say. masks: of regions, by their names. size: the
    width and height that the file says of the image, None where it says none. started: whether the
    file says that nobody has accepted the shape yet, however complete it is. mm_per_pixel: what the
    file says of a pixel of the image, None where it says nothing.
    """

    image: Path
    shape: Shape
    box: Box | None
    source: str
    confidence: tuple[float, ...] | None = None
    annotator: str = ""
    frame: int | None = None
    track: str = ""
    at: datetime | None = None
    masks: Mapping[str, RegionMask] = field(default_factory=dict)
    size: Size | None = None
    started: bool = False
    mm_per_pixel: float | None = None


@dataclass(frozen=True)
class ExportedInstance:
    """One object of a project on its way to a file. width and height are the image's. annotator:
    whose labels they are; empty where nobody accepted or imported them. sha256: of the image's
    bytes, which a copy of it must have; empty where it is not known. mm_per_pixel: what one of its
    pixels measures, None where nobody knows. video, frame: what the image is a frame of; image is
    then the file that it was written to, or the video itself where the format names frames. track:
    the name of its track, empty of none. at: when the labels were made, None where that is not
    known. masks: of regions, by their names. state: accepted, started or untouched where shapes
    that are not accepted go along; empty where all are. confidence: of a prediction that nobody has
    looked at, how sure the model is of each of the L landmarks, as of `ImportedInstance`; None of
    labels. left: the first later frame with labels that has no object of its track; None where
    there is none."""

    image: Path
    width: int
    height: int
    shape: Shape
    box: Box | None
    source: str
    annotator: str = ""
    sha256: str = ""
    mm_per_pixel: float | None = None
    video: Path | None = None
    frame: int | None = None
    track: str = ""
    at: datetime | None = None
    masks: Mapping[str, RegionMask] = field(default_factory=dict)
    state: str = ""
    left: int | None = None
    confidence: tuple[float, ...] | None = None

    @property
    def score(self) -> float | None:
        """Of a prediction, how sure the model is of it on average; None of labels."""
        return None if self.confidence is None else fmean(self.confidence)

    @property
    def place(self) -> tuple[Path, int | None]:
        """The same for all objects of one image."""
        return self.image, self.frame if self.image == self.video else None


@dataclass(frozen=True)
class Unreadable:
    """A file, or an entry of one, that was left out. reason: one plain sentence or more."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Contents:
    """All that a label file or folder holds. notes: what a person should know about it."""

    instances: list[ImportedInstance] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Stream:
    """As Contents, but its instances are read as they are asked for, once. unreadable and notes get
    what is found on the way. count: how many instances there are, at least nearly; None where
    nobody knows."""

    instances: Iterator[ImportedInstance]
    unreadable: list[Unreadable]
    notes: list[str]
    count: int | None = None

    @classmethod
    def of(cls, contents: Contents) -> Self:
        count = len(contents.instances)
        return cls(iter(contents.instances), contents.unreadable, contents.notes, count)

    def whole(self) -> Contents:
        return Contents(list(self.instances), self.unreadable, self.notes)


@dataclass(frozen=True)
class Written:
    """What reached a label file. notes: what the format could not carry."""

    instances: int
    images: int
    notes: list[str]
