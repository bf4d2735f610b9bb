"""A folder of numbered images as a video, in the order of their numbers, whichever are missing
between. Nobody knows at which rate they were taken."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from landmark_annotator.projects.video.frame_index import FrameIndex
from landmark_annotator.projects.video.numbered_names import numbered_files
from landmark_annotator.projects.video.reader import Passing
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import FileMissing, ImageError


def numbered_index(path: Path) -> FrameIndex:
    """Raises ImageError where there is none of them."""
    count = len(numbered_files(path))
    if not count:
        raise FileMissing(
            f"There are no images {path}.",
            remedy="Put the folder back, or say where it is now: annotator locate PROJECT FOLDER.",
        )
    stamps = np.arange(count, dtype=np.int64)
    return FrameIndex(stamps, np.zeros(count), stamps, {n: n for n in range(count)})


ReadImage = Callable[[Path], Pixels]
"""(height, width, 3) RGB, upright, of an image file. Raises ImageError."""


class NumberedReader:
    """As a `VideoReader`."""

    def __init__(self, path: Path, read_image: ReadImage) -> None:
        """Raises ImageError where there is none of them."""
        self.path = path
        self.index = numbered_index(path)
        self._files, self._read = numbered_files(path), read_image

    def close(self) -> None:
        """No file is left open."""

    def on_the_way_to(self, number: int) -> int:
        """Every frame is a file of its own."""
        return 0

    def pixels(self, number: int, passing: Passing | None = None, last: int = 0) -> Pixels:
        """(height, width, 3) RGB, upright. Raises ImageError."""
        if not 0 <= number < len(self._files):
            raise ImageError(
                f"{self.path} has no frame {number:,}: it has {len(self._files):,}, from 0 on."
            )
        return self._read(self._files[number])
