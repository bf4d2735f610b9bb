"""How wide ellipses have to be, and how heavy their tails, to hold truths that nobody has seen."""

from collections.abc import Sequence

import numpy as np
from scipy.special import stdtrit

from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_GAUSSIAN_68, _GAUSSIAN_95 = -2 * np.log(0.32), -2 * np.log(0.05)
_NORMAL_975 = 1.959964
_USUAL_SPREAD = 1.0
"""Relative variance of the mean squares of groups: an image in which a network errs is one in which
it errs everywhere. Two groups more say so."""
_GROUPS_BEFORE = 2.0


def tails(squared: Sequence[Floats], groups: Ints) -> tuple[float, float]:
    """The widening that makes the Gaussian's 95 % ellipse hold 95 % of what is still to come, and
    the degrees of freedom of the t distribution whose 68 and 95 % ellipses have the sizes that were
    seen.

    squared: of each of N held-out observations, the squared distances of its known landmarks in
    units of their ellipses. groups: (N,) related observations tell how far off a network is but
    once. As a variance that few observations have told is met by Student's t in place of the
    normal distribution, ellipses are as much wider as the groups leave their size unknown: groups
    whose mean squares m vary by Var m / (mean m)^2 = 2 / k are worth k degrees of freedom each
    (Satterthwaite 1946). In the plane a t distribution has 1 - p outside the squared distance
    nu ((1 - p)^(-2/nu) - 1).
    """
    seen_68, seen_95 = np.quantile(np.concatenate(squared), [0.68, 0.95])
    known = stdtrit(_degrees_known(squared, groups), 0.975) / _NORMAL_975
    widening = float(seen_95 / _GAUSSIAN_95 * known**2)
    tried = np.geomspace(2.5, 200, 60)
    ratio = (0.05 ** (-2 / tried) - 1) / (0.32 ** (-2 / tried) - 1)
    if seen_95 / seen_68 <= _GAUSSIAN_95 / _GAUSSIAN_68:
        return widening, float("inf")
    return widening, float(tried[np.argmin(np.abs(ratio - seen_95 / seen_68))])


def _degrees_known(squared: Sequence[Floats], groups: Ints) -> float:
    """Of freedom, of the size that all groups have in common."""
    of_each = [
        np.concatenate([one for one, own in zip(squared, groups, strict=True) if own == group])
        for group in np.unique(groups)
    ]
    means = np.array([each.mean() for each in of_each if len(each)])
    off = float(((means / means.mean() - 1) ** 2).sum())
    spread = (off + _GROUPS_BEFORE * _USUAL_SPREAD) / (len(means) - 1 + _GROUPS_BEFORE)
    return 2 * len(means) / spread
