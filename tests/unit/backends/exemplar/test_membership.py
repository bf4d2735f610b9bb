import numpy as np
import pytest

from landmark_annotator.backends.exemplar.membership import membership_radius


def test_the_radius_makes_a_typical_shape_a_member_of_the_share() -> None:
    distances = np.random.default_rng(0).uniform(0, 1, (400, 1000))
    members = (distances <= membership_radius(distances, 0.05)).sum(axis=1)
    assert np.median(members) == pytest.approx(50, abs=2)
