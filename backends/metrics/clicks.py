"""Number of clicks to a tolerance (NoC)."""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats


def clicks_to(errors: Floats, tolerance: float) -> float:
    """Mean number of clicks until an instance's error is at most `tolerance`.

    errors: (N, C + 1) after 0..C clicks. An instance that never gets there counts C + 1.
    """
    reached = errors <= tolerance
    first = np.where(reached.any(axis=1), reached.argmax(axis=1), errors.shape[1])
    return float(first.mean())
