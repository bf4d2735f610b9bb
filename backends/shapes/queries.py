"""Which landmark's click would teach the model most."""

import numpy as np

from backends.shapes.mixture import ShapeMixture
from projects.vocabulary.arrays import Floats


def expected_drops(mixture: ShapeMixture, deviation: float) -> Floats:
    """(L,) how far a click on each landmark is expected to lower the total variance.

    The trace of the total covariance T falls by tr((T_jj + R)^-1 T_j: T_:j) under a click on j
    with error covariance R = deviation^2 I. In squared box frame units.
    """
    return drops_of(mixture.covariance, mixture.landmark_covariances, deviation)


def drops_of(total: Floats, own: Floats, deviation: float) -> Floats:
    """The same of a total covariance (2L, 2L) and its diagonal blocks (L, 2, 2)."""
    blocks = total.reshape(len(own), 2, -1)
    reach = np.einsum("jac,jbc->jab", blocks, blocks)
    noisy = own + np.eye(2) * deviation**2
    return np.asarray(np.trace(np.linalg.solve(noisy, reach), axis1=1, axis2=2))
