"""Objects that point anywhere and look alike from several sides, as a star does."""

import math

import cv2
import numpy as np
import pytest

from landmark_annotator.backends.registration import RegistrationModel
from landmark_annotator.projects.vocabulary import Evidence, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from tests.unit.backends.registration.textures import SIDE, instance

ARMS = 5
TIPS = [f"tip {n}" for n in range(ARMS)]
STAR = Scheme("star", ("middle", *TIPS), heading=(0, 1))


def star(seed: int, turn: float, *, marked: bool = False) -> LabelledInstance:
    """marked: the first of its arms has a spot, by which they can be told from each other."""
    random = np.random.default_rng(seed)
    middle = SIDE / 2 + random.normal(0, 4, 2)
    radius = 80 * math.exp(random.normal(0, 0.05))

    def around(steps: Floats, away: float) -> Floats:
        angles = turn + math.tau * steps / ARMS
        return middle + away * np.stack([np.cos(angles), np.sin(angles)], axis=-1)

    tips, notches = around(np.arange(ARMS), radius), around(np.arange(ARMS) + 0.5, 0.4 * radius)
    outline = np.stack([tips, notches], axis=1).reshape(-1, 2)
    pixels = np.full((SIDE, SIDE, 3), 120, np.uint8)
    cv2.fillPoly(pixels, [_fine(outline)], (190, 120, 80), cv2.LINE_AA, 4)
    for tip in tips:
        ends = [tuple(_fine(end).tolist()) for end in (middle, middle + 0.8 * (tip - middle))]
        cv2.line(pixels, *ends, (90, 50, 30), 2, cv2.LINE_AA, 4)
    if marked:
        spot = tuple(_fine(around(np.zeros(1), 0.25 * radius)[0]).tolist())
        cv2.circle(pixels, spot, round(16 * 0.08 * radius), (250, 240, 220), -1, cv2.LINE_AA, 4)
    noisy = pixels + random.normal(0, 6, pixels.shape)
    points = np.concatenate([middle[None], tips])
    return instance(np.clip(noisy, 0, 255).astype(np.uint8), points, str(seed))


def _fine(points: Floats) -> np.ndarray:
    """In sixteenths of a pixel, as OpenCV draws them."""
    return np.round(16 * points).astype(np.int32)


def away(found: Floats, truth: LabelledInstance) -> float:
    """Mean error in sides of the object."""
    errors = np.linalg.norm(found - truth.shape.points, axis=1)
    return float(errors.mean()) / truth.box.side


@pytest.fixture(scope="module")
def alike() -> RegistrationModel:
    return RegistrationModel.of([star(n, 1.7 * n) for n in range(4)], STAR)


@pytest.mark.parametrize("turn", [0.4, 2.9, 5.0])
def test_a_click_on_one_of_several_alike_arms_settles_which_is_which(
    alike: RegistrationModel, turn: float
) -> None:
    unseen = star(20, turn)
    pixels, truth = unseen.read_pixels(), unseen.shape.points
    proposal = alike.propose(pixels, unseen.box)
    assert proposal.mixture.classes == ARMS
    clicks = [Evidence.click(1, truth[1], proposal.click_deviation)]
    assert away(proposal.given(clicks).points, unseen) < 0.02
    assert away(alike.reconsider(pixels, proposal, clicks).given(clicks).points, unseen) < 0.02


def test_that_a_click_is_needed_to_say_how_it_lies_is_no_reason_not_to_look(
    alike: RegistrationModel,
) -> None:
    """The mean of all ways is nearer to each of them than they are to each other."""
    assert alike.helps


def test_none_of_the_ways_that_it_may_lie_is_ruled_out(alike: RegistrationModel) -> None:
    unseen = star(21, 3.6)
    shown = alike.propose(unseen.read_pixels(), unseen.box).given([])
    expected = np.sqrt(np.trace(shown.covariances, axis1=1, axis2=2)) / unseen.box.side
    assert (expected[1:] > 0.3).all()
    assert expected[0] < 0.1  # the middle is the same whichever way it lies


@pytest.mark.parametrize("turn", [0.4, 2.9, 5.0])
def test_what_tells_the_arms_from_each_other_is_seen_though_they_are_alike_as_a_whole(
    turn: float,
) -> None:
    model = RegistrationModel.of([star(n, 1.7 * n, marked=True) for n in range(4)], STAR)
    unseen = star(20, turn, marked=True)
    found = model.propose(unseen.read_pixels(), unseen.box).given([]).points
    assert away(found, unseen) < 0.02


def test_a_single_label_of_what_looks_alike_from_several_sides_leaves_it_open() -> None:
    model = RegistrationModel.of([star(0, 0.3)], STAR)
    unseen = star(20, 2.0)
    assert model.propose(unseen.read_pixels(), unseen.box).kinds
