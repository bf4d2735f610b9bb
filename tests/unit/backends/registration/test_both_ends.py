"""Objects that point anywhere, some of which look alike from both ends."""

import cv2
import numpy as np
import pytest

from landmark_annotator.backends.metrics.calibration import squared_mahalanobis
from landmark_annotator.backends.registration import RegistrationModel
from landmark_annotator.backends.registration.gains import slope_of
from landmark_annotator.backends.registration.search import _LEFT_OUT
from landmark_annotator.projects.vocabulary import Evidence, LabelledInstance
from tests.unit.backends.registration.textures import POINTING, bent, instance

TURNED = 2.4


def one(seed: int, turn: float, *, alike: bool = False) -> LabelledInstance:
    """alike: as much of what is seen is what the other end shows as is the object's own."""
    pixels, points = bent(seed, turn)
    if alike:
        x, y = points.mean(axis=0).tolist()
        around = cv2.getRotationMatrix2D((x, y), 180, 1)
        size = pixels.shape[1], pixels.shape[0]
        other = cv2.warpAffine(pixels, around, size, borderMode=cv2.BORDER_REPLICATE)
        pixels = cv2.addWeighted(pixels, 0.5, other, 0.5, 0)
    return instance(pixels, points, str(seed))


@pytest.fixture(scope="module")
def both_alike() -> RegistrationModel:
    return RegistrationModel.of([one(i, 1.7 * i, alike=True) for i in range(5)], POINTING)


@pytest.mark.parametrize("seed", [20, 21, 22])
def test_it_is_open_which_end_is_which_until_a_click(
    both_alike: RegistrationModel, seed: int
) -> None:
    unseen = one(seed, TURNED, alike=True)
    pixels, truth = unseen.read_pixels(), unseen.shape.points
    proposal = both_alike.propose(pixels, unseen.box)
    assert proposal.kinds
    open_ = proposal.given([])
    squared = squared_mahalanobis(open_.points, open_.covariances, truth)
    # Of what is off by d with probability p the variance is at least p d^2.
    assert (squared < 1 / _LEFT_OUT).all()
    for landmark in (0, 3):
        click = [Evidence.click(landmark, truth[landmark], proposal.click_deviation)]
        settled = both_alike.reconsider(pixels, proposal, click).given(click)
        assert float(np.linalg.norm(settled.points - truth, axis=1).mean()) < 4.0


def test_of_a_single_label_it_is_open_only_where_the_other_end_is_nearly_as_likely() -> None:
    for alike in (True, False):
        model = RegistrationModel.of([one(0, 0.0, alike=alike)], POINTING)
        unseen = one(20, TURNED, alike=alike)
        assert model.propose(unseen.read_pixels(), unseen.box).kinds == alike


def test_where_the_ends_tell_it_is_not_open() -> None:
    model = RegistrationModel.of([one(i, 1.7 * i) for i in range(5)], POINTING)
    unseen = one(20, TURNED)
    proposal = model.propose(unseen.read_pixels(), unseen.box)
    assert not proposal.kinds
    found = proposal.given([]).points
    assert float(np.linalg.norm(found - unseen.shape.points, axis=1).mean()) < 3.0


def test_the_better_filters_told_labelled_objects_the_more_a_gain_says() -> None:
    slopes = [slope_of(np.full(8, gain)) for gain in (-0.5, 0.0, 0.2, 0.4)]
    assert np.all(np.diff(slopes) > 0)
    assert slopes[0] >= 0
