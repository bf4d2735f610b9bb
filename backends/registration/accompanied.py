"""A trained network, and beside it what labelled images and shapes say without a training."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from landmark_annotator.backends.registration.either_way import EitherWay
from landmark_annotator.backends.registration.model import RegistrationModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.intersection import intersected
from landmark_annotator.backends.shapes.orientation import moments_in
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.box import Box

_SHARE = 0.75
"""Of the network. On flies and cephalograms half costs as few clicks, on faces of different people
half costs up to twice as many as the network alone, and this less."""


@dataclass(frozen=True, eq=False)
class Accompanied:
    """proposes: the network, by image and box. registration: from nothing that judges the network.

    A network that few labels have trained sees the whole object, and single landmarks not so well
    as filters do that ask for nothing else. Both look at the same image, so their errors go
    together in part: see `intersected`."""

    proposes: Callable[[Pixels, Box], Proposal]
    registration: RegistrationModel | EitherWay

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        """The network's proposal and that of registration around it, in the frame of the first. The
        network's own where it does not know by which angle the box is to be turned, or has never
        seen the like: then there is nothing to look around."""
        first = self.proposes(pixels, box)
        if len(first.turns) > 1 or first.unfamiliar:
            return first
        other = self.registration.propose_around(pixels, first.given([]).points, first.box)
        points, covariance = moments_in(first.box, other.box, other.mixture)
        return replace(first, mixture=intersected(first.mixture, points, covariance, _SHARE))
