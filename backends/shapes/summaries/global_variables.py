"""Global variables of a shape, from its geometry.

Each maps (n, L, 2) shapes in the box frame to (n,) values. Angles are in degrees; yaw and pitch
are read from one view without a camera, so they order faces rightly but are no measurement.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.scheme import Scheme


class Kind(Enum):
    """What the values of a variable are: angles in degrees, which lie in a circle; those of a line
    without ends, which is the same after half a turn; or the length of one thing as a share of that
    of another."""

    ANGLE = "angle"
    LINE = "line"
    SHARE = "share"


@dataclass(frozen=True)
class Variable:
    """of: (n, L, 2) shapes to (n,) values. between: standard deviation between objects for which
    the true value is the same, where a known shape tells no more."""

    of: Callable[[Floats], Floats]
    kind: Kind = Kind.ANGLE
    between: float = 0.0

    def __call__(self, shapes: Floats) -> Floats:
        return self.of(shapes)

    @property
    def turn(self) -> float | None:
        """Degrees after which its values are the same again; None where they are no angles."""
        return _TURNS.get(self.kind)


_TURNS = {Kind.ANGLE: 360.0, Kind.LINE: 180.0}

_FACE: Mapping[str, tuple[str, ...]] = {
    "right eye": ("right eye outer corner", "right eye inner corner"),
    "left eye": ("left eye inner corner", "left eye outer corner"),
    "right lids": (
        "right eye upper lid outer",
        "right eye lower lid outer",
        "right eye upper lid inner",
        "right eye lower lid inner",
    ),
    "left lids": (
        "left eye upper lid outer",
        "left eye lower lid outer",
        "left eye upper lid inner",
        "left eye lower lid inner",
    ),
    "mouth": ("mouth right corner", "mouth left corner"),
    "lips": ("upper lip inner middle", "lower lip inner middle"),
    "nose": ("nose tip",),
    "bridge": ("nose bridge 1",),
    "base": ("nose base",),
}


def variables(scheme: Scheme) -> dict[str, Variable]:
    """By name: those of a face where the scheme names its landmarks, else the heading alone.

    Empty where a scheme has neither: an upright object without left/right partners.
    """
    names = {name for group in _FACE.values() for name in group}
    if names <= set(scheme.landmarks):
        face = _Face({key: [scheme.index(n) for n in group] for key, group in _FACE.items()})
        return {
            "yaw": Variable(face.yaw),
            "roll": Variable(face.roll),
            "pitch": Variable(face.pitch, between=_BETWEEN_PEOPLE),
            "mouth opening": Variable(face.mouth_opening, Kind.SHARE),
            "eye opening": Variable(face.eye_opening, Kind.SHARE),
        }
    if scheme.heading is not None:
        start, end = scheme.heading
        return {"heading": Variable(lambda shapes: _angle(shapes[:, end] - shapes[:, start]))}
    if scheme.partners:
        first, second = (np.array(side) for side in zip(*scheme.partners, strict=True))
        return {
            "roll": Variable(lambda s: _level((s[:, second] - s[:, first]).mean(axis=1)), Kind.LINE)
        }
    return {}


_LEVEL = float(np.degrees(np.arcsin(2 * 0.774 - 1)))
"""Degrees that a level face would read without it: the nose tip is no middle between bridge and
base. Its place, 0.774 of the way down, is the mean over the rendered heads of this program
turned back by their true poses."""
_BETWEEN_PEOPLE = float(np.degrees(2 * 0.05 / np.cos(np.arcsin(2 * 0.774 - 1))))
"""Degrees of pitch: the standard deviation, 0.05, of that place between people."""


class _Face:
    def __init__(self, groups: Mapping[str, list[int]]) -> None:
        self._groups = groups

    def _of(self, name: str, shapes: Floats) -> Floats:
        """(members, n, 2)."""
        return np.moveaxis(shapes[:, self._groups[name]], 1, 0)

    def _upright(self, shapes: Floats) -> tuple[Floats, Floats, Floats]:
        """The middle of the eyes (n, 2), and unit vectors to the subject's left and down."""
        right = self._of("right eye", shapes).mean(axis=0)
        left = self._of("left eye", shapes).mean(axis=0)
        across = left - right
        length = np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
        across = across / length
        down = np.stack([-across[:, 1], across[:, 0]], axis=1)
        return (right + left) / 2, across, down

    def yaw(self, shapes: Floats) -> Floats:
        """-90 to 90, above zero where the nose tip is nearer to the subject's left eye.

        Arcsine of the nose tip's place between the outer eye corners, -1 to 1 across them.
        """
        _, across, _ = self._upright(shapes)
        outer = self._of("right eye", shapes)[0], self._of("left eye", shapes)[1]
        nose = self._of("nose", shapes)[0]
        right, left, tip = ((p * across).sum(axis=1) for p in (*outer, nose))
        width = np.maximum(left - right, 1e-9)
        return _arcsine((2 * tip - left - right) / width)

    def roll(self, shapes: Floats) -> Floats:
        """-180 to 180, how far the line of the eyes is turned, clockwise on the screen."""
        return _angle(self._upright(shapes)[1])

    def pitch(self, shapes: Floats) -> Floats:
        """Above zero the lower the nose tip hangs between the eyes and the nose's base, as in a
        face that looks down: arcsine of its place, -1 at the bridge and 1 at the base, against
        that of a head that looks straight ahead."""
        _, _, down = self._upright(shapes)
        bridge, base, tip = (
            (self._of(name, shapes)[0] * down).sum(axis=1) for name in ("bridge", "base", "nose")
        )
        height = np.maximum(base - bridge, 1e-9)
        return _arcsine((2 * tip - bridge - base) / height) - _LEVEL

    def mouth_opening(self, shapes: Floats) -> Floats:
        """Distance between the lips' inner middles, as a share of the mouth's width."""
        return _ratio(self._of("lips", shapes), self._of("mouth", shapes))

    def eye_opening(self, shapes: Floats) -> Floats:
        """Distance between the lids as a share of the eye's width, mean of both eyes."""
        openings = []
        for side in ("right", "left"):
            lids = self._of(f"{side} lids", shapes)
            middles = np.stack([lids[::2].mean(axis=0), lids[1::2].mean(axis=0)])
            openings.append(_ratio(middles, self._of(f"{side} eye", shapes)))
        return np.asarray(np.mean(openings, axis=0))


def _angle(directions: Floats) -> Floats:
    return np.asarray(np.degrees(np.arctan2(directions[..., 1], directions[..., 0])))


def _level(across: Floats) -> Floats:
    """-90 to 90, clockwise on the screen, of a line across an object: level is 0 whichever end is
    which, for a scheme may name left partners first or right ones, and what is seen from behind is
    as upright as from the front."""
    return np.asarray((_angle(across) + 90.0) % 180.0 - 90.0)


def _arcsine(place: Floats) -> Floats:
    return np.asarray(np.degrees(np.arcsin(np.clip(place, -1.0, 1.0))))


def _ratio(pair: Floats, unit: Floats) -> Floats:
    length = np.linalg.norm(unit[1] - unit[0], axis=-1)
    return np.asarray(np.linalg.norm(pair[1] - pair[0], axis=-1) / np.maximum(length, 1e-9))
