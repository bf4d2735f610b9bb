"""How large the parts of a timeline are, in pixels: they grow with the letters in which names and
frames are written."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_RULER, _NAMES, _CURVES = 18, 84, 30
_LANES, _LANE, _LEAST_LANE = 156, 16, 4
"""Of all lanes together, of one at most, and of one at least."""
_MOST_LANES = 240
"""Of all lanes together, however large the letters are: the picture above them has the rest."""
_READABLE = 12
"""Of a lane that has its name; in lower ones nobody could read it."""
_LANE_LETTERS, _SMALL_LETTERS = 12, 10
_FAR = 8.0
"""Times as large as a usual leap is far beyond all others."""
_APART = 70
"""Between the numbers of the ruler at least."""


@dataclass(frozen=True)
class TimelineSizes:
    """letters: how large they are, 1 for usual ones. lanes: how many there are. width: of it all,
    in pixels."""

    letters: float
    lanes: int
    width: int

    @property
    def ruler(self) -> int:
        return self._grown(_RULER)

    @property
    def names(self) -> int:
        """At the left, where lanes have their names; what is short of room is not the frames."""
        return max(min(self._grown(_NAMES), self.width // 3), _NAMES)

    @property
    def room(self) -> float:
        """For the frames that are in sight."""
        return max(self.width - self.names - 1.0, 1.0)

    @property
    def lane(self) -> int:
        """The height of each."""
        together = min(self._grown(_LANES), _MOST_LANES)
        return max(_LEAST_LANE, min(self._grown(_LANE), together // max(self.lanes, 1)))

    @property
    def lane_letters(self) -> int:
        """Of the name of a lane; 0 where lanes are too low for one."""
        return 0 if self.lane < _READABLE else min(self.lane - 3, self._grown(_LANE_LETTERS))

    @property
    def lanes_end(self) -> int:
        return self.ruler + self.lane * max(self.lanes, 1)

    @property
    def curves(self) -> int:
        """The height of the curves under the lanes."""
        return self._grown(_CURVES)

    @property
    def small_letters(self) -> int:
        return self._grown(_SMALL_LETTERS)

    @property
    def apart(self) -> int:
        """Between the numbers of the ruler at least."""
        return self._grown(_APART)

    def marked_at(self, x: float, first: float, span: float, marked: Iterable[Ints]) -> int | None:
        """Of frames with a mark the one that is drawn at x, or in the pixel beside it: a single one
        is hard to hit. None where there is none, or each frame has pixels of its own. first, span:
        the first frame in sight, and how many there are. marked: frames in order, those that go
        before others first."""
        column, frames = math.floor(x) - self.names, span / self.room
        if frames <= 1:
            return None
        begins = [math.ceil(first + (column + at) * frames) for at in (-1, 0, 1, 2)]
        near: int | None = None
        for frames_of in marked:
            low, here, after, high = np.searchsorted(frames_of, begins).tolist()
            if here < after:
                return int(frames_of[here])
            if near is None and low < high:
                near = int(frames_of[low])
        return near

    def heights(self, values: Floats, most: float | None = None) -> list[float]:
        """Of a curve, in pixels; what is as large as `most`, or larger, is as high as there is
        room. most: by default its largest value."""
        most = float(values.max(initial=0.0)) if most is None else most
        if most <= 0:
            return [0.0] * len(values)
        room = self.curves - 3
        return [min(float(value) * room / most, room) for value in values]

    @staticmethod
    def tallest_leap(leaps: Floats) -> float:
        """From which on a leap is as high as there is room: the largest, or where a few are far
        beyond the others, as about a frame that went wrong, so many times what is usual."""
        moves = leaps[leaps > 0]
        if not len(moves):
            return 0.0
        return min(float(moves.max()), _FAR * float(np.median(moves)))

    def _grown(self, pixels: int) -> int:
        return max(round(pixels * self.letters), pixels)
