"""Proposals of some of an object's landmarks, as proposals of all of them."""

from dataclasses import replace

import numpy as np

from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.backends.shapes.proposal import Proposal
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_ANYWHERE = 1 / 12
"""Variance along each axis of a place that is anywhere in the box, in squared sides of it."""


def among_all(part: Proposal, learned: Ints, size: int) -> Proposal:
    """part: of the landmarks `learned` (n,) of `size`, in that order. The others are unlearned:
    anywhere in the box, wherever those are."""
    weights, known = _counting_classes(part.mixture)
    means = np.zeros((len(weights), size, 2))
    means[:, learned] = known
    residual = np.eye(2 * size) * _ANYWHERE
    rows = _coordinates_of(learned)
    residual[np.ix_(rows, rows)] = part.mixture.residual
    mixture = ShapeMixture(np.log(weights), means, residual)
    hidden = None
    if part.hidden is not None:
        # Nothing suggests that the others are.
        hidden = np.zeros(size)
        hidden[learned] = part.hidden
    unlearned = frozenset(range(size)) - frozenset(learned.tolist())
    return replace(part, mixture=mixture, hidden=hidden, unlearned=unlearned)


def some_of(whole: Proposal, learned: Ints) -> Proposal:
    """The proposal of the landmarks `learned` (n,) alone, in that order, as it was before
    `among_all`."""
    (weights, means), rows = _counting_classes(whole.mixture), _coordinates_of(learned)
    residual = whole.mixture.residual[np.ix_(rows, rows)]
    mixture = ShapeMixture(np.log(weights), means[:, learned], residual)
    hidden = None if whole.hidden is None else whole.hidden[learned]
    return replace(whole, mixture=mixture, hidden=hidden, unlearned=frozenset())


def _coordinates_of(landmarks: Ints) -> Ints:
    """(2n,) of these landmarks (n,) in a flat shape."""
    return (2 * landmarks[:, None] + np.arange(2)).ravel()


def _counting_classes(mixture: ShapeMixture) -> tuple[Floats, Floats]:
    """Weights (n,) and means (n, L, 2) of those that count. All in one, clicks could not tell any
    more which way an object faces."""
    classes, weights = mixture.representative
    return weights, mixture.means(classes)
