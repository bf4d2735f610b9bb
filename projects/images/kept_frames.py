"""The frames of videos that this process keeps, where numbered images are read as any image is."""

from pathlib import Path

from landmark_annotator.projects.images.decoding import read_pixels
from landmark_annotator.projects.video import FrameCache
from landmark_annotator.projects.vocabulary.arrays import Pixels


def _first_page(path: Path) -> Pixels:
    return read_pixels(path, 0)


frames = FrameCache(_first_page)
"""The one of this process."""
