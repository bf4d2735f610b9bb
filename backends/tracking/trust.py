"""How far time may be believed of each landmark of an object, judged on labels.

A leg that rests and leaps, and frames that were chosen far apart, are worse after smoothing than
before it: neither flow nor usual steps know of the leap. From a clip alone that cannot be told, for
a model that errs for many frames in the same way looks like an object that moves. So what all
frames together say, and what each says alone, is compared with labels that neither the smoother nor
the framewise model has learned from. Both variances are brought to what they err by, and wherever
that of time is the larger one its frame stands alone: far from clicks and labels, not near them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.tracking.framewise import TimeTrust
from landmark_annotator.backends.tracking.smoother import Clip, smoothed
from landmark_annotator.projects.vocabulary.arrays import Floats

FEWEST = 3
"""Labelled frames from which on anything is concluded."""
_SHARED = 6.0
"""Labelled frames that all landmarks together count as for each of them."""
_CLAIMED = 6.0
"""Labelled frames before any, in which a frame alone erred as it claims: a few that went well do
not yet make it surer than it says. By them it was preferred to a label two frames away."""
_WRONG = 2.0
"""Times its variance that time errs by where it is seen to be wrong of a landmark: nothing is lost
then by what its frames say."""
_LEAST = 0.02
"""Of a squared error in units of its expectation: below it nothing is told apart."""
_USUAL_LOG = -0.49
"""The mean of log(x + _LEAST), x half a squared normal in the plane."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """A stretch of a clip, proposed for by what has not learned from the frame's label, which it
    does not hold either. frame: its place there; truth: (L, 2) image pixels, NaN where nobody has
    vouched for a place."""

    clip: Clip
    frame: int
    truth: Floats


def time_trust(stretches: Sequence[HeldOut]) -> TimeTrust | None:
    """None where there is too little to tell."""
    if len(stretches) < FEWEST:
        return None
    errors = np.stack([_errors(each) for each in stretches])
    return trusted(errors[:, 0], errors[:, 1])


def trusted(together: Floats, alone: Floats) -> TimeTrust:
    """From the squared errors (N, L) of N labelled frames, in units of the variances that all
    frames together, and each alone, have claimed; NaN where there is no label.

    By geometric means: a landmark that is lost once tells no more than that. Each is judged by its
    own errors, and while these are few by those of all others too. A frame alone is taken for surer
    than it says as far as there are labels that say so, or that time is wrong there.
    """
    logs = np.log(together + _LEAST) - _USUAL_LOG, np.log(alone + _LEAST) - _USUAL_LOG
    known = np.isfinite(logs[0])
    counts = known.sum(axis=0)
    found = []
    for each in logs:
        total = np.where(known, each, 0.0).sum(axis=0)
        shared = float(total.sum() / max(int(counts.sum()), 1))
        found.append((total + _SHARED * shared) / (counts + _SHARED))
    borne_out = len(together) / (len(together) + _CLAIMED)
    doubted = (found[1] < 0) & (found[0] < np.log(_WRONG))
    alone_by = np.exp(found[1] * np.where(doubted, borne_out, 1.0))
    return TimeTrust(np.maximum(np.exp(found[0]), 1.0), alone_by)


def _errors(held: HeldOut) -> Floats:
    """(2, L) squared errors, of all frames together and of the frame alone."""
    proposal = held.clip.proposals[held.frame]
    if proposal is None:
        return np.full((2, held.clip.size), np.nan)
    together, alone = smoothed(held.clip).given({}), proposal.given([])
    found = []
    for points, covariances in (
        (together.points[held.frame], together.covariances[held.frame]),
        (alone.points, alone.covariances),
    ):
        squares = ((points - held.truth) ** 2).sum(axis=1)
        found.append(squares / np.trace(covariances, axis1=1, axis2=2))
    return np.stack(found)
