"""Rendered heads with the exact masks of their parts, for protocols of parsing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson
from PIL import Image

from landmark_annotator.backends.parsers import MaskedInstance
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.samples.rendered_heads.heads import (
    RenderedHead,
    mask_labels,
    rendered_heads,
)
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Mask, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.region import region_set

Labels = npt.NDArray[np.uint8]
REGIONS = tuple(region.name for region in region_set("face_parts"))

PARTS: Mapping[str, Sequence[str]] = {
    "hair": ("hair",),
    "skin": ("skin", "neck", "beard"),
    "brows": ("left brow", "right brow"),
    "eyes": ("left eye", "right eye"),
    "lips": ("upper lip", "lower lip"),
    "mouth": ("mouth",),
    "nose": ("nose",),
    "ears": ("ears",),
    "glasses": ("glasses",),
    "hat": ("hat",),
}
"""What is told apart where left from right and skin from skin is not."""


@dataclass(frozen=True)
class MaskedHead:
    """labels: (height, width) uint8, from 1 in the order of REGIONS. frame: of the film."""

    instance: LabelledInstance
    labels: Labels
    frame: int | None = None

    def masked(self) -> MaskedInstance:
        masks = {name: Mask.of(self.labels == label) for label, name in enumerate(REGIONS, start=1)}
        return MaskedInstance(self.instance, masks)


def parsing_scheme() -> Scheme:
    """The 68 landmarks, and the parts of a head as regions."""
    return replace(Scheme.named("face68"), regions=region_set("face_parts"))


def embedded_heads() -> list[MaskedHead]:
    """Those that come with the program: other persons than any that can be rendered anew."""
    return [_head(each) for each in rendered_heads()]


def rendered_for_training(folder: Path) -> list[MaskedHead]:
    """What `python -m landmark_annotator.projects.rendering heads FOLDER` has made; a group is a
    person."""
    found = []
    for path in sorted(folder.glob("head_*.json")):
        truth = orjson.loads(path.read_bytes())
        shape = Shape(np.array(truth["points"]), np.array(truth["visibility"]))
        with Image.open(path.with_suffix(".png")) as picture:
            labels = _translated()[np.asarray(picture)]
        found.append(_masked(path.stem, truth["identity"], shape, path.with_suffix(".jpg"), labels))
    if not found:
        raise ActionableError(
            f"There are no rendered heads in {folder}.",
            remedy=f"Render some: python -m landmark_annotator.projects.rendering heads {folder}",
        )
    return found


def merged(labels: Labels) -> Labels:
    """With the labels of PARTS, from 1 in their order."""
    table = np.zeros(256, np.uint8)
    for part, names in enumerate(PARTS.values(), start=1):
        for name in names:
            table[REGIONS.index(name) + 1] = part
    return np.asarray(table[labels])


def _head(head: RenderedHead) -> MaskedHead:
    labels = _translated()[head.mask()]
    identity = head.truth["identity"]
    found = _masked(head.name, identity, head.shape, head.picture, labels)
    return replace(found, frame=head.frame)


def _masked(name: str, identity: object, shape: Shape, picture: Path, labels: Labels) -> MaskedHead:
    box = Box.square_around(shape.points)
    read = partial(read_pixels, picture)
    return MaskedHead(LabelledInstance(name, box, shape, read, f"heads/{identity}"), labels)


def _translated() -> Labels:
    """(256,) from what the renderer writes to labels in the order of REGIONS; what hides a head is
    of none of them."""
    table = np.zeros(256, np.uint8)
    for number, name in mask_labels().items():
        own = name.replace("_", " ")
        if own in REGIONS:
            table[number] = REGIONS.index(own) + 1
    return table
