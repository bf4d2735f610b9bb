"""Photographs that lie on their side or upside down, as scans do, and pictures of a camera that did
not say how it was held.

A network knows objects as the labelled ones stand, give or take by how much these lean and training
turned them: farther off it sees nothing that it knows. Then it is asked what it sees in the same
box from the other three sides.
"""

import math
from collections.abc import Callable

from landmark_annotator.backends.shapes.proposal import Proposal
from landmark_annotator.projects.vocabulary.box import Box


def whichever_way_up(propose: Callable[[Box], Proposal], box: Box) -> Proposal:
    """What a model proposes in the box as it lies; where that shows nothing that it has learned to
    see (`Proposal.unfamiliar`) and the same from another side does, what it proposes from there, of
    several where it is most familiar."""
    first = propose(box)
    if not first.unfamiliar:
        return first
    turned = [propose(_turned(box, quarters)) for quarters in (1, 2, 3)]
    known = [each for each in turned if each.novelty is not None and not each.unfamiliar]
    return min(known, key=lambda each: each.novelty or 0.0, default=first)


def _turned(box: Box, quarters: int) -> Box:
    """The same place, looked at from another side."""
    sides = (box.height, box.width) if quarters % 2 else (box.width, box.height)
    return Box(box.centre_x, box.centre_y, *sides, box.angle + quarters * math.pi / 2)
