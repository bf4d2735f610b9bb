"""Parts of training images: what they show lies where their boxes say."""

import numpy as np
import pytest

from landmark_annotator.backends.finder.parts import VIEW, random_part
from landmark_annotator.backends.finder.pictures import Picture
from landmark_annotator.projects.vocabulary import Box, LabelledImage

SIZE = 401
OBJECT = Box(200.0, 190.0, 220.0, 220.0)


def _picture() -> Picture:
    """A dark image with a light spot in the middle of its object."""
    x, y = np.meshgrid(np.arange(SIZE), np.arange(SIZE))
    apart = (x - OBJECT.centre_x) ** 2 + (y - OBJECT.centre_y) ** 2
    pixels = np.repeat(255 * np.exp(-apart / (2 * 25**2))[..., None], 3, axis=2).astype(np.uint8)
    image = LabelledImage("spot", (SIZE, SIZE), (OBJECT,), lambda: pixels)
    return Picture.of(image, pixels, SIZE)


@pytest.mark.parametrize("turns", [False, True])
def test_an_object_that_is_shown_smaller_stays_in_the_middle_of_its_box(turns: bool) -> None:
    """Also where the image was made smaller before it was laid into the part."""
    picture, x, y = _picture(), *np.meshgrid(np.arange(VIEW), np.arange(VIEW))
    apart = []
    for seed in range(24):
        random = np.random.default_rng(seed)
        view = random_part(picture, (VIEW, VIEW), 0.2, turns, random)
        if not view.objects or view.objects[0].side > 0.6 * OBJECT.side:
            continue
        box, light = view.objects[0], view.pixels[..., 0].astype(np.float64)
        near = np.maximum(abs(x - box.centre_x), abs(y - box.centre_y)) < box.side / 4
        light = np.where(near, light, 0.0)
        middle = np.array([(light * x).sum(), (light * y).sum()]) / light.sum()
        apart.append(np.abs(middle - box.centre).max())
    assert len(apart) > 10
    assert max(apart) < 0.1
