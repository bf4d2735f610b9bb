"""A mask: which pixels of a photograph belong to something, in runs along its rows.

Rows, and not columns as in COCO: arrays, images and two of the three programs whose run lengths are
read (CVAT, Label Studio) go by rows, so that a few rows of a large mask are a few runs beside each
other. A mask knows no size of a photograph; whoever makes an array of it says which part is meant.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from landmark_annotator.projects.vocabulary.arrays import Bools, Ints
from landmark_annotator.projects.vocabulary.errors import ActionableError

_ROW = 1 << 32
"""A pixel as one number is row * _ROW + column: no run reaches into the next row."""
_FARTHEST = 1 << 24
"""Rows and columns of a mask are nearer to zero than this."""
_NO_SPANS = np.zeros((0, 3), dtype=np.int64)
_Rule = Callable[[Bools, Bools], Bools]
"""Whether a pixel belongs to what two masks make, by whether it belongs to each."""
_FORM = b"\x01"
_MOST_BYTES = 1 << 28

Window = tuple[int, int, int, int]
"""left, top, width, height in pixels; the pixel (left, top) is the first one inside."""


@dataclass(frozen=True, eq=False, init=False)
class Mask:
    """spans: (N, 3) row, first column, column after the last of each run, sorted; two runs of a row
    do not touch, so equal masks have equal spans."""

    spans: Ints

    def __init__(self, spans: npt.ArrayLike | None = None) -> None:
        """Raises ActionableError where spans are not as they should be."""
        own = np.array([] if spans is None else spans, dtype=np.int64).reshape(-1, 3)
        keys = _keys(own)
        sound = (own[:, 1] < own[:, 2]).all() and (np.diff(keys.ravel()) > 0).all()
        if not sound or (own.size and abs(own).max() >= _FARTHEST):
            raise ActionableError("The runs of a mask are not sorted, overlap or lie too far out.")
        own.setflags(write=False)
        object.__setattr__(self, "spans", own)

    @classmethod
    def of(cls, inside: npt.NDArray[Any], left: int = 0, top: int = 0) -> "Mask":
        """Of an array (height, width), true inside, whose first pixel is (left, top)."""
        height, width = inside.shape
        padded = np.zeros((height, width + 1), dtype=np.bool_)
        padded[:, :-1] = inside
        flat = padded.ravel()
        changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
        if flat.size and flat[0]:
            changes = np.concatenate([[0], changes])
        rows, columns = np.divmod(changes.reshape(-1, 2), width + 1)
        return cls(np.column_stack([rows[:, 0] + top, columns + left]))

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mask) and np.array_equal(self.spans, other.spans)

    @override
    def __hash__(self) -> int:
        return hash(self.spans.tobytes())

    def __bool__(self) -> bool:
        return len(self.spans) > 0

    @property
    def area(self) -> int:
        """Pixels."""
        return int((self.spans[:, 2] - self.spans[:, 1]).sum())

    @property
    def bounds(self) -> Window:
        """The smallest window that holds it; without height and width where it is empty."""
        if not self:
            return 0, 0, 0, 0
        top, bottom = int(self.spans[0, 0]), int(self.spans[-1, 0]) + 1
        left, right = int(self.spans[:, 1].min()), int(self.spans[:, 2].max())
        return left, top, right - left, bottom - top

    def holds(self, x: float, y: float) -> bool:
        """Whether the pixel nearest to the place is inside."""
        pixel = int(np.floor(y + 0.5)) * _ROW + int(np.floor(x + 0.5))
        return bool(np.searchsorted(_keys(self.spans).ravel(), pixel, side="right") % 2)

    def inside(self, window: Window, step: int = 1) -> Bools:
        """(height, width) of the window, true inside; it may reach beyond the mask.

        step: only every so many rows and columns, from the first, as a view of a large mask needs.
        """
        left, top, width, height = window
        wide, high = -(-max(width, 0) // step), -(-max(height, 0) // step)
        rows = self.spans[:, 0]
        first, last = np.searchsorted(rows, [top, top + height])
        own = self.spans[first:last]
        if step > 1:
            own = own[(own[:, 0] - top) % step == 0]
        columns = np.clip(-((left - own[:, 1:]) // step), 0, wide)
        places = ((own[:, :1] - top) // step * wide + columns).ravel()
        lengths = np.diff(np.concatenate([[0], places, [wide * high]]))
        filled = np.repeat(np.arange(len(lengths)) % 2 == 1, lengths)
        return np.asarray(filled.reshape(high, wide))

    def array(self, height: int, width: int) -> Bools:
        """(height, width) of the whole photograph; what lies outside it is left out."""
        return self.inside((0, 0, width, height))

    def within(self, window: Window) -> "Mask":
        """What of it lies in the window."""
        left, top, width, height = window
        first, last = np.searchsorted(self.spans[:, 0], [top, top + height])
        own = self.spans[first:last].copy()
        own[:, 1:] = np.clip(own[:, 1:], left, left + max(width, 0))
        return Mask(own[own[:, 1] < own[:, 2]])

    def moved(self, right: int, down: int) -> "Mask":
        return Mask(self.spans + np.array([down, right, right]))

    # Two masks

    def __or__(self, other: "Mask") -> "Mask":
        return self._with(other, np.logical_or)

    def __and__(self, other: "Mask") -> "Mask":
        return self._with(other, np.logical_and)

    def __sub__(self, other: "Mask") -> "Mask":
        return self._with(other, np.greater)

    def __xor__(self, other: "Mask") -> "Mask":
        """What lies in one of them only: done twice, it undoes itself."""
        return self._with(other, np.not_equal)

    def overlap(self, other: "Mask") -> float:
        """Intersection over union; 1 of two empty ones."""
        shared = (self & other).area
        union = self.area + other.area - shared
        return shared / union if union else 1.0

    def _with(self, other: "Mask", rule: _Rule) -> "Mask":
        """Only where the two differ, and in rows that both have, is anything computed: a stroke on
        a large mask costs little more than the stroke."""
        first, last = _alike(self.spans, other.spans)
        mine, yours = (spans[first : len(spans) - last] for spans in (self.spans, other.spans))
        shared, own, its = (
            bool(rule(np.array([a]), np.array([b]))[0])
            for a, b in ((True, True), (True, False), (False, True))
        )
        end = len(self.spans) - last
        head, tail = (self.spans[:first], self.spans[end:]) if shared else (_NO_SPANS, _NO_SPANS)
        low = max((spans[0, 0] for spans in (mine, yours) if len(spans)), default=0)
        high = min((spans[-1, 0] + 1 for spans in (mine, yours) if len(spans)), default=0)
        cuts = [np.searchsorted(spans[:, 0], [low, max(low, high)]) for spans in (mine, yours)]
        parts = [np.split(spans, cut) for spans, cut in zip((mine, yours), cuts, strict=True)]
        alone = [part for part, kept in zip(parts, (own, its), strict=True) if kept]
        middle = _ruled(parts[0][1], parts[1][1], rule)
        around = ([part[side] for part in alone] for side in (0, 2))
        before, after = around
        return Mask(np.concatenate([head, *before, middle, *after, tail]))

    # As bytes

    def to_bytes(self) -> bytes:
        """Compressed runs: neighbouring rows are alike, so their differences are written."""
        changes = np.diff(self.spans, axis=0, prepend=0).astype("<i4")
        return _FORM + zlib.compress(np.ascontiguousarray(changes.T).tobytes())

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Mask":
        """The inverse of `to_bytes`. Raises ActionableError for anything else."""
        try:
            if stored[:1] != _FORM:
                raise ValueError("an unknown form")
            reader = zlib.decompressobj()
            flat = np.frombuffer(reader.decompress(stored[1:], _MOST_BYTES), dtype="<i4")
            if not reader.eof:
                raise ValueError("its end is missing")
            changes = flat.reshape(3, -1).T
        except (ValueError, zlib.error) as error:
            raise ActionableError(f"A stored mask cannot be read: {error}.") from error
        return cls(np.cumsum(changes, axis=0, dtype=np.int64))


def _alike(one: Ints, other: Ints) -> tuple[int, int]:
    """How many runs are the same in both from the first on, and, of the rest, from the last on."""
    size = min(len(one), len(other))
    differ = (one[:size] != other[:size]).any(axis=1)
    first = int(differ.argmax()) if differ.any() else size
    left = size - first
    ends = one[len(one) - left :][::-1], other[len(other) - left :][::-1]
    differ = (ends[0] != ends[1]).any(axis=1)
    return first, int(differ.argmax()) if differ.any() else left


def _ruled(one: Ints, other: Ints, rule: _Rule) -> Ints:
    """Between any two changes along the rows both are the same: the rule decides there."""
    own, its = _keys(one).ravel(), _keys(other).ravel()
    places = np.unique(np.concatenate([own, its]))
    both = (np.searchsorted(keys, places, side="right") for keys in (own, its))
    in_own, in_its = (passed % 2 == 1 for passed in both)
    kept = rule(in_own, in_its)
    changes = places[kept != np.concatenate([[False], kept[:-1]])]
    starts, ends = changes.reshape(-1, 2).T
    rows, first = _places(starts)
    return np.column_stack([rows, first, _places(ends)[1]])


def _keys(spans: Ints) -> Ints:
    """(N, 2) first pixel and the one after the last, each as one number."""
    return np.asarray(spans[:, :1] * _ROW + spans[:, 1:])


def _places(keys: Ints) -> tuple[Ints, Ints]:
    """Rows and columns; columns may be below zero."""
    rows = (keys + _ROW // 2) // _ROW
    return rows, keys - rows * _ROW
