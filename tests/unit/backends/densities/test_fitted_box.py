"""What the network looks along next: sure landmarks lead, unsure ones do not."""

import numpy as np
import pytest

from landmark_annotator.backends.densities.fitted_box import fitting_box
from landmark_annotator.projects.vocabulary import Box

REFERENCE = np.random.default_rng(3).uniform(-0.5, 0.5, (30, 2))
DRAWN = Box(200.0, 120.0, 90.0, 90.0, 0.2)
SURE = np.tile(np.eye(2) * 0.02**2, (30, 1, 1))
UNSURE = np.tile(np.eye(2) * 0.3**2, (30, 1, 1))


def _apart(one: Box, other: Box) -> float:
    """How far the reference lies apart in the two, in sides of the second."""
    return float(np.abs(one.to_image(REFERENCE) - other.to_image(REFERENCE)).max()) / other.side


@pytest.mark.parametrize("count", [5, 30])
@pytest.mark.parametrize("turn", [0.0, 0.4, 3.0])
def test_sure_landmarks_lead_to_the_box_that_fits_them(turn: float, count: int) -> None:
    fits = DRAWN.moved((0.3, -0.2), 1.4, turn)
    reference = REFERENCE[:count]

    box = DRAWN
    for _ in range(3):
        points = box.to_frame(fits.to_image(reference))
        box = fitting_box(reference, points, SURE[:count], box)

    assert _apart(box, fits) < 0.01


def test_where_nothing_is_seen_the_box_stays() -> None:
    nothing = np.zeros((30, 2))

    assert _apart(fitting_box(REFERENCE, nothing, UNSURE, DRAWN), DRAWN) < 0.06
    assert fitting_box(REFERENCE, nothing, SURE, DRAWN).side < 0.2 * DRAWN.side


def test_landmarks_outside_the_crop_do_not_shrink_it() -> None:
    fits = DRAWN.moved((0.4, 0.0))
    seen = DRAWN.to_frame(fits.to_image(REFERENCE))
    outside = seen[:, 0] > 0.6
    seen[outside] = 0.0
    spreads = np.where(outside[:, None, None], UNSURE, SURE)

    assert 3 < outside.sum() < 20
    assert _apart(fitting_box(REFERENCE, seen, spreads, DRAWN), fits) < 0.05


def test_a_landmark_without_a_reference_does_not_count() -> None:
    lacking = REFERENCE.copy()
    lacking[4] = np.nan
    seen = REFERENCE.copy()
    seen[4] = 9.0

    assert _apart(fitting_box(lacking, seen, SURE, DRAWN), DRAWN) < 1e-9
