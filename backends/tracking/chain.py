"""A Gaussian over a sequence of vectors in which each depends on its neighbours alone.

The Kalman filter and the smoother of Rauch, Tung and Striebel, written with precisions in place of
covariances: evidence is added up, and what says nothing is a zero and no infinity.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats

_NEGLIGIBLE = 1e-3
"""Correlation: what goes less with the next frame goes with none behind it."""
_LEAST = 1e-18


@dataclass(frozen=True, eq=False)
class Step:
    """own: (D, D) of the precision, what concerns this vector; to_next: (D, D) between it and the
    next, which the last one has none of; linear: (D,). The density is the exponential of
    -x own x / 2 + linear x - x to_next x_next, summed over all steps."""

    own: Floats
    to_next: Floats | None
    linear: Floats


@dataclass(frozen=True, eq=False)
class SolvedChain:
    """means (T, D), covariances (T, D, D). back (T - 1, D, D): the covariance of x_t with any later
    vector is back_t times that of x_{t+1} with it; ahead likewise, of x_{t+1} with any earlier one
    from that of x_t."""

    means: Floats
    covariances: AnyFloats
    back: AnyFloats
    ahead: AnyFloats

    def __len__(self) -> int:
        return len(self.means)

    def across(self, frame: int, columns: Floats) -> tuple[int, Floats]:
        """How all vectors vary with some combinations (D, c) of one of them: the first frame that
        varies with them, and (n, D, c) from there on. What is left out is negligible."""
        own = (self.covariances[frame] @ columns).astype(self.covariances.dtype)
        # In units of each frame's own: one that is lost varies by a thousand times what others do.
        variances = np.maximum(np.einsum("tii->ti", self.covariances), _LEAST)
        widths = np.sqrt(variances)[..., None]
        least = _NEGLIGIBLE * np.sqrt(np.maximum(np.einsum("dc,dc->c", columns, own), _LEAST))
        before = _carried(own, self.back[:frame][::-1], least * widths[:frame][::-1])
        after = _carried(own, self.ahead[frame:], least * widths[frame + 1 :])
        return frame - len(before), np.stack([*before[::-1], own, *after])


def _carried(start: AnyFloats, gains: AnyFloats, least: AnyFloats) -> list[AnyFloats]:
    """least: (n, D, c) below which it is negligible in each frame."""
    found = []
    for gain, small in zip(gains, least, strict=True):
        start = gain @ start
        if bool((np.abs(start) < small).all()):
            break
        found.append(start)
    return found


def solved(steps: Iterable[Step], kept: type[np.floating] = np.float64) -> SolvedChain:
    """kept: the type in which covariances and gains are kept; computed is in double precision.

    Raises ValueError where the evidence does not pin a vector down.
    """
    inverses, gains, linears = [], [], []
    message: Floats | None = None
    carried: Floats | None = None
    for step in steps:
        own = step.own if message is None else step.own + message
        linear = step.linear if carried is None else step.linear + carried
        inverse = inverted(own)
        inverses.append(inverse)
        linears.append(linear)
        if step.to_next is None:
            break
        gain = -inverse @ step.to_next
        gains.append(gain)
        message = step.to_next.T @ gain
        carried = gain.T @ linear
    count, size = len(inverses), len(linears[0])
    means = np.empty((count, size))
    covariances = np.empty((count, size, size), dtype=kept)
    ahead = np.empty((count - 1, size, size), dtype=kept)
    mean, covariance = inverses[-1] @ linears[-1], inverses[-1]
    means[-1], covariances[-1] = mean, covariance
    for t in range(count - 2, -1, -1):
        together = covariance @ gains[t].T
        mean = inverses[t] @ linears[t] + gains[t] @ mean
        covariance = inverses[t] + gains[t] @ together
        covariance = (covariance + covariance.T) / 2
        ahead[t] = together @ inverted(covariance)
        means[t], covariances[t] = mean, covariance
    back = np.stack(gains).astype(kept) if gains else np.empty((0, size, size), dtype=kept)
    return SolvedChain(means, covariances, back, ahead)


def inverted(precision: Floats) -> Floats:
    """Of a symmetric positive definite matrix."""
    from scipy.linalg import lapack  # here: no window is to wait for it

    root, failed = lapack.dpotrf(precision, lower=1)
    if failed:
        raise ValueError("the evidence does not pin all landmarks down")
    inverse, _ = lapack.dpotri(root, lower=1, overwrite_c=1)
    lower = np.tril(inverse)
    return np.asarray(lower + np.tril(inverse, -1).T)
