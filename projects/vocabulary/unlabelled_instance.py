"""One object of which nobody has said where its landmarks are: pixels on demand, and a box."""

from collections.abc import Callable
from dataclasses import dataclass

from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.box import Box


@dataclass(frozen=True)
class UnlabelledInstance:
    """key names the instance in messages. box: drawn, imported, or where a finder found it. group:
    as of a `LabelledInstance`, with the same text where they are related.

    read_pixels loads the whole image as (height, width, 3) RGB, and may raise ImageError.
    """

    key: str
    box: Box
    read_pixels: Callable[[], Pixels]
    group: str = ""

    @property
    def split_key(self) -> str:
        """Where a labelled instance has the same one, both are on one side of a split."""
        return self.group or self.key
