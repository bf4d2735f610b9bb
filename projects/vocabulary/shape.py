"""A shape: where the landmarks of one instance are, and where each position came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from landmark_annotator.projects.vocabulary.arguments import member
from landmark_annotator.projects.vocabulary.arrays import Floats, floats, whole
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.provenance import Provenance


class Visibility(IntEnum):
    """As in COCO keypoints."""

    NOT_LABELLED = 0
    OCCLUDED = 1
    VISIBLE = 2


_VISIBLE = np.int8(Visibility.VISIBLE)
_NOT_LABELLED = int(Visibility.NOT_LABELLED)
_MARKS = frozenset({Provenance, type(None)})


@lru_cache(maxsize=16)
def _unknown_covariances(size: int) -> Floats:
    """One for all shapes that have none: half of a shape's memory."""
    covariances = np.full((size, 2, 2), np.nan)
    covariances.setflags(write=False)
    return covariances


def _refuse_infinite(points: Floats) -> None:
    """It says no place, and was most likely computed by mistake: not silently unknown."""
    infinite = np.isinf(points).any(axis=1)
    if infinite.any():
        first = int(infinite.argmax())
        x, y = points[first].tolist()
        raise ActionableError(
            f"A landmark has no infinite position: number {first} of a shape is at ({x}, {y}).",
            remedy="Give NaN for what is unknown.",
        )


def _mark(given: object) -> Provenance | None:
    """Of its text too."""
    if given is None:
        return None
    return member(Provenance, given, "provenance")


@dataclass(frozen=True, eq=False, init=False)
class Shape:
    """L landmarks of one instance. Immutable; the arrays are read-only copies.

    points: (L, 2) image pixels, NaN where unknown; ActionableError of an infinite one.
    visibility: (L,) of `Visibility`; by default VISIBLE where the point is known.
    provenance: L entries, None where unknown or never said.
    covariances: (L, 2, 2) squared pixels, NaN where never estimated.
    """

    points: Floats
    visibility: npt.NDArray[np.int8]
    provenance: tuple[Provenance | None, ...]
    covariances: Floats

    def __init__(
        self,
        points: npt.ArrayLike,
        visibility: npt.ArrayLike | None = None,
        provenance: Sequence[Provenance | None] | None = None,
        covariances: npt.ArrayLike | None = None,
    ) -> None:
        points = floats(points, "A shape")
        if points.ndim != 2 or points.shape[1] != 2:
            raise ActionableError(f"A shape needs (L, 2) numbers, not {points.shape}.")
        finite = np.isfinite(points)
        known = finite[:, 0] & finite[:, 1]  # half a position is none
        if not known.all():
            _refuse_infinite(points)
        points[~known] = np.nan
        size = len(points)
        seen = known * _VISIBLE
        if visibility is not None:
            try:
                seen = np.ma.filled(visibility, 0)
            except ValueError:  # rows of several lengths
                seen = np.empty(0, dtype=np.int8)
            known_values = (seen == 0) | (seen == 1) | (seen == 2)
            if seen.shape != (size,) or not known_values.all():
                raise ActionableError(
                    f"A shape of {size} landmarks needs {size} visibilities of 0, 1 or 2."
                )
        marks = (None,) * size if provenance is None else tuple(provenance)
        if not _MARKS.issuperset(map(type, marks)):
            marks = tuple(_mark(mark) for mark in marks)
        if len(marks) != size:
            raise ActionableError(f"A shape of {size} landmarks needs {size} provenances.")
        if covariances is None:
            covariances = _unknown_covariances(size)
        else:
            covariances = floats(covariances, "The covariance of a shape")
        if covariances.shape != (size, 2, 2):
            raise ActionableError(f"A shape of {size} landmarks needs {size} covariances.")
        seen = seen.astype(np.int8)
        for array in (points, seen, covariances):
            array.setflags(write=False)
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "visibility", seen)
        object.__setattr__(self, "provenance", marks)
        object.__setattr__(self, "covariances", covariances)

    @classmethod
    @lru_cache(maxsize=16)
    def unknown(cls, size: int) -> "Shape":
        """A shape of `size` landmarks of which nothing is known."""
        return cls(np.full((whole(size, "A number of landmarks", least=0), 2), np.nan))

    def __len__(self) -> int:
        return len(self.points)

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Shape):
            return NotImplemented
        return (
            self.provenance == other.provenance
            and np.array_equal(self.points, other.points, equal_nan=True)
            and np.array_equal(self.visibility, other.visibility)
            and np.array_equal(self.covariances, other.covariances, equal_nan=True)
        )

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """(L,) whether each landmark has a position."""
        return np.isfinite(self.points[:, 0])

    @property
    def complete(self) -> bool:
        return bool(self.known.all())

    @property
    def absent(self) -> npt.NDArray[np.bool_]:
        """(L,) whether somebody has said of each landmark that it is not in the image: it has a
        provenance, and neither a position nor a visibility."""
        absent = np.asarray(~self.known & (self.visibility == _NOT_LABELLED))
        for landmark in np.flatnonzero(absent).tolist():  # mostly none
            absent[landmark] = self.provenance[landmark] is not None
        return absent

    def with_provenance(self, provenance: Provenance) -> "Shape":
        """The same shape, every known landmark marked as coming from `provenance`."""
        marks = [provenance if known else None for known in self.known]
        return Shape(self.points, self.visibility, marks, self.covariances)

    def mirrored(self, mirror: Sequence[int], axis_x: float) -> "Shape":
        """Reflected at the vertical line x = axis_x; `mirror[i]` is the partner of landmark i."""
        order = np.asarray(mirror)
        points = self.points[order].copy()
        points[:, 0] = 2 * axis_x - points[:, 0]
        covariances = self.covariances[order] * np.array([[1.0, -1.0], [-1.0, 1.0]])
        marks = [self.provenance[i] for i in mirror]
        return Shape(points, self.visibility[order], marks, covariances)
