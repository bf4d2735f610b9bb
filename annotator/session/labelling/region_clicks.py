"""What a click says of a region: this belongs to it, this does not. The mask around it follows.

A network that segments is asked where there is one that knows the region. Else colours decide, in
a window around the click: what hangs together with it and is like it goes with it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from landmark_annotator.annotator.session.labelling.mask_strokes import stroke
from landmark_annotator.backends.region_masks import found_mask
from landmark_annotator.backends.registry import Segmenting
from landmark_annotator.projects.vocabulary import Box, Mask, RegionClick, RegionMap
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.mask import Window

_LONGEST = 512
"""Pixels of the longer side of what is looked at: a tenth of a second."""
_REACH = 0.5
"""Sides of the box that a click reaches to each side."""
_SURE = 0.015
"""Sides of the box around a click that have its colours."""
_LEAST_SPREAD = 5.0
"""Of colours in CIELAB, of 255: what an even surface has by its shading."""
_MOST_APART = 3.5
"""Spreads from the colours of a click within which colours are like them."""


@dataclass(frozen=True, eq=False)
class Question:
    """All that an answer needs, in any thread. clicks: about all regions, in order; the last one is
    answered. landmarks: (L, 2) image pixels, NaN where unknown. previous: the masks by region.
    covariances: (L, 2, 2) of the landmarks, None where they are exact.
    drawn: whether a person has had a hand in the mask that is asked for: then it changes around the
    click alone."""

    pixels: Pixels
    box: Box
    landmarks: Floats
    previous: Mapping[str, Mask]
    clicks: Sequence[RegionClick]
    drawn: bool = False
    covariances: Floats | None = None


def standing(clicks: Sequence[RegionClick], masks: Mapping[str, Mask]) -> list[RegionClick]:
    """Those that the masks agree with: a click that was taken back, or drawn over, says nothing."""
    return [
        click
        for click in clicks
        if masks.get(click.region, Mask()).holds(click.x, click.y) == click.belongs
    ]


def answered(question: Question, model: Segmenting | None) -> Mask:
    """The mask of the region that the last click is about."""
    region = question.clicks[-1].region
    if model is not None and region in model.regions():
        return _by_network(question, model)
    return _by_colours(question)


def _by_network(question: Question, model: Segmenting) -> Mask:
    last = question.clicks[-1]
    found = model.segment(
        question.pixels,
        question.box,
        question.landmarks,
        question.previous,
        question.clicks,
        question.covariances,
    )
    if not _reaches(found, last):
        return _by_colours(question)
    height, width = question.pixels.shape[:2]
    mask = found_mask(found, last.region, width, height)
    # The place itself is as it was said, whatever the network believes of it.
    place = stroke([(last.x, last.y)], 2 * _SURE * question.box.side, (width, height))
    if not question.drawn:
        return mask | place if last.belongs else mask - place
    before = question.previous.get(last.region, Mask())
    change = _piece_at(mask - before if last.belongs else before - mask, last) | place
    return before | change if last.belongs else before - change


def _reaches(found: RegionMap, click: RegionClick) -> bool:
    """Whether the map says anything of the click's place."""
    half = np.array([found.box.width, found.box.height]) / (2 * found.box.side)
    return bool((abs(found.box.to_frame(np.array([[click.x, click.y]]))) <= half).all())


def _piece_at(mask: Mask, click: RegionClick) -> Mask:
    """What of the mask hangs together with the place of the click, if it is inside."""
    if not mask.holds(click.x, click.y):
        return Mask()
    left, top, _, _ = window = mask.bounds
    x, y = math.floor(click.x + 0.5) - left, math.floor(click.y + 0.5) - top
    _, parts = cv2.connectedComponents(mask.inside(window).astype(np.uint8), connectivity=8)
    return Mask.of(parts == parts[y, x], left, top)


def _by_colours(question: Question) -> Mask:
    """The piece around the click that has its colours, and is nearer to them than to those of any
    click that says otherwise, is given to the region or taken from it."""
    last = question.clicks[-1]
    before = question.previous.get(last.region, Mask())
    side = question.box.side
    height, width = question.pixels.shape[:2]
    left, top, across, down = window = _window(last, _REACH * side, width, height)
    if across < 3 or down < 3:
        return before
    scale = min(_LONGEST / max(across, down), 1.0)
    small = (max(round(across * scale), 3), max(round(down * scale), 3))
    piece = cv2.resize(
        question.pixels[top : top + down, left : left + across], small, interpolation=cv2.INTER_AREA
    )
    lab = cv2.cvtColor(cv2.medianBlur(piece, 5), cv2.COLOR_RGB2LAB).astype(np.float32)
    radius = max(round(_SURE * side * scale), 2)
    own, disc = _distance(lab, _place(last, window, scale), radius)
    near = own < _MOST_APART
    for click in question.clicks[:-1]:
        agrees = click.region == last.region and click.belongs == last.belongs
        x, y = _place(click, window, scale)
        if not agrees and 0 <= x < small[0] and 0 <= y < small[1]:
            other, its = _distance(lab, (x, y), radius)
            near &= (own < other) & ~its
    near |= disc
    _, parts = cv2.connectedComponents(near.astype(np.uint8), connectivity=4)
    x, y = _place(last, window, scale)
    part = (parts == parts[y, x]).astype(np.uint8)
    # Specks inside it are its own: eyes of a needle in hair, a highlight on a lip.
    part = cv2.morphologyEx(part, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)) * 255
    whole = cv2.resize(part, (across, down), interpolation=cv2.INTER_LINEAR) > 127
    found = Mask.of(whole, left, top)
    return before | found if last.belongs else before - found


def _distance(
    lab: npt.NDArray[np.float32], place: tuple[int, int], radius: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """How far each colour is from those in the disc around the place, in their own spread; and the
    disc."""
    disc = np.zeros(lab.shape[:2], np.uint8)
    cv2.circle(disc, place, radius, 1, cv2.FILLED)
    own = lab[disc > 0]
    off = (lab - own.mean(axis=0)) / np.maximum(own.std(axis=0), _LEAST_SPREAD)
    return np.sqrt((off**2).sum(axis=2)), disc > 0


def _window(click: RegionClick, reach: float, width: int, height: int) -> Window:
    left, top = (max(math.floor(at - reach), 0) for at in (click.x, click.y))
    right, bottom = (
        min(math.ceil(at + reach) + 1, most) for at, most in ((click.x, width), (click.y, height))
    )
    return left, top, right - left, bottom - top


def _place(click: RegionClick, window: Window, scale: float) -> tuple[int, int]:
    return round((click.x - window[0]) * scale), round((click.y - window[1]) * scale)
