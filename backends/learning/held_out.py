"""How a network does on labelled instances, in boxes as a person might draw them."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.special import stdtrit

from landmark_annotator.backends.learning.model_cards import bounds
from landmark_annotator.backends.metrics.errors import nme
from landmark_annotator.backends.metrics.visible import visible_nme
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.error_lengths import ErrorLengths
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.scheme import Scheme

BOX_DEVIATION = 0.05
"""How differently people draw one box: shift in sides, and log scale."""
_FRAME = Box(0, 0, 1, 1)
_MOST = 10.0
"""Times a mean error: beyond it an interval tells nothing of it."""
_ROUNDING = 1e-9
"""Sides of a box by which landmarks in one place may seem to lie apart."""


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


def lengths_in_frames(
    instances: Sequence[LabelledInstance], which: Ints, truths: Iterable[Floats], scheme: Scheme
) -> Floats:
    """(N,) what errors are divided by everywhere else, in the units of the frames that truths (N,
    L, 2) are in: of the normaliser, or of the instance's own box, which need be no square as the
    frame is. which: (N,) the instance of each."""
    usual = ErrorLengths.usual(scheme, ((i.box, i.shape.points) for i in instances))
    lengths = []
    for number, truth in zip(which.tolist(), truths, strict=True):
        instance = instances[number]
        points = instance.shape.points
        # A frame is a similarity of the image; of a single place it cannot be seen.
        across, inside = _spread(truth), _spread(points)
        one_place = min(across, inside / instance.box.side) < _ROUNDING
        side = instance.box.side if one_place else inside / across
        lengths.append(usual.of(points, instance.box) / side)
    return np.array(lengths)


def _spread(points: Floats) -> float:
    """The root of the summed squares of (L, 2) from their middle; NaN is left out."""
    known = points[np.isfinite(points[:, 0])]
    return float(np.sqrt(((known - known.mean(axis=0)) ** 2).sum())) if len(known) else 0.0


def mean_visible_error(
    shapes: Iterable[Floats],
    truths: Iterable[Floats],
    scheme: Scheme,
    lengths: Floats | None = None,
) -> float:
    """As `mean_error`, of what an eye sees."""
    truths = list(truths)
    errors = [
        visible_nme(shape, truth, scheme, length)
        for shape, truth, length in zip(
            shapes, truths, _lengths(truths, scheme, lengths), strict=True
        )
    ]
    return round(float(np.mean(errors)), 3)


def mean_error(
    shapes: Iterable[Floats],
    truths: Iterable[Floats],
    scheme: Scheme,
    lengths: Floats | None = None,
) -> float:
    """NME in percent of shapes (N, L, 2) in the frames of their boxes, rounded. lengths: (N,) of
    `lengths_in_frames`; None where all have the normaliser, or are compared among themselves."""
    return round(float(np.mean(error_of_each(shapes, truths, scheme, lengths))), 3)


def error_of_each(
    shapes: Iterable[Floats],
    truths: Iterable[Floats],
    scheme: Scheme,
    lengths: Floats | None = None,
) -> Floats:
    """(N,) of which `mean_error` is the mean."""
    truths = list(truths)
    return np.array(
        [
            nme(shape, truth, length)
            for shape, truth, length in zip(
                shapes, truths, _lengths(truths, scheme, lengths), strict=True
            )
        ]
    )


def _lengths(truths: Sequence[Floats], scheme: Scheme, lengths: Floats | None) -> Sequence[float]:
    if lengths is None:
        return [scheme.normaliser_length(truth, _FRAME) for truth in truths]
    return [float(length) for length in lengths]


def error_figures(
    name: str,
    shapes: Iterable[Floats],
    truths: Iterable[Floats],
    scheme: Scheme,
    groups: Ints,
    lengths: Floats | None = None,
) -> dict[str, float]:
    """`mean_error` under this name, and between what it lies under the name with _low and _high,
    where `error_range` can tell: what few instances say, they are to say with how sure it is."""
    shapes, truths = list(shapes), list(truths)
    figures = {name: mean_error(shapes, truths, scheme, lengths)}
    between = error_range(shapes, truths, scheme, groups, lengths)
    return figures if between is None else figures | dict(zip(bounds(name), between, strict=True))


def error_range(
    shapes: Iterable[Floats],
    truths: Iterable[Floats],
    scheme: Scheme,
    groups: Ints,
    lengths: Floats | None = None,
) -> tuple[float, float] | None:
    """`mean_range` of `error_of_each`, rounded. groups: (N,)."""
    between = mean_range(error_of_each(shapes, truths, scheme, lengths), groups)
    return None if between is None else (round(between[0], 3), round(between[1], 3))


def mean_range(errors: Floats, groups: Ints) -> tuple[float, float] | None:
    """Between which the mean of errors (N,) on new groups lies with 95 % confidence, as far as few
    groups that were held out can tell: what belongs to one of groups (N,) says the same once more.
    None where there is one group, or so few that differ so much that they tell nothing.

    Student's t of the mean of whole clusters (Cochran, "Sampling Techniques", chapter 9A), on the
    logarithm, for an error is above zero.
    """
    clusters, mean = np.unique(groups, return_inverse=True), float(errors.mean())
    count = len(clusters[0])
    if count < 2 or not mean > 0:
        return None
    off = np.bincount(clusters[1].ravel(), weights=errors - mean)
    deviation = math.sqrt(count / (count - 1) * float((off**2).sum())) / len(errors) / mean
    factor = math.exp(float(stdtrit(count - 1, 0.975)) * deviation)
    if factor > _MOST:
        return None
    return mean / factor, mean * factor
