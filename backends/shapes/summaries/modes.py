"""The few distinct hypotheses of a mixture."""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats

_SPARE = 4
"""How many times as many groups as hypotheses are sought, since some of them join."""


@dataclass(frozen=True, eq=False)
class Mode:
    """shape: (L, 2) in the box frame, the mean of the classes it stands for; weight: their mass."""

    shape: Floats
    weight: float


def modes(mixture: ShapeMixture, separation: float, limit: int = 9) -> list[Mode]:
    """At most `limit` shapes, any two of them more than `separation` apart, heaviest first.

    separation: root mean square distance between landmarks, in the box frame. Each leading class
    belongs to one hypothesis or, where there are more than `limit`, to none, so the weights never
    sum to more than one.
    """
    classes = mixture.leading
    weights = mixture.weights[classes]
    means = mixture.means(classes).reshape(len(classes), -1)
    reach = separation**2 * mixture.size
    # Every class within reach of the heaviest one that is still free joins it.
    found: list[Mode] = []
    free = np.ones(len(classes), dtype=bool)
    while free.any() and len(found) < _SPARE * limit:
        near = np.flatnonzero(free)
        offsets = means[near] - means[near[0]]
        members = near[np.einsum("na,na->n", offsets, offsets) <= reach]
        mass = weights[members]
        found.append(Mode((mass @ means[members]) / mass.sum(), float(mass.sum())))
        free[members] = False
    # The means of two groups can lie nearer to each other than their first members do.
    while (pair := _too_near(found, reach)) is not None:
        second, first = found.pop(pair[1]), found.pop(pair[0])
        weight = first.weight + second.weight
        shape = (first.weight * first.shape + second.weight * second.shape) / weight
        found.append(Mode(shape, weight))
    heaviest = sorted(found, key=lambda mode: -mode.weight)[:limit]
    return [Mode(mode.shape.reshape(-1, 2), mode.weight) for mode in heaviest]


def _too_near(found: list[Mode], reach: float) -> tuple[int, int] | None:
    """The nearest two, first the one that comes first; None where all are apart."""
    shapes = np.stack([mode.shape for mode in found])
    squared = ((shapes[:, None] - shapes[None]) ** 2).sum(axis=2)
    squared[np.tril_indices(len(found))] = np.inf
    first, second = np.unravel_index(np.argmin(squared), squared.shape)
    return (int(first), int(second)) if squared[first, second] <= reach else None
