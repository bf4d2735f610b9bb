"""The smoother of Lightning Pose on our densities: EKS (Biderman et al., Nature Methods 2024), by
its own package, which is installed for this comparison alone."""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError


def ensemble_kalman(points: Floats, covariances: Floats) -> tuple[Floats, Floats]:
    """Means (T, L, 2) and covariances (T, L, 2, 2) of frames, each by itself, to the same in time.

    Each landmark by itself, as for one camera: a random walk whose steps it learns, observed with
    the densities' variances in place of an ensemble's. Raises ActionableError without the package.
    """
    try:
        from eks.core import run_kalman_smoother  # type: ignore[import-not-found]
    except ImportError as error:
        raise ActionableError(
            f"The ensemble Kalman smoother cannot be loaded: {error}.",
            kept="Nothing was written.",
            remedy="Install it, pip install ensemble-kalman-smoother, or leave --variants out.",
        ) from error
    middle = points.mean(axis=0)
    apart = (points - middle).transpose(1, 0, 2)
    one = np.tile(np.eye(2), (len(apart), 1, 1))
    # As `eks.singlecam_smoother.initialize_kalman_filter` begins.
    begun = apart.var(axis=1)[:, :, None] * np.eye(2)
    _, means, doubts = run_kalman_smoother(
        ys=apart,
        m0s=np.zeros((len(apart), 2)),
        S0s=begun,
        As=one,
        Cs=one,
        Qs=one,
        ensemble_vars=np.diagonal(covariances, axis1=2, axis2=3),
    )
    return means.transpose(1, 0, 2) + middle, doubts.transpose(1, 0, 2, 3)
