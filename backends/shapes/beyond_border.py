"""Landmarks beyond the photograph's border: it does not show them, whatever a model sees."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np

from landmark_annotator.backends.shapes.proposal import Proposal
from landmark_annotator.projects.vocabulary.arrays import Floats

_BELOW = np.vectorize(NormalDist().cdf, otypes=[float])
"""Not scipy's, for which the window would wait when it opens."""
_FINEST = 1e-6
"""Pixels: the least deviation, so that a landmark that is surely somewhere has a probability."""


def with_border(proposal: Proposal, width: int, height: int) -> Proposal:
    """The same in a photograph of this size, where what lies beyond the border is hidden:
    P(hidden) = 1 - (1 - P(hidden by the model)) (1 - P(beyond the border)).

    Where a model says nothing of what is hidden, and no landmark is proposed beyond the border, it
    is the proposal itself.
    """
    believed = proposal.given([])
    beyond = _beyond(believed.points, believed.covariances, width, height)
    beyond[list(proposal.unlearned)] = 0.0  # the model has no place for these
    if proposal.hidden is not None:
        return replace(proposal, hidden=1 - (1 - proposal.hidden) * (1 - beyond))
    return replace(proposal, hidden=beyond) if beyond.max() > 0.5 else proposal


def _beyond(points: Floats, covariances: Floats, width: int, height: int) -> Floats:
    """(L,) the probability that a landmark lies beyond one side of the photograph, the likeliest of
    the four. Of all four together one that may be anywhere would be taken to be outside, though it
    is proposed in the middle. A pixel reaches half a pixel around its middle."""
    deviations = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2)).clip(_FINEST)
    far = _BELOW((points - (np.array([width, height]) - 0.5)) / deviations)
    near = _BELOW((-0.5 - points) / deviations)
    return np.asarray(np.hstack([near, far]).max(axis=1))
