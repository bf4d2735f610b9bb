"""How well probabilities of an event tell where it is, and whether it comes as often as they say.

All are of N cases: probabilities (N,), and whether the event came (N,).
"""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Bools, Floats

_BINS = 10


def average_precision(probabilities: Floats, came: Bools) -> float:
    """The precision at each probability that occurs, weighted by what that one adds to the recall:
    the area under the stepped curve, exactly. Cases of equal probability are one step, so their
    order is of no matter. NaN where the event never came.

    Not interpolated: Davis, Goadrich, "The relationship between precision-recall and ROC curves"
    (ICML 2006), section 4, says why a straight line between two points promises too much.
    """
    if not came.any():
        return float("nan")
    order = np.argsort(-probabilities, kind="stable")
    ranked, found = probabilities[order], np.cumsum(came[order])
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    recall = found[last] / found[-1]
    precision = found[last] / (last + 1)
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def expected_calibration_error(probabilities: Floats, came: Bools, bins: int = _BINS) -> float:
    """By how much the share of events differs from the mean probability, the mean over bins of
    equal width weighted by their cases: Guo, Pleiss, Sun, Weinberger, "On calibration of modern
    neural networks" (ICML 2017), equation 3. NaN without a case."""
    if not len(probabilities):
        return float("nan")
    own = np.minimum((probabilities * bins).astype(np.int64), bins - 1)
    said = np.bincount(own, weights=probabilities, minlength=bins)
    seen = np.bincount(own, weights=came, minlength=bins)
    return float(np.abs(said - seen).sum() / len(probabilities))
