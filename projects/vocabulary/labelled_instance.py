"""One labelled instance as a backend learns from it: pixels on demand, box and shape."""

from collections.abc import Callable
from dataclasses import dataclass

from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.shape import Shape


@dataclass(frozen=True)
class LabelledInstance:
    """key names the instance in messages. group: the same text for all that are related to it, as
    views of one person or frames of one video; empty where nothing is.

    read_pixels loads the whole image as (height, width, 3) RGB, and may raise ImageError.
    """

    key: str
    box: Box
    shape: Shape
    read_pixels: Callable[[], Pixels]
    group: str = ""

    @property
    def split_key(self) -> str:
        """Decides its side of a split: instances with the same one are never apart."""
        return self.group or self.key
