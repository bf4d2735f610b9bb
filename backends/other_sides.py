"""Objects of images that lie on their side or upside down, as scans do, and pictures of a camera
that did not say how it was held.

A finder that knows objects as they stand finds some of these too, and puts their boxes beside them.
It is surest of the side that they stand on: so it was in each of 165 photographs of faces.
"""

from collections.abc import Callable

import numpy as np

from landmark_annotator.backends.finders import ObjectFinder
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.projects.vocabulary import Box, Found, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels

_SURE = 0.8
"""Score from which on an image is not looked at from other sides, to save the time: one in ten of
those photographs has no face of so much as it stands, and hardly any has one as it lies."""


def found_however_it_lies(
    finder: ObjectFinder, knows: Callable[[Pixels, Box], bool], pixels: Pixels
) -> list[Found]:
    """What is found in the image from the side that the finder is surest of, best first, in pixels
    (H, W, 3) of the image as it is.

    knows: whether what is in a box of an image is such an object. It is asked of what is found from
    another side only: from there all kinds of things look like objects.
    """
    upright = best = finder.find(pixels)
    view, side = pixels, 0
    if _surest(upright) < _SURE:
        for quarters in (1, 2, 3):
            turned = np.ascontiguousarray(np.rot90(pixels, quarters))
            found = finder.find(turned)
            if _surest(found) > _surest(best):
                best, view, side = found, turned, quarters
    if not side:
        return upright
    known = [each for each in best if knows(view, each.box)]
    return [Found(turned_back(each.box, side, pixels), each.score) for each in known] or upright


def may_lie(scheme: Scheme) -> bool:
    """Whether its objects are to be looked for from other sides too: those with a heading point
    anywhere, and are found from all sides anyway."""
    return scheme.heading is None


def is_known(model: TrainedModel, pixels: Pixels, box: Box) -> bool:
    """Whether the model has learned to see what is in the box; not where it cannot tell."""
    proposal = model.propose(pixels, box)
    return proposal.novelty is not None and not proposal.unfamiliar


def turned_back(box: Box, quarters: int, pixels: Pixels) -> Box:
    """Where a box is in the pixels (H, W, 3) that lies so in them turned by so many quarters
    against the clock."""
    x, y, width, height = box.centre_x, box.centre_y, box.width, box.height
    for turn in range(quarters, 0, -1):
        before = pixels.shape[turn % 2]  # the width of what was turned then
        x, y, width, height = before - 1 - y, x, height, width
    return Box(x, y, width, height)


def _surest(found: list[Found]) -> float:
    return max((each.score for each in found), default=0.0)
