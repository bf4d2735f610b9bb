"""How far predictions are from the truth, and how honest their uncertainty is. numpy only."""

from landmark_annotator.backends.metrics.calibration import (
    inside,
    negative_log_likelihood,
    squared_mahalanobis,
)
from landmark_annotator.backends.metrics.clicks import clicks_to
from landmark_annotator.backends.metrics.errors import (
    area_under_curve,
    cumulative_curve,
    failure_rate,
    landmark_errors,
    nme,
)
from landmark_annotator.backends.metrics.visible import visible_errors, visible_nme

__all__ = [
    "area_under_curve",
    "clicks_to",
    "cumulative_curve",
    "failure_rate",
    "inside",
    "landmark_errors",
    "negative_log_likelihood",
    "nme",
    "squared_mahalanobis",
    "visible_errors",
    "visible_nme",
]
