"""A folder of numbered images as a video, in the order of their numbers, whichever are missing
between. Nobody knows at which rate they were taken."""

from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.video.frame_index import FrameIndex
from landmark_annotator.projects.video.numbered_names import numbered_files
from landmark_annotator.projects.video.opened import in_words, opened
from landmark_annotator.projects.video.reader import Passing, upright
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


class NumberedReader:
    """As a `VideoReader`."""

    def __init__(self, path: Path) -> None:
        """Raises ImageError where there is none of them."""
        self.path = path
        self.index = numbered_index(path)
        self._files = numbered_files(path)

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
        file = self._files[number]
        with in_words(file), opened(file) as container:
            for frame in container.decode(video=0):
                return _eight_bits(frame)
        raise ImageError(f"{file} holds no image.")


def _eight_bits(frame: Any) -> Pixels:
    """Of more bits the range of the values themselves, as of images by themselves: cameras put 10
    to 14 bits into 16, of which the upper eight would be almost black."""
    if all(part.bits <= 8 for part in frame.format.components):
        return upright(frame)
    values = frame.to_ndarray(format="rgb48le").astype(np.float32)
    low, high = float(values.min()), float(values.max())
    shares = (values - low) / (high - low) if high > low else np.full_like(values, 128 / 255)
    pixels = np.rint(shares * 255).astype(np.uint8)
    return np.ascontiguousarray(np.rot90(pixels, frame.rotation // 90))
