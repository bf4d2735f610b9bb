"""Where filters find landmarks: around where these are thought to be, on one grid for all."""

import numpy as np
import pytest

from landmark_annotator.backends.learning.local_features import gradient_maps
from landmark_annotator.backends.registration.filters import LEVELS, Level, found_near
from landmark_annotator.projects.vocabulary.arrays import Floats

_POINTS = np.random.default_rng(3).uniform(-0.4, 0.4, (30, 2))
_FILTERS = np.random.default_rng(4).normal(0, 3, (30, 128))


@pytest.fixture(scope="module")
def maps() -> Floats:
    random = np.random.default_rng(5)
    return gradient_maps(random.integers(0, 255, (128, 128)).astype(np.uint8))


@pytest.mark.parametrize("level", LEVELS)
def test_landmarks_stay_where_filters_have_nothing_to_say(maps: Floats, level: Level) -> None:
    means, spreads, _ = found_near(maps, np.zeros_like(_FILTERS), level, _POINTS)

    assert means == pytest.approx(_POINTS, abs=1e-12)
    assert (spreads[:, 0, 0] > (level.window / 2) ** 2).all()


@pytest.mark.parametrize("level", LEVELS)
def test_a_landmark_is_found_where_it_is_alone_as_among_others(maps: Floats, level: Level) -> None:
    together = found_near(maps, _FILTERS, level, _POINTS)
    alone = [
        found_near(maps, _FILTERS[n : n + 1], level, _POINTS[n : n + 1])
        for n in range(len(_POINTS))
    ]

    assert together[0] == pytest.approx(np.concatenate([each[0] for each in alone]), abs=1e-9)
    assert together[1] == pytest.approx(np.concatenate([each[1] for each in alone]), abs=1e-9)


def test_landmarks_far_outside_the_image_are_looked_for_at_its_border(maps: Floats) -> None:
    far = np.array([[1e9, -1e9]])

    means, spreads, answers = found_near(maps, _FILTERS[:1], LEVELS[0], far)

    assert means == pytest.approx(far)
    assert np.isfinite([*spreads.ravel(), *answers]).all()
