"""Visible error: what an eye could see of an error.

Of a landmark inside a contour the distance to the true contour, for along it there is nothing to
see; of all others the distance to the point.
"""

import numpy as np

from landmark_annotator.backends.metrics.errors import landmark_errors
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.curve import distances, smooth


def visible_errors(
    points: Floats, truth: Floats, scheme: Scheme, normaliser_length: float
) -> Floats:
    """(..., L) of points (..., L, 2) against the truth (L, 2), in percent of the length.

    The true contour is the smooth curve through its landmarks that are known. NaN where the
    landmark is unknown in either.
    """
    errors = landmark_errors(points, truth, normaliser_length)
    for curve in scheme.curves:
        inside = [j for j in curve.landmarks if j in scheme.semilandmarks]
        corners = smooth(truth[list(curve.landmarks)], curve.closed)
        if inside and len(corners) > 1:
            seen = 100.0 * distances(points[..., inside, :], corners) / normaliser_length
            errors[..., inside] = np.where(np.isnan(errors[..., inside]), np.nan, seen)
    return errors


def visible_nme(points: Floats, truth: Floats, scheme: Scheme, normaliser_length: float) -> float:
    """Of one instance the mean over the landmarks known in both, in percent."""
    return float(np.nanmean(visible_errors(points, truth, scheme, normaliser_length)))
