"""Which boxes objects have of their own, and in which box errors of a stored shape are told."""

from collections.abc import Iterable
from functools import cached_property

from landmark_annotator.projects.store.project import Project
from landmark_annotator.projects.store.rows.records import InstanceRecord, InstanceState
from landmark_annotator.projects.vocabulary import Box, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.error_lengths import ErrorLengths
from landmark_annotator.projects.vocabulary.own_boxes import (
    OwnBoxes,
    UsualBox,
    boxes_in_images,
    is_whole,
    may_be_whole,
    square_around_shape,
)

_MOST = 1000
"""Accepted shapes that say how long the normaliser usually is."""
_MANY = 100
"""Of these, from which on a few more change nothing of it."""


def own_boxes_of(project: Project) -> OwnBoxes | None:
    """By its accepted objects. None where all of them fill their images, or there are none: then a
    whole image is a box like any other."""
    sizes = project.image_sizes()
    drawn, whole = [], []
    accepted = project.listed([InstanceState.ACCEPTED]).tolist()
    for record in project.some_instances(accepted):
        if record.box is None:
            continue
        size = sizes[record.image_id]
        if is_whole(record.box, *size):
            whole.append(record.id)
        else:
            drawn.append((record.box, *size))
    if not drawn:
        return None
    for record, shape in project.shapes(among=whole) if whole else ():
        if (square := square_around_shape(shape)) is not None:
            drawn.append((square, *sizes[record.image_id]))
    return OwnBoxes(UsualBox.of(boxes_in_images(drawn)))


class ErrorBoxes:
    """In which box the errors of a project's stored shapes are told, in percent of its diagonal,
    where the scheme names no length: the box itself, or what stands for a whole image (`OwnBoxes`).

    Of the project as it is when one is first asked for. Nothing of it is read for a box that is no
    whole image, and only for part of a shape in one more than that image's record.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._sizes: dict[int, tuple[int, int]] = {}
        self._told_by = 0
        self._told_before: ErrorLengths | None = None

    def anew(self) -> "ErrorBoxes":
        """Of the project as it is now; but where many shapes have said how long the normaliser
        usually is, they are not read again."""
        found = ErrorBoxes(self._project)
        if self._told_by >= _MANY:
            found._told_by, found._told_before = self._told_by, self._lengths
        return found

    def box(self, record: InstanceRecord, shape: Shape) -> Box | None:
        """None of a shape that is nowhere, without a box."""
        box = record.box
        if box is None:
            return Box.square_around(shape.points) if shape.known.any() else None
        if not may_be_whole(box) or not self._beside_drawn:
            return box
        if not is_whole(box, *self._size(record.image_id)):
            return box
        around = square_around_shape(shape)
        if around is None and self._own is not None:
            around = self._own.typical.box(*self._size(record.image_id))
        return around or box

    def of(self, records: Iterable[InstanceRecord]) -> dict[int, Box]:
        """By id, of those that have one. Shapes are read of whole images alone."""
        found = {record.id: record.box for record in records if record.box is not None}
        whole = [i for i, box in found.items() if may_be_whole(box)]
        if whole and self._beside_drawn:
            for record, shape in self._project.shapes(None, excluded=True, among=whole):
                found[record.id] = self.box(record, shape) or found[record.id]
        return found

    def measure(self, record: InstanceRecord, shape: Shape) -> Box | None:
        """As `box`, and where the shape lacks the landmarks of the scheme's normaliser, of such a
        size that errors in percent of its diagonal are in percent of what that usually is."""
        box = self.box(record, shape)
        if box is None or not shape.known.any():
            return box
        return self.sized(box, shape.points)

    def sized(self, box: Box, points: Floats) -> Box:
        """The box of that size, for a shape (L, 2) that need not be stored."""
        if self._project.scheme.named_length(points) is not None:
            return box
        return box.moved(scale=self._lengths.share)

    def length(self, record: InstanceRecord, shape: Shape) -> float:
        """Pixels that errors of the shape are divided by; NaN where it is nowhere. Where it lacks
        the landmarks of the scheme's normaliser, what that usually is in such a box."""
        box = self.measure(record, shape)
        scheme = self._project.scheme
        return float("nan") if box is None else scheme.normaliser_length(shape.points, box)

    def _size(self, image_id: int) -> tuple[int, int]:
        if image_id not in self._sizes and len(self._sizes) == 1:
            self._sizes = self._project.image_sizes()  # Whoever asks twice asks for many.
        if image_id not in self._sizes:
            image = self._project.image(image_id)
            self._sizes[image_id] = image.width, image.height
        return self._sizes[image_id]

    @cached_property
    def _lengths(self) -> ErrorLengths:
        """By accepted shapes."""
        scheme = self._project.scheme
        if self._told_before is not None:
            return self._told_before
        if scheme.normaliser is None:
            return ErrorLengths(scheme)
        read = [*self._project.shapes(bare=True, most=_MOST)]
        self._told_by = len(read)
        boxed = ((self.box(record, shape), shape.points) for record, shape in read)
        return ErrorLengths.usual(scheme, ((box, points) for box, points in boxed if box))

    @cached_property
    def _beside_drawn(self) -> bool:
        return self._project.has_drawn_box()

    @cached_property
    def _own(self) -> OwnBoxes | None:
        return own_boxes_of(self._project)
