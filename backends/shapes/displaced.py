"""An object that is not where its proposal has it: all of its landmarks are off together.

A covariance tells how far landmarks err in an object that was found, and a click moves the others
by that. Where the object beside was found, or the head taken for the tail, clicks lie far from
where they were expected, and off by the same: then the object looks as it was expected to look, and
has only to be moved, turned and scaled. That is a hypothesis of its own, and the clicks weigh it
(Hoeting et al., "Bayesian model averaging: a tutorial", Statistical Science 1999).
"""

import math
from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.shapes.conditioning import observed_in
from landmark_annotator.backends.shapes.mahalanobis import distance_and_area
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.evidence import Evidence

_MISSED, _ALONE = 0.001, 0.05
"""Of objects, those that are somewhere else, in each of `_TURNED`, and those of which the worst
landmark, which people click first, may be anywhere in the box while nothing is wrong with the
others."""
_UNFAMILIAR = 0.5
"""The same of an object whose box shows nothing that the model has learned to see."""
_AWAY = 1.0
"""Deviation of where one that was missed is, in sides of the box."""
_TURNED = 0.2, 1.0
"""Deviations of how it is turned and scaled about its middle, as a share of its size: as the one
that was found, or upside down."""
_ANYWHERE = 0.5
"""Deviation of what may be anywhere in the box, in its sides."""
_DEGREES = 4.0
"""Of freedom of t distributions: a model may err by more than it expects wherever the object is."""
LEAST = 0.02
"""Probability up to which it is left out: one landmark that is off makes no other one move."""


def displaced(
    mixture: ShapeMixture, framed: Sequence[Evidence], familiar: ShapeMixture | None = None
) -> list[tuple[float, float]]:
    """How probable it is after the evidence, in the mixture's frame, that the object was missed in
    each of the ways in which it may be (`moved`), with that. The order of the evidence is of no
    matter.

    familiar: what would be believed if the box showed the like of what the model has learned, where
    it does not: there an object is as likely to be elsewhere as to look as none has looked yet.
    """
    shape, missed = (mixture, _MISSED) if familiar is None else (familiar, _UNFAMILIAR)
    logs = [explained(mixture, framed)]
    for turned in _TURNED:
        logs.append(math.log(missed) + _together(shape, framed, _ways(shape, turned)))
    weights = np.exp(np.array(logs) - max(logs))
    weights /= weights.sum()
    return list(zip(weights[1:].tolist(), _TURNED, strict=True))


def moved(mixture: ShapeMixture, turned: float) -> ShapeMixture:
    """Of an object that was missed, before the evidence, as one class. turned: the deviation of how
    it is turned and scaled."""
    ways = _ways(mixture, turned)
    return ShapeMixture(np.zeros(1), mixture.mean[None], mixture.covariance + ways.T @ ways)


def explained(mixture: ShapeMixture, framed: Sequence[Evidence]) -> float:
    """Log density of the evidence, in the mixture's frame, of an object that was found: its
    landmarks err together, or those that were placed are anywhere, each by itself. Nought of no
    evidence."""
    if not framed:
        return 0.0
    return max(_together(mixture, framed), sum(_alone(mixture, piece) for piece in framed))


def as_one(mixture: ShapeMixture, factor: float, framed: Sequence[Evidence]) -> ShapeMixture:
    """Mean and covariance of a mixture after evidence as one class, variances so many times as
    large. Landmarks that were placed are where that was, and as sure as they are."""
    widths, mean = np.full(2 * mixture.size, math.sqrt(factor)), mixture.mean.copy()
    for piece in framed:
        widths[2 * piece.landmark : 2 * piece.landmark + 2] = 1.0
        if piece.free_along is None:
            mean[piece.landmark] = piece.position
    covariance = mixture.covariance * np.outer(widths, widths)
    return ShapeMixture(np.zeros(1), mean[None], covariance)


def _ways(mixture: ShapeMixture, turned: float) -> Floats:
    """(4, 2L) to move, turn and scale a shape is linear in four numbers, however far each goes."""
    mean = mixture.mean
    apart = mean - mean.mean(axis=0)
    across = np.stack([-apart[:, 1], apart[:, 0]], axis=1)
    shifts = _AWAY * np.tile(np.eye(2), mixture.size)
    return np.stack([*shifts, turned * across.ravel(), turned * apart.ravel()])


def _together(
    mixture: ShapeMixture, framed: Sequence[Evidence], ways: Floats | None = None
) -> float:
    """Log density of all evidence, by mean and covariance of all classes together; ways: (n, 2L) in
    which the shape may be off besides."""
    rows, position, noise, _ = observed_in(mixture, framed)
    spread = mixture.covariance[np.ix_(rows, rows)] + noise
    if ways is not None:
        spread = spread + ways[:, rows].T @ ways[:, rows]
    squared, area = distance_and_area(position - mixture.mean.ravel()[rows], spread)
    size = len(rows)
    constant = math.lgamma((_DEGREES + size) / 2) - math.lgamma(_DEGREES / 2)
    tails = (_DEGREES + size) / 2 * math.log1p(squared / _DEGREES)
    return constant - tails - area - size / 2 * math.log(math.pi * _DEGREES)


def _alone(mixture: ShapeMixture, piece: Evidence) -> float:
    """Log density of one piece by itself, whose landmark may be anywhere in the box."""
    anywhere = _ANYWHERE**2 * np.eye(2) + piece.covariance
    squared, area = distance_and_area(piece.position, anywhere)
    wrong = math.log(_ALONE / (2 * math.pi)) - squared / 2 - area
    return max(_together(mixture, [piece]), wrong)
