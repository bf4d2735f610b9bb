"""A trained network, and beside it what labelled images look like at their landmarks."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.backends.registration.model import RegistrationModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.intersection import intersected
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

_SHARE = 0.7
"""Of the network, which has learned more. Half of it is worth about as much."""


@dataclass(frozen=True, eq=False)
class Accompanied:
    """proposes: the network, by image and box. registration: from nothing that
    the network is judged by.

    A network that few labels have trained sees the whole object, and single landmarks not so
    well as filters do that ask for nothing else. Both look at the same image, so their errors go
    together in part: see `intersected`."""

    proposes: Callable[[Pixels, Box], Proposal]
    registration: RegistrationModel

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        """The network's proposal and what registration sees around it, in its frame. The network's
        own where it does not know by which angle the box is to be turned, or has never seen the
        like: then there is nothing to look around."""
        first = self.proposes(pixels, box)
        if len(first.turns) > 1 or first.unfamiliar:
            return first
        points, covariance = self.registration.seen_around(pixels, first.given([]).points)
        seen = first.box.to_frame(points), _to_frame(first.box, covariance)
        return replace(first, mixture=intersected(first.mixture, *seen, _SHARE))


def _to_frame(box: Box, covariance: Floats) -> Floats:
    """(2L, 2L) squared pixels to the box's frame."""
    size = len(covariance) // 2
    axes = (box.to_frame(np.eye(2)) - box.to_frame(np.zeros((1, 2)))).T
    turn = np.kron(np.eye(size), axes)
    return np.asarray(turn @ covariance @ turn.T)
