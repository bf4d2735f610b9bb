"""Each frame averaged with its two neighbours: what the classifier paper smooths with (section 4).

A baseline: it knows neither how far anything has moved nor how sure any frame is.
"""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats


def low_pass(points: Floats) -> Floats:
    """(T, L, 2) to the same; NaN is left out of means and stays where it is."""
    beside = np.concatenate([points[:1] * np.nan, points, points[:1] * np.nan])
    three = np.stack([beside[:-2], beside[1:-1], beside[2:]])
    known = np.isfinite(three)
    total = np.where(known, three, 0.0).sum(axis=0)
    mean = total / np.maximum(known.sum(axis=0), 1)
    return np.where(np.isfinite(points), mean, np.nan)
