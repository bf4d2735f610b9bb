"""How far from its mean a Gaussian has something, and how wide it is."""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats


def distance_and_area(off: Floats, covariance: Floats) -> tuple[float, float]:
    """The squared Mahalanobis distance of what is (n,) off the mean, and half of the log
    determinant of its (n, n) covariance."""
    root = np.linalg.cholesky(covariance)
    # The inverse of the root itself: see `condition`.
    whitened = np.linalg.inv(root) @ off
    return float(whitened @ whitened), float(np.log(np.diag(root)).sum())
