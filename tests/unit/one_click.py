"""What one click on the worst point does to a model's error."""

from collections.abc import Callable, Iterable

import numpy as np

from landmark_annotator.backends.metrics import nme
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary import Box, Evidence, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels


def mean_errors(
    propose: Callable[[Pixels, Box], Proposal | None],
    faces: Iterable[tuple[Pixels, Floats, Box]],
    scheme: Scheme,
) -> tuple[float, float]:
    """NME in percent without a click, and after one. faces: each with its truth (L, 2)."""
    errors, clicked = [], []
    for pixels, truth, box in faces:
        proposal = propose(pixels, box)
        assert proposal is not None
        length = scheme.normaliser_length(truth, box)
        found = proposal.given([]).points
        errors.append(nme(found, truth, length))
        worst = int(np.linalg.norm(found - truth, axis=1).argmax())
        click = Evidence.click(worst, truth[worst], proposal.click_deviation)
        clicked.append(nme(proposal.given([click]).points, truth, length))
    return float(np.mean(errors)), float(np.mean(clicked))
