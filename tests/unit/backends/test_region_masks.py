"""Masks in pixels of the photograph, from probabilities in a box."""

import numpy as np

from landmark_annotator.backends.region_masks import found_mask, found_masks
from landmark_annotator.projects.vocabulary import Box, RegionMap


def painted(box: Box) -> RegionMap:
    """Left half one region, the lower right quarter another, surely."""
    likely = np.zeros((2, 16, 16), np.float32)
    likely[0, :, :8] = 1
    likely[1, 8:, 8:] = 1
    return RegionMap(("one", "other"), likely, box)


def test_each_cell_covers_its_share_of_the_box() -> None:
    masks = found_masks(painted(Box(49.5, 39.5, 64.0, 32.0)), 100, 80)
    assert masks["one"].array(80, 100)[26:53, 20:48].all()
    assert masks["other"].array(80, 100)[42:53, 52:79].all()
    assert abs(masks["one"].area - 32 * 32) < 80
    assert not (masks["one"] & masks["other"])


def test_a_turned_box_turns_the_masks() -> None:
    masks = found_masks(painted(Box(50.0, 50.0, 40.0, 40.0, np.pi / 2)), 101, 101)
    assert masks["one"].holds(50, 40)
    assert not masks["one"].holds(50, 60)
    assert masks["other"].holds(40, 60)


def test_one_region_has_the_mask_that_it_has_among_all() -> None:
    found = painted(Box(30.0, 20.0, 40.0, 40.0, 0.4))
    assert found_mask(found, "other", 60, 50) == found_masks(found, 60, 50)["other"]


def test_what_is_likelier_none_belongs_to_none() -> None:
    found = RegionMap(("one",), np.full((1, 8, 8), 0.4, np.float32), Box(20, 20, 20, 20))
    assert found_masks(found, 40, 40)["one"].area == 0


def test_a_box_beyond_the_photograph_gives_what_is_on_it() -> None:
    masks = found_masks(painted(Box(0.0, 10.0, 40.0, 40.0)), 30, 30)
    assert masks["one"].bounds[2] <= 1
    assert masks["other"].array(30, 30)[13:28, 3:18].all()
    assert found_masks(painted(Box(-90.0, 10.0, 40.0, 40.0)), 30, 30)["one"].area == 0
