"""Boxes of a frame from the labels of a frame near it: which are carried, and how far they are off.

Truth is the reference's shape in that frame, in whose fitted box the shape that was carried lies as
it did in its own. Predictions of another program are no truth, but something to compare with.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.protocols.datasets.clips import predicted_tracks
from landmark_annotator.annotator.protocols.datasets.faces300w import data_folder
from landmark_annotator.annotator.protocols.datasets.labelled_frames import FIELD
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.tracking.carried_boxes import FrameBeside, carried_boxes
from landmark_annotator.backends.shapes.fitting.alignment import similarity_box
from landmark_annotator.projects.images.source import Frame
from landmark_annotator.projects.vocabulary import Box, Progress
from landmark_annotator.projects.vocabulary.arrays import Floats

_FRAMES = 40
_DISTANCES = (1, 3, 5)
_PREDICTED = ("dance17", "flies13", "flies24")


@dataclass(frozen=True, eq=False)
class _Object:
    """points: by frame number, (L, 2) image pixels, NaN where unknown."""

    video: Path
    points: dict[int, Floats]


def carried(options: Options, progress: Progress) -> Figures:
    """At random frames of each video, every object of which the reference knows two landmarks or
    more here and so many frames on."""
    figures: Figures = {}
    sets = {name: _predicted(name) for name in _PREDICTED} | {"openfield4": [_field()]}
    count = options.images or _FRAMES
    progress.start("carried boxes", len(sets) * len(_DISTANCES))
    for name, objects in sets.items():
        random = np.random.default_rng(options.seed)
        for distance in _DISTANCES:
            frames = _frames(objects, distance)
            chosen = random.choice(frames, min(count, len(frames)), replace=False).tolist()
            errors = [
                _error(each, frame, frame + distance)
                for frame in chosen
                for each in objects
                if frame in each.points and frame + distance in each.points
            ]
            figures |= _summary(f"video/carried/{name}/{distance}", np.array(errors))
            step(progress)
    return figures


def _summary(key: str, errors: Floats) -> Figures:
    """Of errors (N, 3), see `_error`: percent of the side, and degrees."""
    found = errors[np.isfinite(errors[:, 0])]
    figures: Figures = {
        f"{key}/objects": len(errors),
        f"{key}/asked_for": rounded(100 * (1 - len(found) / len(errors))),
    }
    if len(found):
        centre, size, turn = np.quantile(found, 0.9, axis=0).tolist()
        figures[f"{key}/centre_median"] = rounded(100 * float(np.median(found[:, 0])))
        figures[f"{key}/centre_90"] = rounded(100 * centre)
        figures[f"{key}/centre_worst"] = rounded(100 * float(found[:, 0].max()))
        figures[f"{key}/size_90"] = rounded(100 * size)
        figures[f"{key}/turn_90"] = rounded(float(np.degrees(turn)))
    return figures


def _error(labelled: _Object, frame: int, to: int) -> tuple[float, float, float]:
    """Of the carried box against the true one: how far its centre is off and its side too large or
    small, in sides of the true one, and the angle between them in radians; NaN where a person has
    to draw it."""
    here, there = labelled.points[frame], labelled.points[to]
    box = Box.square_around(here)
    truth = similarity_box(box.to_frame(here), there, box)
    beside = FrameBeside(labelled.video, frame, to, ((box, here),), turned=True)
    for found in carried_boxes(beside, Frame(labelled.video, to).pixels()).values():
        off = np.hypot(found.centre_x - truth.centre_x, found.centre_y - truth.centre_y)
        turn = math.remainder(found.angle - truth.angle, math.tau)
        return float(off) / truth.side, abs(found.side / truth.side - 1), abs(turn)
    return math.nan, math.nan, math.nan


def _frames(objects: list[_Object], distance: int) -> list[int]:
    """Those in which an object is known, as it is so many frames on."""
    return sorted({f for each in objects for f in each.points if f + distance in each.points})


def _predicted(name: str) -> list[_Object]:
    video, _, tracks = predicted_tracks(name)
    return [
        _Object(video, _known({frame: shape.points for frame, shape in shapes.items()}))
        for _, shapes in sorted(tracks.items())
    ]


def _field() -> _Object:
    table = data_folder() / "video" / FIELD.table
    shapes = {
        int(Path(each.key).stem.removeprefix("img")): each.shape.points
        for each in FIELD.read(FIELD.scheme())
    }
    return _Object(table.parent / "img%04d.png", _known(shapes))


def _known(shapes: dict[int, Floats]) -> dict[int, Floats]:
    return {
        frame: points
        for frame, points in shapes.items()
        if np.isfinite(points).all(axis=1).sum() > 1
    }
