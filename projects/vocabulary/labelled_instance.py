"""One labelled instance as a backend learns from it: pixels on demand, box and shape."""

from collections.abc import Callable
from dataclasses import dataclass

from projects.vocabulary.arrays import Pixels
from projects.vocabulary.box import Box
from projects.vocabulary.shape import Shape


@dataclass(frozen=True)
class LabelledInstance:
    """key names the instance in messages and decides its side of a split.

    read_pixels loads the whole image as (height, width, 3) RGB, and may raise ImageError.
    """

    key: str
    box: Box
    shape: Shape
    read_pixels: Callable[[], Pixels]
