"""For how long a model goes on making the same error, read off a clip itself.

Where flow carries a landmark to the next frame and the proposal there is elsewhere, one of both has
erred. Over more and more frames the flow's errors add up; those of the proposals add up to no more
than two proposals' errors, and the sooner the less they persist (a variogram: Matheron, "Principles
of geostatistics", Economic Geology 1963).
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats

_QUANTILE, _CHI = 0.8, 1.6094
"""Of what is seen, and of the mean of two squared standard normals; rarer is for heavy tails."""
_FEWEST, _MOST = 30, 3000
"""Squares below which a lag tells nothing, and above which more tell no more."""
_SHARES = (0.2, 0.5)
_WIDENINGS = (1.0, 2.0, 4.0, 8.0)
_NARROWINGS = (0.1, 0.3)
"""Tried besides, where nothing has told how wide proposals ought to be. Where it has, as little
that is new in each frame says that errors persist."""
_FLOWS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
_FACTORS = tuple(4.0**n for n in range(8))
_SOON = 4
"""Frames within which a landmark's flow is judged by itself."""
_LEAST = 1e-9
"""Of a proposal's variance, that what is seen is apart by."""
_TOO_SURE = 4.0
"""How much worse it is to expect too little than too much: flow errs in the same direction for
several frames, and short lags do not show that."""


@dataclass(frozen=True)
class Persistence:
    """Of the variance of a proposal's error the share `slow` correlates from frame to frame by
    `slow_rate`, and the rest is new in every frame. widening: what the proposals' covariances are
    multiplied with, flow: what the flow's variances are. As it is made, what is assumed where a
    clip is too short to tell: that half of the error stays for hundreds of frames, for a model errs
    in the same way on the same object.

    The rest is not read off as going on for a few frames: flow that drifts for these, along a head
    that turns or a leg that steps, looks just like that, and was believed for it."""

    slow_rate: float = 0.995
    slow: float = 0.5
    widening: float = 1.0
    flow: float = 1.0


@dataclass(frozen=True, eq=False)
class _Lag:
    """squares: (n,) of how far flow and proposals are apart after so many frames; flow, own: (n,)
    the variances of what flow and one proposal are off by."""

    frames: int
    squares: Floats
    flow: Floats
    own: Floats


def persistence(
    steps: Floats, variances: Floats, moves: Floats, own: Floats, *, untold: bool = False
) -> Persistence:
    """From T frames in a row.

    steps: (T - 1, L, 2) what flow says, variances: (T - 1, L) of it along each axis, infinite where
    it says nothing. moves: (T - 1, L, 2) of the proposals, NaN where there is none. own: (T, L)
    variance of a proposal's landmark along each axis, NaN likewise. untold: see `Proposal`.
    """
    lags = _lags(steps - moves, variances, own)
    if len(lags) < 3:
        return Persistence()
    widenings = (*_NARROWINGS, *_WIDENINGS) if untold else _WIDENINGS
    tried = (
        Persistence(slow=share, widening=widening, flow=flow)
        for widening, share, flow in product(widenings, _SHARES, _FLOWS)
    )
    return min(tried, key=lambda rule: sum(_misfit(lag, rule) for lag in lags))


def flow_factors(
    steps: Floats, variances: Floats, moves: Floats, own: Floats, rule: Persistence
) -> Floats:
    """(L,) what the flow's variances at each landmark are to be multiplied with, beside the rule's
    `flow`: a thin leg moves, and flow says all the while that the ground beneath it rests.

    Arguments as of `persistence`. Ones where there is too little to tell.
    """
    factors = np.ones(variances.shape[1])
    for j in range(len(factors)):
        one = slice(j, j + 1)
        lags = _lags((steps - moves)[:, one], variances[:, one], own[:, one])
        needed = [_factor(lag, rule) for lag in lags if lag.frames <= _SOON]
        factors[j] = max(needed, default=1.0)
    return factors


def _factor(lag: _Lag, rule: Persistence) -> float:
    """The least of `_FACTORS` with which no more is seen than is expected; the most, if none is."""
    kept = _kept(lag, rule)
    for factor in _FACTORS:
        expected = kept + factor * rule.flow * lag.flow
        if float(np.quantile(lag.squares / expected, _QUANTILE)) <= _CHI:
            return factor
    return _FACTORS[-1]


def _kept(lag: _Lag, rule: Persistence) -> Floats:
    """(n,) what the errors of two proposals so many frames apart differ by."""
    forgotten = 1 - rule.slow * rule.slow_rate**lag.frames
    return np.asarray(2 * rule.widening * forgotten * lag.own)


def _misfit(lag: _Lag, rule: Persistence) -> float:
    expected = _kept(lag, rule) + rule.flow * lag.flow
    # Of frames that are all the same all rules would be off by as much: infinitely.
    squares = np.maximum(lag.squares, _LEAST * lag.own)
    off = float(np.log(np.quantile(squares / expected, _QUANTILE) / _CHI))
    return off**2 * (_TOO_SURE if off > 0 else 1.0)


def _lags(apart: Floats, variances: Floats, own: Floats) -> list[_Lag]:
    """For 1, 2, 4, ... frames, as far as there are enough of each."""
    known = np.isfinite(variances) & np.isfinite(apart).all(axis=2)
    total = _summed(np.where(known[..., None], apart, 0.0))
    brought = _summed(np.where(known, variances, 0.0))
    gaps = _summed(~known)
    found = []
    lag = 1
    while lag <= max(len(apart) // 3, 1):
        whole = (gaps[lag:] == gaps[:-lag]) & np.isfinite(own[lag:] + own[:-lag])
        squares = ((total[lag:] - total[:-lag]) ** 2).mean(axis=2)[whole]
        if len(squares) >= _FEWEST:
            step = -(-len(squares) // _MOST)
            flow = (brought[lag:] - brought[:-lag])[whole]
            both = ((own[lag:] + own[:-lag]) / 2)[whole]
            found.append(_Lag(lag, squares[::step], flow[::step], both[::step]))
        lag *= 2
    return found


def _summed(values: AnyFloats | npt.NDArray[np.bool_]) -> Floats:
    """(T, ...) of (T - 1, ...): what has come together before each frame."""
    summed = np.cumsum(values, axis=0, dtype=np.float64)
    return np.concatenate([np.zeros((1, *summed.shape[1:])), summed])
