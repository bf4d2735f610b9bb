import cv2
import numpy as np
import pytest

from landmark_annotator.backends.learning.crops import MARGIN, _averages, crop
from landmark_annotator.projects.vocabulary import Box


def dotted(size: int, x: float, y: float) -> np.ndarray:
    """White with one black disc."""
    image = np.full((size, size, 3), 255, dtype=np.uint8)
    cv2.circle(image, (round(x), round(y)), max(size // 60, 2), (0, 0, 0), -1)
    return image


def darkest(pixels: np.ndarray) -> np.ndarray:
    """(x, y) centre of what is dark."""
    weights = (255.0 - pixels.mean(axis=2)) ** 2
    rows, columns = np.indices(weights.shape)
    return np.array([(weights * columns).sum(), (weights * rows).sum()]) / weights.sum()


@pytest.mark.parametrize("size", [200, 3000])
@pytest.mark.parametrize("angle", [0.0, 0.7])
@pytest.mark.parametrize("flip", [False, True])
def test_a_dot_lands_where_the_box_frame_says(size: int, angle: float, flip: bool) -> None:
    box = Box(size * 0.5, size * 0.55, size * 0.4, size * 0.4, angle)
    dot = np.array([round(size * 0.6), round(size * 0.5)], dtype=float)
    framed = box.to_frame(dot) * ([-1, 1] if flip else [1, 1])
    expected = (framed / MARGIN + 0.5) * 96 - 0.5
    found = darkest(crop(dotted(size, *dot), box, 96, flip=flip))
    np.testing.assert_allclose(found, expected, atol=0.25)


def test_a_crop_beyond_the_image_repeats_its_border() -> None:
    image = np.full((50, 50, 3), 77, dtype=np.uint8)
    assert (crop(image, Box(0, 0, 60, 60), 32) == 77).all()


@pytest.mark.parametrize("factor", [2, 3, 7, 300])
@pytest.mark.parametrize("size", [(1, 1), (31, 29), (60, 42), (601, 500)])
def test_averages_at_the_border_are_of_a_border_that_goes_on(
    factor: int, size: tuple[int, int]
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    blocks = np.array([-(-n // factor) for n in reversed(size)])
    over = [blocks[1 - n] * factor - size[n] for n in range(2)]
    padded = np.pad(pixels, ((0, over[0]), (0, over[1]), (0, 0)), mode="edge").astype(int)
    sums = padded.reshape(blocks[1], factor, blocks[0], factor, 3).sum(axis=(1, 3))
    found = _averages(pixels, np.array([0, 0]), blocks, factor)
    np.testing.assert_array_equal(found, np.rint(sums / factor**2))
