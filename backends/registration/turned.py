"""How much what a box shows looks like the templates, turned by each of a few angles."""

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.registration.templates import (
    MARGIN,
    THUMBNAIL,
    Frames,
    View,
    evened,
    look,
    unit_length,
)
from landmark_annotator.backends.shapes.fitting.alignment import similarity_box
from landmark_annotator.backends.shapes.orientation import TURNS
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

_FINER = 2
"""By so much finer than thumbnails is what they are made of, and again what is turned."""
_BETWEEN = tuple(math.radians(away) for away in (-3.75, 3.75))
"""From each of TURNS, half of what two of those are apart: the arm of a star that is turned by half
of that looks like no arm."""
_REACH = 3
"""Pixels of a thumbnail by which an object may lie elsewhere than its box says: boxes are upright,
and one around the same object that is turned has another middle."""


def likeness(
    frames: Frames, views: Sequence[View], pixels: Pixels, box: Box, turns: Sequence[int]
) -> Floats:
    """(T,) of what each of these of TURNS shows, give or take a few degrees and pixels: from -1 to
    1, the most that one of the templates is like it."""
    known = np.stack([view.thumbnail for view in views], axis=1)
    along = similarity_box(frames.reference, box.to_image(frames.drawn), box)
    near, centre, along = _nearby(pixels, box, along)
    found = []
    for turn in turns:
        boxes = [_about(centre, along, TURNS[turn] + away) for away in _BETWEEN]
        found.append(max(float((_shifted(near, each) @ known).max()) for each in boxes))
    return np.array(found)


def _shifted(near: Pixels, box: Box) -> AnyFloats:
    """(S, THUMBNAIL^2) as of `thumbnail`, of what is around the box, wherever within reach."""
    size = THUMBNAIL + 2 * _REACH
    wider = box.moved(scale=size / THUMBNAIL)
    even = evened(look(near, wider, _FINER * size))
    small = cv2.resize(even, (size, size), interpolation=cv2.INTER_AREA).astype(np.float32)
    parts = sliding_window_view(small, (THUMBNAIL, THUMBNAIL)).reshape(-1, THUMBNAIL**2)
    return unit_length(parts)


def _nearby(pixels: Pixels, box: Box, along: Box) -> tuple[Pixels, tuple[float, float], Box]:
    """All that is looked at while `along` turns about the middle of the box, made small once and
    not for every angle; that middle and `along` in it."""
    away = math.hypot(along.centre_x - box.centre_x, along.centre_y - box.centre_y)
    reach = 1 + 2 * _REACH / THUMBNAIL
    side = 2 * away + math.sqrt(2) * reach * MARGIN * along.side
    scale = _FINER**2 * THUMBNAIL / (MARGIN * along.side)
    size = math.ceil(side * scale)
    part = Box(box.centre_x, box.centre_y, size / scale, size / scale)
    middle = (size - 1) / 2
    small = Box(
        middle + (along.centre_x - box.centre_x) * scale,
        middle + (along.centre_y - box.centre_y) * scale,
        along.width * scale,
        along.height * scale,
        along.angle,
    )
    return crop(pixels, part, size, margin=1.0), (middle, middle), small


def _about(centre: tuple[float, float], box: Box, turn: float) -> Box:
    """The box turned about a point."""
    x, y = box.centre_x - centre[0], box.centre_y - centre[1]
    cos, sin = math.cos(turn), math.sin(turn)
    return replace(
        box,
        centre_x=centre[0] + cos * x - sin * y,
        centre_y=centre[1] + sin * x + cos * y,
        angle=box.angle + turn,
    )
