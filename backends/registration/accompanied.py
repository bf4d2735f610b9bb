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
        """The network's proposal and that of registration around it, in the frame of the first.
        Where the network does not know by which angle the box is to be turned, or has never seen
        the like, its own, and of the other no more than whether the object is there at all: that a
        network by itself cannot tell."""
        own = self.proposes(pixels, box)
        other = self.registration.propose_around(pixels, own.given([]).points, own.box)
        first = replace(own, sight=other.sight)
        if len(own.turns) > 1 or own.unfamiliar:
            return first
        points, covariance = moments_in(own.box, other.box, other.mixture)
        return replace(first, mixture=intersected(own.mixture, points, covariance, _SHARE))
