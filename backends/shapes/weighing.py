"""Log-weights of many classes: their sum, and the few classes that hold nearly all of it."""

import numpy as np

from backends.shapes.kernels import Kernels
from projects.vocabulary.arrays import AnyFloats, Floats, Ints

_SAMPLE = 16
_BIN_BITS = 47
"""Leaves the exponent and five bits of a float64: bins in which weights differ by 3 % at most."""


def normalised(
    log_weights: AnyFloats, mass: float, kernels: Kernels
) -> tuple[Floats, tuple[Ints, Floats]]:
    """Log-weights (K,) float64 whose exponentials sum to one, and the candidates for the classes
    that lead: ascending, with their weights.

    Raises ValueError where no class has a finite log-weight, or one is NaN.
    """
    given: Floats = np.ascontiguousarray(log_weights, dtype=np.float64)
    highest = float(given.max())
    if not np.isfinite(highest):
        raise ValueError("at least one class needs a finite log-weight")
    # Classes below (1 - mass) / K of the total cannot add up to what is left out, so only those
    # above are looked at again. The total is at least the sum of a sample of its terms, and at
    # least one, the term of the heaviest class.
    sample = float(np.exp(given[::_SAMPLE] - highest).sum())
    least = (1 - mass) / len(given) * max(sample, 1.0)
    total, classes, terms = kernels.candidates(given, highest, least)
    # In two steps: far from every class the highest is so large that log(total) would be lost.
    normal = given - highest
    normal -= np.log(total)
    return normal, (classes, terms / total)


def leading_classes(classes: Ints, weights: Floats, mass: float) -> tuple[Ints, Floats]:
    """The fewest of the classes that hold `mass`, in the order given, their weights rescaled to
    sum to one."""
    # A histogram by the leading bits of the weights, of which the order is that of the numbers,
    # finds the bin in which the last class lies; only that one is sorted.
    bins = weights.view(np.int64) >> _BIN_BITS
    bins -= bins.min()
    above = np.cumsum(np.bincount(bins, weights)[::-1])
    last = len(above) - 1 - min(int(np.searchsorted(above, mass)), len(above) - 1)
    kept = bins > last
    within = np.flatnonzero(bins == last)
    within = within[np.argsort(-weights[within], kind="stable")]
    held = float(weights[kept].sum()) + np.cumsum(weights[within])
    kept[within[: int(np.searchsorted(held, mass)) + 1]] = True
    leading = weights[kept]
    return classes[kept], leading / leading.sum()
