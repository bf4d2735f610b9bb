"""Two opinions of a shape, joined."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from landmark_annotator.annotator.session.filling.combined_method import ByBoth
from landmark_annotator.annotator.session.filling.dense import Clicked
from landmark_annotator.projects.vocabulary import Box, Shape


def opinion(x: float, deviation: float) -> Shape:
    points = np.array([[x, 5.0], [x, 7.0]])
    return Shape(points, covariances=np.tile(np.eye(2) * deviation**2, (2, 1, 1)))


@dataclass(frozen=True)
class Says:
    """A method that always answers the same."""

    shape: Shape
    known: Sequence[int]
    name: str = "one"
    title: str = "one method"

    def fill(self, clicked: Clicked) -> Shape:
        return self.shape

    def judged(self) -> Sequence[int]:
        return self.known

    def unseen(self, index: int, clicked: Clicked) -> Shape:
        return self.shape


@pytest.mark.parametrize("unseen", [False, True])
def test_what_was_clicked_stays_where_it_was_clicked(unseen: bool) -> None:
    both = ByBoth(Says(opinion(0.0, 1.0), [0]), Says(opinion(10.0, 3.0), [0]))
    points = np.array([[3.0, 4.0], [np.nan, np.nan]])
    clicked = Clicked(points, Box(0, 0, 10, 10), lambda: np.zeros((8, 8, 3), np.uint8))
    found = both.unseen(0, clicked) if unseen else both.fill(clicked)
    np.testing.assert_allclose(found.points, [[3.0, 4.0], [1.0, 7.0]])


def test_it_is_judged_where_both_can_be() -> None:
    both = ByBoth(Says(opinion(0, 1), [1, 2, 3]), Says(opinion(0, 1), [2, 3, 4], "other"))
    assert both.judged() == [2, 3]
    assert both.name == "one_and_other"
