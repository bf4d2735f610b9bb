"""Sparse formats that exist, as landmarks of the 68-point face, to be compared with the best ones.

Where a point of a format lies between landmarks of the 68 (the middle of an eye), any of those
around it may stand for it; `counterpart` takes the choice that serves the format best.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from landmark_annotator.projects.budgets.affinity import affinity
from landmark_annotator.projects.budgets.sparse_format import (
    mean_affinity,
    minimum_affinity,
    sparse_formats,
)
from landmark_annotator.projects.vocabulary.arrays import Floats

FACE68 = 68
WHOLE = tuple(range(FACE68))
INNER = tuple(range(27, FACE68))
"""The 41 landmarks without contour and brows, as in the thesis's table 5.1."""

_RIGHT_EYE = (37, 38, 40, 41)
_LEFT_EYE = (43, 44, 46, 47)
_MOUTH = (62, 66)


@dataclass(frozen=True)
class KnownFormat:
    """points: for each, the landmarks of the 68 that may stand for it, each in its own right.

    within: the landmarks that the format is to stand for. left_out: points of the format that
    have no counterpart among the 68.
    """

    name: str
    title: str
    points: tuple[tuple[int, ...], ...]
    within: tuple[int, ...] = WHOLE
    left_out: tuple[str, ...] = ()

    @property
    def m(self) -> int:
        return len(self.points)

    @property
    def common(self) -> tuple[int, ...]:
        """The landmarks that are points of the format themselves, and none that only lie near."""
        return tuple(choice[0] for choice in self.points if len(choice) == 1)


def _single(*landmarks: int) -> tuple[tuple[int, ...], ...]:
    return tuple((landmark,) for landmark in landmarks)


KNOWN_FORMATS: tuple[KnownFormat, ...] = (
    KnownFormat("mafl5", "MAFL, 5 points", (_RIGHT_EYE, _LEFT_EYE, *_single(30, 48, 54)), INNER),
    KnownFormat("lfw10", "LFW, 10 points", _single(31, 35, 36, 39, 42, 45, 48, 51, 54, 57), INNER),
    KnownFormat(
        "aflw19",
        "AFLW, 19 points",
        (
            *_single(8, 17, 19, 21, 22, 24, 26, 30, 31, 35, 36, 39, 42, 45, 48, 54),
            _RIGHT_EYE,
            _LEFT_EYE,
            _MOUTH,
        ),
    ),
    KnownFormat(
        "cofw29",
        "COFW, 25 of 29 points",
        (
            *_single(8, 17, 19, 21, 22, 24, 26, 30, 31, 33, 35, 36, 39, 42, 45, 48, 51, 54, 57),
            *((37, 38), (40, 41), (43, 44), (46, 47)),
            *_single(62, 66),
        ),
        left_out=("right pupil", "left pupil", "right brow below", "left brow below"),
    ),
)


def counterpart(known: KnownFormat, matrix: Floats) -> tuple[int, ...]:
    """The landmarks that stand for the format's points, by affinities of `within` alone.

    Landmarks are numbered among the 68. Of all choices the one with the largest minimum affinity,
    then the largest mean: more than the format itself may claim.
    """
    place = {landmark: i for i, landmark in enumerate(known.within)}

    def rank(choice: Iterable[int]) -> tuple[float, float]:
        inside = [place[i] for i in choice]
        return minimum_affinity(matrix, inside), mean_affinity(matrix, inside)

    choices = [c for c in product(*known.points) if len(set(c)) == len(c)]
    return tuple(sorted(max(choices, key=rank)))


@dataclass(frozen=True)
class Comparison:
    """c: the minimum affinity that a known format reaches with these landmarks. c_hat: what the
    best format of as many points reaches."""

    known: KnownFormat
    landmarks: tuple[int, ...]
    c: float
    c_hat: float


def compared(shapes: Floats, *, frame: str = "box") -> list[Comparison]:
    """Every known format next to the best one of its size, from shapes (N, 68, 2) in pixels.

    Each is judged by what it says of the landmarks that it is for, normalised among themselves.
    """
    found = []
    for known in KNOWN_FORMATS:
        inside = list(known.within)
        matrix = affinity(shapes[:, inside], frame=frame).matrix
        landmarks = counterpart(known, matrix)
        c = minimum_affinity(matrix, [inside.index(i) for i in landmarks])
        [best] = sparse_formats(matrix, [known.m])
        found.append(Comparison(known, landmarks, c, best.c_hat))
    return found
