"""The simulated hand: how far off it clicks, how it draws boxes, which folds shapes are dealt to.

All of it is dealt by a seed and by the number of the instance, whatever else is simulated: figures
are compared to the digit.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from landmark_annotator.backends.learning.folds import dealt
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints

CLICK_ERROR = 0.01
"""Deviation of a click along each axis, as a share of the normaliser."""

BOX_ERROR = 0.05
"""Deviation of a box from the labelled shape's, in sides, as a hand or a detector draws it."""

_STEPS = np.array([0.8191725133961645, 0.6710436067037893, 0.5497004779019703])
"""Powers of 1 / 1.2207, whose multiples fill a cube evenly, however many there are (the sequence R3
of M. Roberts, "The Unreasonable Effectiveness of Quasirandom Sequences", 2018)."""

FOLDS = 5
"""Labelled shapes are judged by what has learned from the other folds."""


@dataclass(frozen=True)
class Hand:
    """error: deviation of a click along each axis, as a share of the normaliser. source: sentences
    on where that is from. scale: of the errors that are good enough; 1 where the scheme names a
    normaliser, for which they are given."""

    error: float = CLICK_ERROR
    source: str = ""
    scale: float = 1.0


STEADY = Hand()
"""As the protocols have it."""


def aimed(
    truth: Floats, noise: Floats, length: float | AnyFloats, error: float = CLICK_ERROR
) -> Floats:
    """Where clicks on the truth (..., L, 2) fall. noise: standard normal; length: of the
    normaliser, in the units of the truth; error: deviation along each axis, as a share of it."""
    return truth + noise * error * length


def click_noise(landmarks: int, seed: int, index: int) -> Floats:
    """(L, 2) standard normal: one draw a landmark, so that every rule and policy meets the same
    hand."""
    return np.random.default_rng((seed, index, 1)).normal(size=(landmarks, 2))


def jittered(box: Box, deviation: float, seed: int, index: int) -> Box:
    """As a hand or a detector would draw it: see `redrawn`."""
    return redrawn(box, deviation, np.random.default_rng((seed, index)))


def evenly_jittered(box: Box, deviation: float, seed: int, place: int) -> Box:
    """As `jittered`, for a mean over few boxes: whichever first ones of places 0, 1, ... are taken,
    they are off as hands are. Sixty boxes of chance lie up to a fifth too near or too far off, and
    where all projects have one seed, all of them do by the same luck."""
    begin = np.random.default_rng((seed, 2)).random(len(_STEPS))
    x, y, size = map(NormalDist(0, deviation).inv_cdf, ((begin + place * _STEPS) % 1).tolist())
    return box.moved((x, y), float(np.exp(size)))


def redrawn(box: Box, deviation: float, random: np.random.Generator) -> Box:
    """Shifted by a normal of `deviation` sides, and scaled by exp of such a normal."""
    x, y, size = random.normal(0, deviation, 3).tolist()
    return box.moved((x, y), float(np.exp(size)))


def dealt_folds(groups: Sequence[Hashable], random: np.random.Generator, fewest: int = 1) -> Ints:
    """(n,) the fold of each instance, 0 to 4, as even as can be, given the group of each: those of
    one group share a fold. fewest: as of `landmark_annotator.backends.learning.folds.dealt`."""
    return dealt(groups, FOLDS, random, fewest)
