"""One image with all that is known of where objects are in it."""

from collections.abc import Callable
from dataclasses import dataclass

from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.box import Box


@dataclass(frozen=True)
class LabelledImage:
    """key names the image in messages. size: its width and height in pixels. objects: boxes that
    people stand behind. unsure: boxes in which something may be, such as what nobody has accepted
    yet. absent: boxes that somebody has said are none. Anywhere else there may be objects that
    nobody labelled.

    read_pixels and group as of a `LabelledInstance`.
    """

    key: str
    size: tuple[int, int]
    objects: tuple[Box, ...]
    read_pixels: Callable[[], Pixels]
    unsure: tuple[Box, ...] = ()
    absent: tuple[Box, ...] = ()
    group: str = ""

    @property
    def split_key(self) -> str:
        """Decides its side of a split: images with the same one are never apart."""
        return self.group or self.key


@dataclass(frozen=True)
class Found:
    """A box in image pixels in which an object seems to be. score: from 0 to 1."""

    box: Box
    score: float
