"""How a network does on labelled instances, in boxes as a person might draw them."""

from collections.abc import Iterable

import numpy as np

from backends.metrics.errors import nme
from backends.metrics.visible import visible_nme
from projects.vocabulary.arrays import Floats
from projects.vocabulary.box import Box
from projects.vocabulary.scheme import Scheme

BOX_DEVIATION = 0.05
"""How differently people draw one box: shift in sides, and log scale."""
_FRAME = Box(0, 0, 1, 1)


def jittered(
    box: Box,
    random: np.random.Generator,
    shift: float = BOX_DEVIATION,
    scale: float = BOX_DEVIATION,
    turn: float | None = None,
) -> Box:
    """The box moved by normal deviations: shift in sides, log scale, turn in radians, None where
    it is not turned."""
    x, y, size = (float(random.normal(0, each)) for each in (shift, shift, scale))
    angle = 0.0 if turn is None else float(random.normal(0, turn))
    return box.moved((x, y), float(np.exp(size)), angle)


def mean_visible_error(shapes: Iterable[Floats], truths: Iterable[Floats], scheme: Scheme) -> float:
    """As `mean_error`, of what an eye sees."""
    errors = [
        visible_nme(shape, truth, scheme, scheme.normaliser_length(truth, _FRAME))
        for shape, truth in zip(shapes, truths, strict=True)
    ]
    return round(float(np.mean(errors)), 3)


def mean_error(shapes: Iterable[Floats], truths: Iterable[Floats], scheme: Scheme) -> float:
    """NME in percent of shapes (N, L, 2) in the frames of their boxes, rounded."""
    errors = [
        nme(shape, truth, scheme.normaliser_length(truth, _FRAME))
        for shape, truth in zip(shapes, truths, strict=True)
    ]
    return round(float(np.mean(errors)), 3)
