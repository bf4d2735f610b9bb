"""Polygons of label files as masks: the pixels whose middles lie inside."""

import numpy as np
import pytest

from landmark_annotator.projects.exchange.codecs.common.run_lengths import from_coco
from landmark_annotator.projects.vocabulary.arrays import Bools

HEIGHT, WIDTH = 20, 24


def inside(corners: list[float]) -> Bools:
    """(HEIGHT, WIDTH) by counting the lines to the left of each middle."""
    points = np.array(corners).reshape(-1, 2)
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    crossed = np.zeros((HEIGHT, WIDTH), dtype=int)
    for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0), strict=True):
        if y0 != y1:
            passes = (y0 <= y) != (y1 <= y)
            crossed += passes & (x >= x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    return np.asarray(crossed % 2 == 1)


@pytest.mark.parametrize(
    "corners",
    [
        [2.0, 2.0, 10.0, 3.0, 15.0, 10.0, 8.0, 18.0],
        [-100.0, 0.0, 10.0, 0.0, 10.0, 100.0],
        [-10.0, 5.0, 10.0, -10.0, 35.0, 10.0, 8.0, 30.0],
        [3.0, 3.0, 20.0, 16.0, 20.0, 3.0, 3.0, 16.0],
    ],
    ids=["inside", "far out", "out on all sides", "crossing itself"],
)
def test_lines_that_leave_the_image_keep_their_slopes_in_it(corners: list[float]) -> None:
    mask = from_coco([corners], HEIGHT, WIDTH)

    assert np.array_equal(mask.array(HEIGHT, WIDTH), inside(corners))


def test_a_row_may_have_any_number_of_runs_that_touch() -> None:
    """A comb of teeth with less than a pixel between them."""
    teeth = 1500
    top = [[n + 0.4, 10.0, n + 0.45, 0.0, n + 1.35, 0.0, n + 1.38, 10.0] for n in range(teeth)]
    corners = [value for tooth in top for value in tooth]

    mask = from_coco([[*corners, teeth + 2.0, 12.0, 0.0, 12.0]], 20, teeth + 5)

    assert mask.holds(teeth // 2, 5)
