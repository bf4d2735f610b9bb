"""Objects that point anywhere: a prior in a box whose angle the clicks have to tell."""

import math

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, prior_proposal, shape_prior
from landmark_annotator.backends.shapes.rules import MANUAL
from landmark_annotator.projects.vocabulary import Box, Evidence, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats

NAMES = ("tail", "left", "right", "head", "nose")
SCHEME = Scheme("arrow", NAMES, partners=((1, 2),), heading=(0, 3))
ARROW = np.array([[-0.4, 0.0], [-0.1, -0.2], [-0.1, 0.2], [0.3, 0.0], [0.45, 0.0]])


def arrow(angle: float, seed: int) -> tuple[Box, Shape]:
    random = np.random.default_rng(seed)
    turned = Box(200.0, 150.0, 100.0, 100.0, angle).to_image(ARROW)
    points = turned + random.normal(0, 0.5, ARROW.shape)
    return Box.square_around(points), Shape(points).with_provenance(Provenance.IMPORTED)


ARROWS = [arrow(angle, seed) for seed, angle in enumerate(np.linspace(0, 6, 30))]


def proposed(box: Box) -> Proposal:
    return prior_proposal(shape_prior(ARROWS, SCHEME), box, SCHEME)


def error(points: Floats, truth: Shape) -> float:
    return float(np.linalg.norm(points - truth.points, axis=1).mean())


@pytest.mark.parametrize("angle", [-2.5, -0.3, 0.0, 1.2, 3.0])
def test_two_clicks_find_the_heading(angle: float) -> None:
    box, truth = arrow(angle, 99)
    proposal = proposed(box)
    clicks = [Evidence.click(j, truth.points[j], proposal.click_deviation) for j in (0, 4)]

    posterior = proposal.given(clicks)

    assert error(posterior.points, truth) < 3.0
    settled = proposal.settled(clicks).box.angle
    assert math.cos(settled - angle) > math.cos(math.radians(16))


def test_before_any_click_the_tool_asks_for_what_tells_the_heading() -> None:
    posterior = proposed(ARROWS[0][0]).given([])

    assert posterior.query in (0, 4)  # the ends
    # And it knows that it does not know: the ends may be anywhere on a ring.
    assert math.sqrt(float(np.trace(posterior.covariances[4]))) > 25.0


def test_the_order_of_clicks_does_not_matter() -> None:
    box, truth = arrow(0.7, 5)
    proposal = proposed(box)
    clicks = [Evidence.click(j, truth.points[j], proposal.click_deviation) for j in (1, 4, 0)]

    one, other = proposal.given(clicks), proposal.given(clicks[::-1])

    np.testing.assert_allclose(one.points, other.points, atol=1e-6)
    np.testing.assert_allclose(one.covariances, other.covariances, atol=1e-6)


def test_a_box_with_an_angle_leaves_nothing_to_find() -> None:
    box, truth = arrow(2.0, 7)
    turned = Box(box.centre_x, box.centre_y, box.width, box.height, 2.0)

    assert error(proposed(turned).given([]).points, truth) < 8.0


def test_a_rule_that_moves_one_landmark_turns_none() -> None:
    box, truth = arrow(2.0, 7)
    proposal = proposed(box)
    click = Evidence.click(4, truth.points[4], proposal.click_deviation)

    before = proposal.given([]).points
    after = proposal.given([click], MANUAL).points

    np.testing.assert_allclose(after[:4], before[:4])
    np.testing.assert_array_equal(after[4], truth.points[4])
