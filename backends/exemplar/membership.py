"""Which classes count as right for a training shape (equation 6 of the paper)."""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats


def membership_radius(distances: Floats, share: float) -> float:
    """tau for which a typical shape is a member of `share` of the classes, at least of three.

    distances: (N, K). The median over the shapes, so frontal faces get more classes and extreme
    poses fewer, as in figure 4 of the paper.
    """
    count = min(max(round(share * distances.shape[1]), 3), distances.shape[1])
    return float(np.median(np.partition(distances, count - 1, axis=1)[:, count - 1]))
