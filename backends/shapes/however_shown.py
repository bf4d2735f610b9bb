"""Images that show the object, and not as the labelled ones do: in other light or contrast; as a
negative, as radiographs and films are, or what is lit from behind; on their side or upside down, as
scans are, and pictures of a camera that did not say how it was held.

A network knows objects as the labelled ones look and stand, give or take what training varied:
farther off it sees nothing that it knows, though the object is there.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np

from landmark_annotator.backends.shapes.proposal import Proposal
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

_WHITE = 255
_EXTREMES = (1, 99)
"""Percentiles that become black and white: a dead pixel or a reflection is neither."""
_ENOUGH = 100_000
"""Pixels that tell which levels there are: of large photographs, to sort all takes a second."""
_ALIKE = 0.2
"""Logarithms of gains and exponents up to which light is none that training has not shown."""


def however_shown(
    look: Callable[[Pixels, Box], Proposal],
    pixels: Pixels,
    box: Box,
    *,
    light: bool = True,
    turned: bool = True,
) -> Proposal:
    """What a model proposes for the image and the box as they are. Where these show nothing that it
    has learned to see (`Proposal.unfamiliar`), what it proposes for the image in the light in which
    it is least novel; and where that is still nothing known and its negative, or the image from
    another side, is, what it proposes for that, of several where it is most familiar.

    light, turned: whether it may be looked at in other light, and from another side. The object is
    the same in all light, so that nothing but how well it is seen can be mistaken there.
    """
    best = look(pixels, box)
    if not best.unfamiliar:
        return best
    if light:
        for other in _in_other_light(pixels, box):
            best = min(best, look(other, box), key=_novelty)
            if not best.unfamiliar:
                return best
    others = [look(_WHITE - pixels, box)]
    if turned:
        others += [look(pixels, _turned(box, quarters)) for quarters in (1, 2, 3)]
    known = [each for each in others if not each.unfamiliar]
    return min([best, *known], key=_novelty)


def _novelty(proposal: Proposal) -> float:
    return math.inf if proposal.novelty is None else proposal.novelty


def stretched(pixels: Pixels) -> Pixels | None:
    """The image with all levels of grey from black to white; None where that changes little."""
    levels = _levels(_some(pixels))
    return None if levels is None or _is_usual(levels) else _as_levels(levels)[pixels]


def _in_other_light(pixels: Pixels, box: Box) -> Iterator[Pixels]:
    """Stretched by what is in the box; and so that half of that is in the darker half of all
    levels. Neither where that changes little."""
    there = _some(_within(pixels, box))
    levels = _levels(there)
    if levels is None:
        return
    if not _is_usual(levels):
        yield _as_levels(levels)[pixels]
    middle = float(levels[round(float(np.median(there)))])
    exponent = math.log(0.5) / math.log(middle) if 0 < middle < 1 else 1.0
    if abs(math.log(exponent)) > _ALIKE:
        yield _as_levels(levels**exponent)[pixels]


def _levels(there: Pixels) -> Floats | None:
    """(256,) what becomes of each level of grey, from 0 to 1, where those that are there are
    stretched from black to white; None where they are all one."""
    if not there.size:
        return None
    darkest, lightest = np.percentile(there, _EXTREMES)
    if lightest <= darkest:
        return None
    return np.asarray(np.clip((np.arange(256.0) - darkest) / (lightest - darkest), 0.0, 1.0))


def _is_usual(levels: Floats) -> bool:
    """Whether they are stretched no farther than training has."""
    return math.log(_WHITE * float(np.diff(levels).max())) <= _ALIKE


def _some(pixels: Pixels) -> Pixels:
    """As many of them, evenly, as tell which levels there are."""
    apart = max(1, math.isqrt(pixels.shape[0] * pixels.shape[1] // _ENOUGH))
    return pixels[::apart, ::apart]


def _as_levels(levels: Floats) -> Pixels:
    return np.rint(_WHITE * levels).astype(np.uint8)


def _within(pixels: Pixels, box: Box) -> Pixels:
    """What is in the square of the box, however it is turned."""
    height, width = pixels.shape[:2]
    half = box.side / 2
    left, right = np.clip([box.centre_x - half, box.centre_x + half + 1], 0, width).astype(int)
    top, bottom = np.clip([box.centre_y - half, box.centre_y + half + 1], 0, height).astype(int)
    return pixels[top:bottom, left:right]


def _turned(box: Box, quarters: int) -> Box:
    """The same place, looked at from another side."""
    sides = (box.height, box.width) if quarters % 2 else (box.width, box.height)
    return Box(box.centre_x, box.centre_y, *sides, box.angle + quarters * math.pi / 2)
