"""Crops of photographs that are grey already."""

import cv2
import numpy as np
import pytest

from landmark_annotator.backends.learning.local_features import grey_crop, greyed
from landmark_annotator.projects.vocabulary import Box
from tests.unit.backends.registration.textures import texture_of


@pytest.mark.parametrize("side", [100, 260, 700])
def test_whether_it_is_made_grey_before_or_after_makes_no_difference(side: int) -> None:
    pixels = cv2.resize(texture_of(0), (900, 700), interpolation=cv2.INTER_CUBIC)
    pixels[..., 0] //= 2
    box = Box(500.0, 320.0, side, side, 0.3)
    before, after = grey_crop(greyed(pixels), box), grey_crop(pixels, box)
    assert np.abs(before.astype(int) - after).max() <= 1
