"""Errors in the frames of boxes are in percent of what they are in percent of everywhere else."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from landmark_annotator.backends.densities.calibrated_network import CalibratedNetwork
from landmark_annotator.backends.densities.observations import Observations
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.learning.held_out import error_of_each, lengths_in_frames
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape

FISH = Box(100, 50, 120, 30)
"""Its diagonal is 123.7, that of its square 169.7."""
POINTS = np.array([[45.0, 50.0], [100.0, 42.0], [155.0, 50.0]])
SEEN = [Box(104, 52, 130, 130, 0.2), Box(97, 50, 110, 110, -0.1)]
APART = np.array([0.0, 5.0])
PLAIN = Scheme("fish", ("nose", "back", "tail"))
NAMED = Scheme("fish", ("nose", "back", "tail"), normaliser=(0, 2))


def fish(points: np.ndarray = POINTS) -> LabelledInstance:
    return LabelledInstance("fish", FISH, Shape(points), lambda: np.zeros((100, 200, 3), np.uint8))


def in_frames(points: np.ndarray) -> list[np.ndarray]:
    return [box.to_frame(points) for box in SEEN]


def errors(scheme: Scheme, instances: list[LabelledInstance], number: int) -> np.ndarray:
    truth = instances[number].shape.points
    truths = in_frames(truth)
    lengths = lengths_in_frames(instances, np.full(2, number), truths, scheme)
    return error_of_each(in_frames(truth + APART), truths, scheme, lengths)


def test_of_a_long_box_they_are_of_its_diagonal() -> None:
    """Of the diagonal of its square they were three quarters of what a budget tells."""
    assert errors(PLAIN, [fish()], 0) == pytest.approx([500 / FISH.diagonal] * 2)


def test_of_a_normaliser_they_are_of_that_and_where_it_lacks_of_its_usual_length() -> None:
    lacking = POINTS.copy()
    lacking[2] = np.nan
    both = [fish(), fish(lacking)]
    for number in (0, 1):
        assert errors(NAMED, both, number) == pytest.approx([500 / 110] * 2)


def test_a_single_landmark_has_an_error_too() -> None:
    dot = Scheme("dot", ("dot",))
    point = np.array([[100.0, 50.0]])
    one = LabelledInstance("dot", FISH, Shape(point), fish().read_pixels)
    found = lengths_in_frames([one], np.zeros(1, np.int64), [FISH.to_frame(point)], dot)
    assert found == pytest.approx([FISH.diagonal / FISH.side])


@pytest.mark.parametrize("place", [(0.0, 0.0), (10.3, 20.7)])
def test_landmarks_that_all_lie_in_one_place_have_errors_too(place: tuple[float, float]) -> None:
    """As of a file that has 0 0 for what is not in the image; rounding has them a little apart."""
    points = np.array([place] * 3)
    rounded = FISH.to_frame(points)
    rounded[2] = np.nextafter(rounded[2], 1.0)
    truths = [FISH.to_frame(points), rounded]
    for scheme in (PLAIN, NAMED):
        found = lengths_in_frames([fish(points), fish()], np.zeros(2, np.int64), truths, scheme)
        usual = FISH.diagonal if scheme is PLAIN else 110
        assert found == pytest.approx([usual / FISH.side] * 2)


def test_the_card_of_a_network_tells_them_so() -> None:
    truths = np.stack(in_frames(POINTS))
    believed = np.stack(in_frames(POINTS + APART))
    noise = np.zeros((2, 3, 2, 2)), np.zeros((2, 3))
    seen = Observations(believed, *noise, truths, np.zeros(2, np.int64))
    fused: Any = SimpleNamespace(prior=SimpleNamespace(classes=1))
    data: Any = SimpleNamespace(
        held_out=[fish()],
        training=[0],
        left_out=[1],
        unreadable=[],
        shapes=SimpleNamespace(card=dict),
    )
    inference: Any = None
    network = CalibratedNetwork(inference, fused, seen, believed)
    card = network.card(data, PLAIN, Settings(), 1, 0.0)
    assert card["figures"]["held_out_error"] == pytest.approx(500 / FISH.diagonal, abs=1e-3)
    assert card["figures"]["held_out_error_densities"] == card["figures"]["held_out_error"]
    assert card["held_out_errors"] == pytest.approx([500 / FISH.diagonal], abs=1e-3)
