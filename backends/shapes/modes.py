"""The few distinct hypotheses of a mixture."""

from dataclasses import dataclass

import numpy as np

from backends.shapes.mixture import ShapeMixture
from projects.vocabulary.arrays import Floats

_MOST_CLASSES = 512


@dataclass(frozen=True, eq=False)
class Mode:
    """shape: (L, 2) in the box frame, the mean of the classes it stands for; weight: their mass."""

    shape: Floats
    weight: float


def modes(mixture: ShapeMixture, separation: float, limit: int = 9) -> list[Mode]:
    """At most `limit` shapes that differ by more than `separation`, heaviest first.

    separation: root mean square distance between landmarks, in the box frame. Each leading class
    belongs to the first hypothesis within reach, so the weights never sum to more than one.
    """
    classes = mixture.leading[:_MOST_CLASSES]
    weights = mixture.weights[classes]
    means = mixture.means(classes)
    free = np.ones(len(classes), dtype=bool)
    found: list[Mode] = []
    while free.any() and len(found) < limit:
        centre = means[np.flatnonzero(free)[0]]
        distance = np.sqrt(((means - centre) ** 2).sum(axis=2).mean(axis=1))
        members = free & (distance <= separation)
        mass = weights[members]
        shape = np.einsum("n,nla->la", mass / mass.sum(), means[members])
        found.append(Mode(shape, float(mass.sum())))
        free &= ~members
    return sorted(found, key=lambda mode: -mode.weight)
