"""Whole photographs and frames of LANDMARK_DATA, with the boxes of the objects in them."""

from collections.abc import Iterable
from functools import partial

from annotator.protocols.datasets import faces300w
from projects.images import read_pixels
from projects.samples.rendered_heads.heads import rendered_heads
from projects.vocabulary import Box, LabelledImage, LabelledInstance

TRAINING, TESTING = "photos/helen-train", "photos/helen-test"
_CROPS = "faces68/lfpw-train"


def photographs(folder: str) -> list[LabelledInstance]:
    """One labelled face each; other faces may be there without labels."""
    return faces300w.faces((folder,))


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
