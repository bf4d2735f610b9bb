"""For how long a model goes on making the same error, read off a clip itself.

Where flow carries a landmark to the next frame and the proposal there is elsewhere, one of both has
erred. Over more and more frames the flow's errors add up; those of the proposals add up to no more
than two proposals' errors, and the sooner the less they persist (a variogram: Matheron, "Principles
of geostatistics", Economic Geology 1963).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from projects.vocabulary.arrays import AnyFloats, Floats

_CHI_MEDIAN = 0.4549
"""Of a squared standard normal."""
_FEWEST = 30
"""Squares below which a lag tells nothing."""
_FAST = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95)
_SLOW = (0.98, 0.99, 0.995, 0.998, 0.9995)
_SHARES = tuple(np.linspace(0.0, 0.9, 10))
_WIDENINGS = (1.0, 1.4, 2.0, 2.8, 4.0, 5.7, 8.0)


@dataclass(frozen=True)
class Persistence:
    """Of the variance of a proposal's error the share `slow` correlates from frame to frame by
    `slow_rate`, the rest by `fast_rate`. widening: what the proposals' covariances are multiplied
    with, flow: what the flow's variances are. As it is made, what is assumed where a clip is too
    short to tell: that half of the error stays for hundreds of frames, for a model errs in the
    same way on the same object, and that the rest is new in every frame."""

    fast_rate: float = 0.0
    slow_rate: float = 0.995
    slow: float = 0.5
    widening: float = 1.0
    flow: float = 1.0


def persistence(steps: Floats, variances: Floats, moves: Floats, own: Floats) -> Persistence:
    """From T frames in a row.

    steps: (T - 1, L, 2) what flow says, variances: (T - 1, L) of it along each axis, infinite where
    it says nothing. moves: (T - 1, L, 2) of the proposals, NaN where there is none. own: (L,)
    variance of a proposal's landmark along each axis, on average.
    """
    lags, seen, carried = _variogram(steps - moves, variances, own)
    if len(lags) < 3:
        return Persistence()
    best, least = Persistence(), np.inf
    for widening in _WIDENINGS:
        for fast in _FAST:
            for slow in _SLOW:
                for share in _SHARES:
                    kept = share * (1 - slow**lags) + (1 - share) * (1 - fast**lags)
                    errors = 2 * widening * kept
                    weights = carried / seen
                    flow = float(weights @ ((seen - errors) / seen) / (weights @ weights))
                    flow = max(flow, 0.1)
                    off = float((((errors + flow * carried) / seen - 1) ** 2).sum())
                    # As good as the simplest: the narrowest, and of these the most persistent.
                    if off < 0.98 * least:
                        best, least = Persistence(fast, slow, float(share), widening, flow), off
    return best


def _variogram(apart: Floats, variances: Floats, own: Floats) -> tuple[Floats, Floats, Floats]:
    """Lags (n,), the squares that were seen at each, in variances of a proposal, and those that
    flow is expected to bring by itself."""
    frames = len(apart)
    known = np.isfinite(variances) & np.isfinite(apart).all(axis=2)
    total = _summed(np.where(known[..., None], apart, 0.0))
    brought = _summed(np.where(known, variances, 0.0))
    gaps = _summed(~known)
    lags, seen, carried = [], [], []
    lag = 1
    while lag <= max(frames // 3, 1):
        whole = gaps[lag:] == gaps[:-lag]
        squares = (total[lag:] - total[:-lag]) ** 2 / own[:, None]
        if whole.sum() >= _FEWEST:
            lags.append(float(lag))
            seen.append(float(np.median(squares[whole])) / _CHI_MEDIAN)
            carried.append(float(np.median(((brought[lag:] - brought[:-lag]) / own)[whole])))
        lag *= 2
    return np.array(lags), np.maximum(seen, 1e-12), np.maximum(carried, 1e-12)


def _summed(values: AnyFloats | npt.NDArray[np.bool_]) -> Floats:
    """(T, ...) of (T - 1, ...): what has come together before each frame."""
    summed = np.cumsum(values, axis=0, dtype=np.float64)
    return np.concatenate([np.zeros((1, *summed.shape[1:])), summed])
