"""How well a predicted error finds the instances that need a look."""

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.arrays import Floats


def spearman(predicted: Floats, true: Floats) -> float:
    """Spearman's rank correlation of two (N,), ties at their average rank; nought where one of
    them is the same everywhere."""
    first, second = (_ranks(values) - (len(values) - 1) / 2 for values in (predicted, true))
    scale = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum()) / scale if scale > 0 else 0.0


def caught(predicted: Floats, failed: npt.NDArray[np.bool_], share: float) -> float:
    """Percent of the failures (N,) among the `share` of the instances with the largest predicted
    error. NaN where nothing failed."""
    if not failed.any():
        return float("nan")
    count = max(1, round(share * len(predicted)))
    worst = np.argsort(-predicted, kind="stable")[:count]
    return 100.0 * float(failed[worst].sum() / failed.sum())


def _ranks(values: Floats) -> Floats:
    """(N,) from nought."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts) - 1
    average: Floats = last - (counts - 1) / 2
    return average[places]
