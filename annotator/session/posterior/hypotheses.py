"""The few distinct shapes that an instance may have, and what tells each from the others."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.summaries.modes import modes
from landmark_annotator.projects.vocabulary import Evidence
from landmark_annotator.projects.vocabulary.arrays import Floats

_SEPARATION = 0.05
"""Root mean square distance, in sides of the box, above which two shapes look different."""
_LEAST_WEIGHT = 0.03
_MOST = 9


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """points: (L, 2) image pixels. weight: how much of the belief it holds, 0..1.

    telling: the landmark that lies farthest from where any other hypothesis has it. To say that
    it is here is to choose this hypothesis.
    """

    points: Floats
    weight: float
    telling: int


def hypotheses(
    proposal: Proposal, evidence: Sequence[Evidence], absent: Collection[int] = ()
) -> list[Hypothesis]:
    """Heaviest first, at most nine; none where everything that is likely looks alike.

    evidence: in image pixels. A landmark that has been observed tells nothing any more, nor does
    one that is not in the image (absent).
    """
    box, mixture = proposal.likeliest(evidence)
    if mixture.classes == 1:
        return []
    found = [m for m in modes(mixture, _SEPARATION, _MOST) if m.weight >= _LEAST_WEIGHT]
    free = np.ones(mixture.size, dtype=bool)
    free[[*(piece.landmark for piece in evidence), *absent]] = False
    if len(found) < 2 or not free.any():
        return []
    shapes = np.stack([mode.shape for mode in found])
    apart = np.linalg.norm(shapes[:, None] - shapes[None], axis=3)
    apart[np.arange(len(found)), np.arange(len(found))] = np.inf
    nearest = np.where(free, apart.min(axis=1), -1.0)
    return [
        Hypothesis(box.to_image(mode.shape), mode.weight, int(np.argmax(distance)))
        for mode, distance in zip(found, nearest, strict=True)
    ]
