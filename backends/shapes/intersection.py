"""Two beliefs about one shape whose errors may go together, in nobody knows what way."""

import numpy as np

from landmark_annotator.backends.shapes.fusion import fuse
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats


def intersected(
    first: ShapeMixture, points: Floats, covariance: Floats, share: float
) -> ShapeMixture:
    """Covariance intersection (Julier and Uhlmann, "A non-divergent estimation algorithm in the
    presence of unknown correlations", 1997): P^-1 = w A^-1 + (1 - w) B^-1. However the errors of
    the two go together, what comes out is not surer than it should be where neither was.

    points: (L, 2), covariance: (2L, 2L) of the second, in the frame of the first. share: w of the
    first, between 0 and 1.
    """
    wider = first.with_residual(first.residual / share)
    return fuse(wider, np.asarray(points), covariance / (1 - share))
