"""One photograph, as models and as the canvas want it."""

from dataclasses import dataclass

from landmark_annotator.annotator.gui.canvas.layers.backdrop import Pyramid
from landmark_annotator.projects.images import Source
from landmark_annotator.projects.vocabulary.arrays import Pixels


@dataclass(frozen=True, eq=False)
class Picture:
    pixels: Pixels
    pyramid: Pyramid


def load_picture(source: Source) -> Picture:
    """Slow; in any thread."""
    pixels = source.pixels()
    return Picture(pixels, Pyramid(pixels))
