"""What most formats can carry of an instance: an upright box, and points with a visibility.

A landmark that has a position but is not labelled, or the reverse, is one thing too many for
them: they write it as not labelled.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Shape
from landmark_annotator.projects.vocabulary.wording import counted


def labelled(shape: Shape) -> npt.NDArray[np.bool_]:
    """(L,) the landmarks that have both a position and a visibility of 1 or 2."""
    return np.asarray(shape.known & (shape.visibility > 0))


def upright_box(instance: ExportedInstance) -> tuple[float, float, float, float]:
    """(x, y, width, height) in pixels of the upright rectangle around the instance's box.

    Without a box it is the square around the points, as an import makes it; without points the
    whole image.
    """
    box = instance.box
    if box is None:
        if not instance.shape.known.any():
            box = Box.whole_image(instance.width, instance.height)
        else:
            box = Box.square_around(instance.shape.points)
    cos, sin = abs(math.cos(box.angle)), abs(math.sin(box.angle))
    width, height = box.width * cos + box.height * sin, box.width * sin + box.height * cos
    return box.centre_x - width / 2, box.centre_y - height / 2, width, height


def half_labelled(instances: Iterable[ExportedInstance], become: str = "not labelled") -> list[str]:
    """A sentence about landmarks that have a position and no visibility, or the reverse, and what
    they become; none where there are none."""
    return _said(sum(_half_labelled(instance.shape) for instance in instances), become)


def _half_labelled(shape: Shape) -> int:
    return int(np.count_nonzero(shape.known != (shape.visibility > 0)))


def _said(count: int, become: str = "not labelled") -> list[str]:
    if not count:
        return []
    which = "with a position but no visibility, or the reverse,"
    are = counted(count, f"landmark {which} is", f"landmarks {which} are")
    return [f"{are} {become}."]


def occlusion_not_marked(count: int) -> list[str]:
    """A sentence about so many occluded landmarks that are written as visible ones; none of 0."""
    if not count:
        return []
    are = counted(count, "occluded landmark is", "occluded landmarks are")
    return [f"{are} not marked as such."]


def turned_replaced(count: int) -> list[str]:
    """A sentence about so many turned boxes of a format of upright ones; none of 0."""
    if not count:
        return []
    were = counted(count, "turned box was", "turned boxes were")
    around = "it" if count == 1 else "them"
    return [f"{were} replaced by the upright rectangle around {around}."]


def in_order(size: int) -> str:
    """A sentence where a format of a scheme of that size names no landmark."""
    are = counted(size, "landmark is", "landmarks are")
    return f"The {are} in the scheme's order, without {'its name' if size == 1 else 'their names'}."


def incomplete_left_out(instances: Iterable[ExportedInstance]) -> list[str]:
    """A sentence about those of these that a format of complete shapes has no place for; none where
    there are none."""
    shapes = [each.shape for each in instances if not each.shape.complete]
    if not shapes:
        return []
    which = "with unknown landmarks"
    said = counted(len(shapes), f"shape {which} was left out", f"shapes {which} were left out")
    absent = sum(bool((shape.known | shape.absent).all()) for shape in shapes)
    if absent:
        lack = "lacks" if absent == 1 else "lack"
        said += f"; {absent} of them {lack} nothing but landmarks that are absent from the image"
    return [f"{said}."]


def losses_of_points(instances: Iterable[ExportedInstance]) -> list[str]:
    """Sentences about what a format leaves out of these that carries turned boxes."""
    return ["Provenance and uncertainty are not written.", *half_labelled(instances)]


def losses(instances: Sequence[ExportedInstance]) -> list[str]:
    """Sentences about what such a format leaves out of these instances."""
    lost = Losses()
    for instance in instances:
        lost.add(instance)
    return lost.notes()


@dataclass
class Losses:
    """What such a format leaves out, counted as instances go by."""

    instances: int = 0
    turned: int = 0
    half: int = 0

    def add(self, instance: ExportedInstance) -> None:
        shape = instance.shape
        self.instances += 1
        self.turned += instance.box is not None and instance.box.angle != 0
        self.half += _half_labelled(shape)

    def notes(self) -> list[str]:
        notes = ["Provenance and uncertainty are not written."]
        return notes + turned_replaced(self.turned) + _said(self.half)
