"""The density of one landmark over a piece of the image."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.posterior.landmark_density import heat
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box, Evidence

BOX = Box(100.0, 80.0, 50.0, 50.0, 0.4)
SHAPES = np.array([[[-0.3, 0.0], [0.3, 0.0]], [[-0.3, 0.0], [0.3, 0.5]]])
PROPOSAL = Proposal(BOX, ShapeMixture(np.log([0.75, 0.25]), SHAPES, np.eye(4) * 0.05**2), "test")


def place(found, row: int, column: int) -> np.ndarray:
    steps = np.array(found.density.shape[::-1]) - 1
    return np.array(found.low) + (np.subtract(found.high, found.low)) * [column, row] / steps


def test_the_peak_is_where_the_heaviest_class_has_the_landmark() -> None:
    found = heat(PROPOSAL, [], 1)
    row, column = np.unravel_index(np.argmax(found.density), found.density.shape)
    cell = np.subtract(found.high, found.low) / 39
    assert found.density.max() == 1.0
    assert place(found, row, column) == pytest.approx(BOX.to_image(SHAPES[0, 1]), abs=cell.max())


def test_both_places_of_an_undecided_landmark_show() -> None:
    found = heat(PROPOSAL, [], 1)
    second = BOX.to_image(SHAPES[1, 1])
    span = np.subtract(found.high, found.low)
    column, row = np.round((second - found.low) / span * 39).astype(int)
    between = BOX.to_image(SHAPES[:, 1].mean(axis=0))
    c, r = np.round((between - found.low) / span * 39).astype(int)
    assert found.density[row, column] > 0.2 > found.density[r, c]


def test_a_click_leaves_one_place() -> None:
    clicked = Evidence.click(1, BOX.to_image(SHAPES[1, 1]), 0.2)
    found = heat(PROPOSAL, [clicked], 1)
    assert np.mean([found.low, found.high], axis=0) == pytest.approx(
        BOX.to_image(SHAPES[1, 1]), abs=0.1
    )


def test_the_peak_is_where_an_object_that_lies_elsewhere_has_the_landmark() -> None:
    shape = np.array([[-0.3, -0.3], [0.3, -0.3], [0.3, 0.3], [-0.3, 0.3], [0.0, 0.1]])
    proposal = Proposal(BOX, ShapeMixture(np.zeros(1), shape[None], np.eye(10) * 0.02**2), "test")
    truth = BOX.to_image(shape) + BOX.side
    clicks = [Evidence.click(j, truth[j], 0.2) for j in (0, 1, 2)]

    found = heat(proposal, clicks, 4)

    row, column = np.unravel_index(np.argmax(found.density), found.density.shape)
    assert place(found, row, column) == pytest.approx(truth[4], abs=3.0)
