"""OpenCV warps no image of more than 32,767 pixels across: a piece of it is cut out first."""

import numpy as np

from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.projects.vocabulary import Box


def test_a_crop_of_a_very_wide_image_is_that_of_its_piece() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (80, 40_000, 3), dtype=np.uint8)
    piece = pixels[:, 38_000:]
    wide = crop(pixels, Box(39_000.5, 40.2, 60, 60, 0.3), 64)
    assert np.abs(wide.astype(int) - crop(piece, Box(1_000.5, 40.2, 60, 60, 0.3), 64)).max() <= 1
