"""How much more filters answer to an object as it lies than to the same looked at another way."""

import math

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats

USUAL_GAIN, USUAL_SPREAD, BEFORE = 0.3, 0.3, 4.0
"""Of the log of what filters answer on an object over what they answer on its mirror image: the
mean and deviation that count as so many images before any."""
_LEAST_ANSWER = 1e-3


def log_answer(answer: float) -> float:
    return math.log(max(answer, _LEAST_ANSWER))


def gain_of(answer: float, other: float) -> float:
    """The log of one over the other."""
    return log_answer(answer) - log_answer(other)


def usual_gain(gains: Floats) -> tuple[float, float]:
    """Mean and variance of the gains (n,) of labelled images, at least none."""
    count = len(gains) + BEFORE
    gain = (float(gains.sum()) + BEFORE * USUAL_GAIN) / count
    squares = float(((gains - gain) ** 2).sum()) + BEFORE * USUAL_SPREAD**2
    return max(gain, 0.0), squares / count


def slope_of(gains: Floats) -> float:
    """What a gain of one adds to the log odds that an object lies so and not the other way: of two
    normal densities whose means are the gain and its opposite. gains: (n,) of labelled images."""
    gain, variance = usual_gain(gains)
    return 2 * gain / variance


def log_normal(value: Floats | float, mean: float, variance: float) -> Floats:
    """The log density, but for the constant of all."""
    return np.asarray(-((value - mean) ** 2) / (2 * variance) - math.log(variance) / 2)
