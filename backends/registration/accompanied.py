"""A trained network, and beside it what labelled images look like at their landmarks."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from landmark_annotator.backends.registration.model import RegistrationModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.intersection import intersected
from landmark_annotator.backends.shapes.orientation import turned_moments
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.box import Box

_SHARE = 0.7
"""Of the network, which has learned more. Half of it is worth about as much."""


@dataclass(frozen=True, eq=False)
class Accompanied:
    """proposes: the network, by image and box. registration: from nothing that judges the network.

    A network that few labels have trained sees the whole object, and single landmarks not so well
    as filters do that ask for nothing else. Both look at the same image, so their errors go
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
        turned = turned_moments(points, covariance, -first.box.angle)[1]
        seen = first.box.to_frame(points), turned / first.box.side**2
        return replace(first, mixture=intersected(first.mixture, *seen, _SHARE))
