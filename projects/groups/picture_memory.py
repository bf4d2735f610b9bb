"""Small pictures of a project's images, kept by the hash of their content: each is read once."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from landmark_annotator.projects.folder_sync import discard
from landmark_annotator.projects.groups.likeness import SIDE, small_picture
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import ImageRecord
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError

_FILE = "small_pictures.npz"
_VERSION = 1


def small_pictures(folder: Path, images: Sequence[ImageRecord]) -> dict[int, Pixels]:
    """By the image's id; without those that cannot be read. folder: of the project, where they
    are kept, unless it cannot be written."""
    kept = _read(folder / _FILE)
    found, new = {}, False
    for image in images:
        if image.sha256 not in kept:
            try:
                kept[image.sha256] = small_picture(pixels_of(image))
            except ImageError:
                continue
            new = True
        found[image.id] = kept[image.sha256]
    if new:
        _write(folder / _FILE, kept)
    return found


def _read(file: Path) -> dict[str, Pixels]:
    """What is damaged is as if it were not there."""
    try:
        # NumPy leaves a file open that it cannot make sense of.
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as content:
            if int(content["version"]) != _VERSION:
                return {}
            names, pictures = content["names"].tolist(), content["pictures"]
    except Exception:  # noqa: BLE001 - what damaged archives make of their readers has no end
        return {}
    if pictures.shape != (len(names), SIDE, SIDE):
        return {}
    return dict(zip(names, pictures, strict=True))


def _write(file: Path, kept: dict[str, Pixels]) -> None:
    part = file.with_name(file.stem + ".part.npz")
    try:
        pictures = np.stack(list(kept.values()))
        np.savez(part, version=_VERSION, names=np.array(list(kept)), pictures=pictures)
        part.replace(file)
    except OSError:
        discard(part)
