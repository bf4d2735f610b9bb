"""What training crops are cut from."""

import numpy as np
import pytest

from landmark_annotator.backends.densities.augmentation import MARGIN, Patch
from landmark_annotator.projects.vocabulary import Box, Shape


@pytest.mark.parametrize("crop_size", [32, 128, 256])
def test_a_crop_is_never_larger_than_what_it_is_cut_from(crop_size: int) -> None:
    pixels = np.zeros((600, 600, 3), np.uint8)
    canonical = Box(310.0, 290.0, 330.0, 330.0, 0.2)
    shape = Shape(np.array([[250.0, 200.0], [400.0, 390.0]]))
    patch = Patch.cut(pixels, canonical, Box(300, 300, 340, 340), shape, crop_size)
    assert patch.canonical.side * MARGIN >= crop_size
    # Whatever its size, the landmarks lie where they lay in the box.
    placed = patch.canonical.to_frame(patch.points)
    np.testing.assert_allclose(placed, canonical.to_frame(shape.points), atol=1e-9)
