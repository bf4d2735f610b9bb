"""Heads that tests are about something else on: each is drawn once in a process, which takes a
tenth of a second. How they are drawn is tested in their own room."""

from functools import cache

from landmark_annotator.projects.samples import draw_head
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels


def drawn_head(seed: int) -> tuple[Pixels, Shape]:
    """As of `draw_head`; the pixels are the caller's own."""
    pixels, shape = _drawn(seed)
    return pixels.copy(), shape


_drawn = cache(draw_head)
