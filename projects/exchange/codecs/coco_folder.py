"""COCO keypoints as a folder, as FiftyOne and supervision open it without being told more.

    labels.json
    data/...

The file is that of `coco`, but that the names of its images start from the folder `data`.
"""

from collections.abc import Iterable
from pathlib import Path

from landmark_annotator.projects.exchange.codecs import coco
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import make_folder
from landmark_annotator.projects.vocabulary import Scheme

_FILE, _IMAGES = "labels.json", "data"


def sniff(source: Path) -> bool:
    return source.is_dir() and (source / _IMAGES).is_dir() and coco.sniff(source / _FILE)


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """As of `coco`."""
    return coco.read(source / _FILE, scheme, images=images or source / _IMAGES, annotator=annotator)


def landmarks(source: Path) -> Scheme:
    return coco.landmarks(source / _FILE)


def write(target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
    """Into the folder `target`. Raises FormatError or DiskFull."""
    make_folder(target)
    return coco.write_from(target / _FILE, target / _IMAGES, instances, scheme)
