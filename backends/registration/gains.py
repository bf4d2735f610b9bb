"""How much more filters answer to an object as it lies than to the same looked at another way."""

import math

from landmark_annotator.projects.vocabulary.arrays import Floats

_USUAL_GAIN, _USUAL_SPREAD, _BEFORE = 0.3, 0.3, 4.0
"""Of the log of what filters answer on an object over what they answer on its mirror image: the
mean and deviation that count as so many images before any."""
_LEAST_ANSWER = 1e-3


def log_answer(answer: float) -> float:
    return math.log(max(answer, _LEAST_ANSWER))


def gain_of(answer: float, other: float) -> float:
    """The log of one over the other."""
    return log_answer(answer) - log_answer(other)


def slope_of(gains: Floats) -> float:
    """What a gain of one adds to the log odds that an object lies so and not the other way: of two
    normal densities whose means are the gain and its opposite. gains: (n,) of labelled images."""
    count = len(gains) + _BEFORE
    gain = (float(gains.sum()) + _BEFORE * _USUAL_GAIN) / count
    squares = float(((gains - gain) ** 2).sum()) + _BEFORE * _USUAL_SPREAD**2
    return 2 * max(gain, 0.0) / (squares / count)
