"""A scheme of one landmark, which shows neither how large its object is nor how it is turned."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from landmark_annotator.backends.registration import RegistrationModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary import Box, Evidence, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from tests.unit.backends.registration.textures import SIDE, texture_of

SCHEME = Scheme("spot", ("spot",))
SPOT = np.array([[120.0, 110.0]])


def moved(seed: int) -> tuple[Pixels, Floats]:
    """The texture and the spot on it, shifted by some pixels."""
    shift = np.random.default_rng(seed).uniform(-12, 12, 2)
    matrix = np.array([[1.0, 0.0, shift[0]], [0.0, 1.0, shift[1]]])
    grey = texture_of(0)
    return cv2.warpAffine(grey, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REFLECT), SPOT + shift


def whole(points: Floats) -> Box:
    return Box.whole_image(SIDE, SIDE)


def drawn(points: Floats) -> Box:
    return Box(float(points[0, 0]) + 6, float(points[0, 1]) - 4, 90, 80)


def labelled(seed: int, box: Callable[[Floats], Box]) -> LabelledInstance:
    pixels, points = moved(seed)
    return LabelledInstance(str(seed), box(points), Shape(points), lambda: pixels)


@pytest.mark.parametrize("box", [whole, drawn])
@pytest.mark.parametrize("labels", [1, 3])
def test_it_is_found_where_it_is(labels: int, box: Callable[[Floats], Box]) -> None:
    model = RegistrationModel.of([labelled(seed, box) for seed in range(labels)], SCHEME)
    for seed in range(20, 24):
        pixels, truth = moved(seed)
        proposal = model.propose(pixels, box(truth + 3))
        assert off(proposal, truth) < 3


def test_looking_again_keeps_the_size_of_the_object() -> None:
    model = RegistrationModel.of([labelled(seed, drawn) for seed in range(3)], SCHEME)
    pixels, truth = moved(20)
    proposal = model.propose(pixels, drawn(truth))
    click = Evidence.click(0, truth[0], proposal.click_deviation)
    again = model.reconsider(pixels, proposal, [click])
    assert again.box.side == pytest.approx(proposal.box.side, rel=0.1)


def off(proposal: Proposal, truth: Floats) -> float:
    return float(np.linalg.norm(proposal.given([]).points - truth))
