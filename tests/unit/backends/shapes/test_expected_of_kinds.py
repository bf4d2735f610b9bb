"""What is expected of an object that may be of another kind than it is shown as."""

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box, Evidence

BOX = Box(50.0, 50.0, 100.0, 100.0)
MEANS = np.array([[[-0.2, 0.0], [0.2, 0.0]], [[0.2, 0.0], [-0.2, 0.0]]])


def proposal(other: float) -> Proposal:
    mixture = ShapeMixture(np.log([1 - other, other]), MEANS, 1e-6 * np.eye(4))
    return Proposal(BOX, mixture, "drawn", kinds=True)


@pytest.mark.parametrize("other", [0.01, 0.04, 0.3])
def test_it_is_off_as_often_as_it_is_the_other_kind(other: float) -> None:
    # The other kind has either landmark 40 pixels away.
    assert proposal(other).given([]).expected_distance == pytest.approx(40 * other, abs=0.2)


def test_its_ellipses_reach_to_the_other_kind() -> None:
    believed = proposal(0.3).given([])
    apart = BOX.to_image(MEANS[1]) - believed.points
    inverse = np.linalg.inv(believed.covariances)
    squared = np.einsum("li,lij,lj->l", apart, inverse, apart)
    assert (squared < -2 * np.log(0.05)).all()


def test_a_click_settles_it() -> None:
    click = Evidence.click(0, BOX.to_image(MEANS[1, :1])[0], 0.4)
    assert proposal(0.3).given([click]).expected_distance < 0.2
