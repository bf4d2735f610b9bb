"""How far time may say where each landmark of an object is, judged on labels.

A leg that rests and leaps, and frames that were chosen far apart, are worse after smoothing than
before it: neither flow nor usual steps know of the leap. From a clip alone that cannot be told, for
a model that errs for many frames in the same way looks like an object that moves. So what all
frames together say is compared with labels that neither it nor the framewise model has learned
from, with ever looser steps, down to none that say anything: then each frame is by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from backends.tracking.persistence import Persistence
from backends.tracking.smoother import Clip, smoothed
from projects.vocabulary.arrays import Floats

LOOSENESS = (1.0, 16.0, 256.0, 1e6)
"""What is tried: the variances of all steps times so much. With the last, steps say nothing."""
FEWEST = 3
"""Labelled frames from which on anything is concluded."""
_TAIL = 4.0
"""Degrees of freedom of the t distribution of errors: a landmark that is lost tells no more."""
_SHARED = 6.0
"""Labelled frames that all landmarks together count as for each of them."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """A stretch of a clip, proposed for by what has not learned from the frame's label, which it
    does not hold either. frame: its place there; truth: (L, 2) image pixels, NaN where nobody has
    vouched for a place; side: of the object, in pixels. known: how errors persist in the clip."""

    clip: Clip
    frame: int
    truth: Floats
    side: float
    known: Persistence | None = None


def looseness(stretches: Sequence[HeldOut]) -> Floats | None:
    """(L,) of `LOOSENESS` for each landmark; None where there is too little to tell."""
    if len(stretches) < FEWEST:
        return None
    errors = np.stack([_errors(each) for each in stretches])
    return np.asarray(np.array(LOOSENESS)[chosen(errors)])


def chosen(errors: Floats) -> np.ndarray:
    """(L,) the number of the looseness with the least errors.

    errors: (N, n, L) of N labelled frames with each looseness, NaN where there is no label. Each
    landmark is judged by its own errors, and while these are few by those of all others too. Steps
    are as loose as usual until looser ones are better by more than their standard error.
    """
    known = np.isfinite(errors)
    squares = np.where(known, np.minimum(errors, 1.0) ** 2, 0.0)
    usual = squares.sum(axis=(0, 1)) / np.maximum(known.sum(axis=(0, 1)), 1) + 1e-12
    costs = np.where(known, np.log1p(squares / usual / _TAIL), 0.0)
    # Of each frame; and how far the gain over what is usual may be off.
    frames = costs.sum(axis=2) / np.maximum(known.sum(axis=2), 1)
    gains = frames[:, :1] - frames
    unsure = gains.std(axis=0, ddof=1) / np.sqrt(len(gains))
    shared = frames.mean(axis=0) + unsure
    return np.asarray(np.argmin(costs.sum(axis=0) + _SHARED * shared[:, None], axis=0))


def _errors(held: HeldOut) -> Floats:
    """(n, L) in sides of the object."""
    found = []
    for loosened in LOOSENESS:
        clip = replace(held.clip, loosened=np.full(held.clip.size, loosened))
        points = smoothed(clip, held.known).given({}).points[held.frame]
        found.append(np.linalg.norm(points - held.truth, axis=1) / held.side)
    return np.stack(found)
