"""A frame of a video, read to be shown."""

from pathlib import Path

from landmark_annotator.annotator.gui.canvas.layers.backdrop import Pyramid
from landmark_annotator.projects.images.source import Frame, quick_frame


def decoded_frame(path: Path, frame: int, quick: bool) -> tuple[int, Pyramid]:
    """With the number of the frame that it is. quick: it may be one near it."""
    number = quick_frame(path, frame) if quick else frame
    return number, Pyramid(Frame(path, number).pixels())
