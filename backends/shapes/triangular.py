"""What is over a root of a covariance: solved, since an inverse takes three times as long."""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats


def over(root: AnyFloats, matrix: AnyFloats) -> Floats:
    """(n, m) the inverse of a lower triangular root (n, n) times a matrix (n, m)."""
    from scipy.linalg import solve_triangular  # here: no window waits for scipy before it is shown

    return np.asarray(solve_triangular(root, matrix, lower=True))
