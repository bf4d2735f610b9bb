"""What a person does in a film of any length: turns the head, speaks, looks about, blinks, and now
and then passes a hand before the face.

Everything goes from one place to the next by minimum jerk, as limbs do (Flash and Hogan, "The
coordination of arm movements", Journal of Neuroscience 1985). Times are counted in frames, 30 a
second. What is drawn for a time does not depend on how long the film is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.rendering.person.eyes import Gaze
from landmark_annotator.projects.rendering.person.posing import Pose
from landmark_annotator.projects.rendering.production.portrait import Moment
from landmark_annotator.projects.vocabulary.arrays import Floats

_BOTH = ("Left", "Right")
_SOUNDS: tuple[dict[str, float], ...] = (
    {"jawOpen": 0.42, "mouthLowerDown*": 0.25},
    {"jawOpen": 0.14, "mouthStretch*": 0.35, "mouthSmile*": 0.2},
    {"jawOpen": 0.14, "mouthFunnel": 0.5},
    {"jawOpen": 0.05, "mouthPucker": 0.55},
    {"mouthPress*": 0.4, "mouthRollLower": 0.2},
    {"jawOpen": 0.05, "mouthRollLower": 0.4, "mouthUpperUp*": 0.25},
    {"jawOpen": 0.2, "mouthUpperUp*": 0.15},
)
"""How mouths look that say a, e, o, u, m, f and l."""
_MOODS: tuple[dict[str, float], ...] = (
    {},
    {"mouthSmile*": 0.5, "cheekSquint*": 0.3},
    {"browInnerUp": 0.6, "browOuterUp*": 0.4},
    {"browDown*": 0.5},
)
_FURTHEST = np.array([42.0, 18.0, 14.0])
"""Degrees of yaw, pitch and roll."""
_SWAY = 2 * np.pi / np.array([[37.0], [53.0], [83.0]])
_BLINK = 3.0
"""Frames that an eye takes to close, and to open."""
_OUTSIDE = 1.6
"""Shares of the face from its middle: beyond it, a hand is out of the picture."""

_Keys = Iterator[tuple[float, Floats]]
"""Times, and what is reached at each: it rests between two that are alike."""


@dataclass(frozen=True)
class Acting:
    """seed: of what is done."""

    seed: int

    def moment(self, time: float) -> Moment:
        """time: in frames from the film's begin."""
        yaw, pitch, roll = self._pose(time)
        units: dict[str, float] = {}
        for weighed, poses in (
            (_between(_speech(self._draw(31)), time), _SOUNDS),
            (_between(_moods(self._draw(32)), time), _MOODS),
        ):
            for weight, pose in zip(weighed.tolist(), poses, strict=True):
                _add(units, pose, weight)
        _add(units, {"eyeBlink*": 1.0}, self._blink(time))
        right, up = _between(_looks(self._draw(34)), time).tolist()
        gaze = Gaze(float(np.clip(right - 0.3 * yaw, -28, 28)), up)
        across, height = _between(_passes(self._draw(35)), time).tolist()
        held = "hand" if abs(across) < _OUTSIDE else "none"
        return Moment("film", units, gaze, Pose(yaw, pitch, roll), held, (across, height))

    def _draw(self, purpose: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, purpose])

    def _pose(self, time: float) -> tuple[float, float, float]:
        rng = self._draw(30)
        phases, sizes = rng.uniform(0, 2 * np.pi, (3, 3)), rng.uniform(0.2, 0.8, (3, 3))
        sway = (sizes * np.sin(_SWAY * time + phases)).sum(axis=0)
        yaw, pitch, roll = (_between(_turns(rng), time) + sway).tolist()
        return yaw, pitch, roll

    def _blink(self, time: float) -> float:
        """From 0, open, to 1."""
        rng, at = self._draw(33), 0.0
        while at < time + _BLINK:
            at += float(rng.uniform(40, 130))
            if abs(time - at) < _BLINK:
                return 1 - abs(time - at) / _BLINK
        return 0.0


def _between(keys: _Keys, time: float) -> Floats:
    """What there is at a time: on the way from one key to the next, the first one being at 0."""
    before = next(keys)
    for after in keys:
        if after[0] > time:
            share = (time - before[0]) / (after[0] - before[0])
            eased = share**3 * (10 - 15 * share + 6 * share**2)
            return np.asarray(before[1] + eased * (after[1] - before[1]))
        before = after
    return before[1]


def _add(units: dict[str, float], pose: dict[str, float], weight: float) -> None:
    for name, share in pose.items():
        for unit in [name.replace("*", side) for side in _BOTH] if "*" in name else [name]:
            units[unit] = min(1.0, units.get(unit, 0.0) + weight * share)


def _turns(rng: np.random.Generator) -> _Keys:
    """Of the head: (3,) degrees."""
    at, pose = 0.0, rng.normal(0, [18.0, 7.0, 5.0])
    while True:
        yield at, pose
        at += float(rng.uniform(4, 45))
        yield at, pose
        wanted = rng.normal(0, [22.0, 8.0, 6.0])
        if rng.random() < 0.3:
            wanted[0] = float(rng.choice([-1, 1])) * rng.uniform(28, 42)
        wanted = np.clip(wanted, -_FURTHEST, _FURTHEST)
        at += 8 + float(abs(wanted - pose).max() * rng.uniform(0.35, 0.9))
        pose = wanted


def _speech(rng: np.random.Generator) -> _Keys:
    """Weights of the sounds, three to five frames each; then silence for a while."""
    at, rest = 0.0, np.zeros(len(_SOUNDS))
    while True:
        yield at, rest
        at += float(rng.uniform(8, 50))
        yield at, rest
        for _ in range(int(rng.integers(8, 30))):
            at += float(rng.uniform(3, 5.5))
            sound = rest.copy()
            sound[rng.integers(len(_SOUNDS))] = rng.uniform(0.5, 1.1)
            yield at, sound
        at += float(rng.uniform(4, 8))


def _moods(rng: np.random.Generator) -> _Keys:
    at, mood = 0.0, np.zeros(len(_MOODS))
    while True:
        yield at, mood
        at += float(rng.uniform(20, 90))
        yield at, mood
        at += float(rng.uniform(8, 25))
        mood = np.zeros(len(_MOODS))
        mood[rng.integers(len(_MOODS))] = rng.uniform(0.3, 1.0)


def _looks(rng: np.random.Generator) -> _Keys:
    """Of the eyes: (2,) degrees to the right and up, in leaps."""
    at, gaze = 0.0, np.zeros(2)
    while True:
        yield at, gaze
        at += float(rng.uniform(8, 50))
        yield at, gaze
        at += 2.0
        gaze = rng.normal(0, [9.0, 5.0])


def _passes(rng: np.random.Generator) -> _Keys:
    """Of the hand: (2,) in shares of the face from its middle, right and up. It comes from a side,
    sometimes stays for a while, and goes on to the other."""
    at = 0.0
    while True:
        side = float(rng.choice([-1, 1])) * _OUTSIDE
        begin = np.array([side, rng.uniform(-0.9, 0.1)])
        end = np.array([-side, rng.uniform(-0.9, 0.1)])
        middle = np.array([rng.uniform(-0.4, 0.4), rng.uniform(-0.5, 0.15)])
        yield at, begin
        at += float(rng.uniform(35, 110))
        yield at, begin
        at += float(rng.uniform(9, 22))
        yield at, middle
        if rng.random() < 0.4:
            at += float(rng.uniform(6, 36))
            yield at, middle
        at += float(rng.uniform(9, 22))
        yield at, end
