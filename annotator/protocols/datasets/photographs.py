"""Whole photographs and frames of LANDMARK_DATA, with the boxes of the objects in them."""

import json
from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.backends.metrics.boxes import overlap
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.samples.rendered_heads.heads import rendered_heads
from landmark_annotator.projects.vocabulary import Box, LabelledImage, LabelledInstance

_JUDGED = Path(__file__).parent / "unlabelled_faces.json"
"""By photograph the boxes (centre, width, height) in which a person has seen a face that has no
labels, or a part of one: of all that a finder of half the training found at a score of 0.35, and of
what the shipped one finds besides."""
_SAME_FACE = 0.3
"""Overlap with a face that was seen by eye, from which on a found box is of that face."""
TRAINING, TESTING = "photos/helen-train", "photos/helen-test"
_CROPS = "faces68/lfpw-train"


def photographs(folder: str) -> list[LabelledInstance]:
    """One labelled face each; other faces may be there without labels."""
    return faces300w.faces((folder,))


def false_boxes(boxes: Iterable[Box], key: str) -> list[Box]:
    """Of boxes that match no label of the photograph those that hold no face, by eye."""
    seen = [Box(*values) for values in _judged().get(key, ())]
    return [box for box in boxes if not any(overlap(box, one) >= _SAME_FACE for one in seen)]


@cache
def _judged() -> dict[str, list[list[float]]]:
    judged: dict[str, list[list[float]]] = json.loads(_JUDGED.read_text(encoding="utf-8"))
    return judged


def training_images() -> list[LabelledImage]:
    """What the shipped finder learned from: the whole photographs, the training crops of another
    source, and the rendered heads."""
    return [
        *map(labelled_image, photographs(TRAINING)),
        *map(labelled_image, faces300w.faces((_CROPS,))),
        *_heads(),
    ]


def labelled_image(face: LabelledInstance) -> LabelledImage:
    height, width = face.read_pixels().shape[:2]
    return LabelledImage(face.key, (width, height), (face.box,), face.read_pixels)


def _heads() -> Iterable[LabelledImage]:
    for head in rendered_heads():
        pixels = read_pixels(head.picture)
        box = Box.square_around(head.shape.points)
        size = pixels.shape[1], pixels.shape[0]
        group = f"heads/{head.truth['identity']}"
        yield LabelledImage(
            f"heads/{head.name}", size, (box,), partial(read_pixels, head.picture), group=group
        )
