"""Once landmarks were placed, registration looks again from where that leaves the others."""

from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.backends.registration import RegistrationModel
from landmark_annotator.backends.registration.untried import anywhere
from landmark_annotator.backends.registry import Reconsidering
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box, Evidence
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from tests.unit.backends.registration.textures import SCHEME, bent, noisy


@pytest.fixture(scope="module")
def model() -> RegistrationModel:
    return RegistrationModel.of([noisy(bent(i), 50 + i) for i in range(4)], SCHEME)


@pytest.fixture(scope="module")
def unseen() -> tuple[Pixels, Floats]:
    one = noisy(bent(20), 70)
    return one.read_pixels(), one.shape.points


def proposed(model: RegistrationModel, unseen: tuple[Pixels, Floats], turn: float) -> Proposal:
    """In a box from which nothing is within reach."""
    pixels, points = unseen
    box = Box.square_around(points, 1.2).moved((0.3, -0.25), 1.3, turn)
    return model.propose(pixels, box)


def clicks(points: Floats, *landmarks: int) -> list[Evidence]:
    return [Evidence.click(j, points[j], 1.0) for j in landmarks]


def off(proposal: Proposal, evidence: list[Evidence], points: Floats) -> float:
    """Pixels, the mean over the landmarks that were not clicked."""
    apart = np.linalg.norm(proposal.given(evidence).points - points, axis=1)
    return float(np.delete(apart, [piece.landmark for piece in evidence]).mean())


@pytest.mark.parametrize("turn", [-0.5, 0.5])
def test_two_clicks_lead_the_filters_to_the_others(
    model: RegistrationModel, unseen: tuple[Pixels, Floats], turn: float
) -> None:
    assert isinstance(model, Reconsidering)
    pixels, points = unseen
    first = proposed(model, unseen, turn)
    placed = clicks(points, 0, 4)
    again = model.reconsider(pixels, first, placed)
    assert off(again, placed, points) < off(first, placed, points) / 2


def test_the_order_of_the_clicks_is_of_no_matter(
    model: RegistrationModel, unseen: tuple[Pixels, Floats]
) -> None:
    pixels, points = unseen
    first = proposed(model, unseen, 0.4)
    placed = clicks(points, 0, 4, 2)
    one = model.reconsider(pixels, first, placed)
    other = model.reconsider(pixels, first, placed[::-1])
    assert np.allclose(one.box.to_image(one.mixture.mean), other.box.to_image(other.mixture.mean))
    assert np.allclose(one.mixture.residual, other.mixture.residual)


def test_without_a_click_it_stands_by_what_it_proposed(
    model: RegistrationModel, unseen: tuple[Pixels, Floats]
) -> None:
    first = proposed(model, unseen, 0.0)
    assert model.reconsider(unseen[0], first, []) is first


def test_a_landmark_that_is_off_alone_does_not_take_along_what_filters_see_where_it_is(
    unseen: tuple[Pixels, Floats],
) -> None:
    """By one label it was open whether the object had been found at all."""
    pixels, points = unseen
    model = RegistrationModel.of([noisy(bent(0), 50)], SCHEME)
    first = model.propose(pixels, Box.square_around(points, 1.2))
    own = first.mixture
    spread = own.residual + anywhere(own.mean, 0.05 * np.eye(2))
    lost = replace(first, mixture=ShapeMixture(np.zeros(1), own.mean[None], spread))
    bent_alone = points + np.where(np.arange(len(points))[:, None] == 1, [25.0, 30.0], 0.0)
    placed = clicks(bent_alone, 1)
    again = model.reconsider(pixels, lost, placed)
    assert off(lost, placed, points) > 20
    assert off(again, placed, points) < 5


def test_a_click_that_another_kind_explains_by_chance_does_not_choose_it(
    model: RegistrationModel, unseen: tuple[Pixels, Floats]
) -> None:
    pixels, points = unseen
    first = model.propose(pixels, Box.square_around(points, 1.2))
    own = first.mixture
    place = points[1] + [6.0, -4.0]
    turned = own.mean @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    turned += first.box.to_frame(place) - turned[1]
    kinds = ShapeMixture(np.log([0.9, 0.1]), np.stack([own.mean, turned]), own.residual)
    placed = [Evidence.click(1, place, 1.0)]
    open_ = replace(first, mixture=kinds, kinds=True)
    assert off(open_, placed, points) > 20
    assert off(model.reconsider(pixels, open_, placed), placed, points) < 5
