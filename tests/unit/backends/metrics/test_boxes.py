import math

import pytest

from landmark_annotator.backends.metrics import boxes
from landmark_annotator.backends.metrics.boxes import matched, nesting, overlap
from landmark_annotator.projects.vocabulary import Box, Found
from landmark_annotator.projects.vocabulary.arrays import Floats

SQUARE = Box(10, 10, 4, 4)


def test_upright_boxes_share_what_they_share() -> None:
    assert overlap(SQUARE, Box(12, 10, 4, 4)) == pytest.approx(1 / 3)


def test_turned_boxes_that_are_the_same_share_all() -> None:
    box = Box(3, 7, 9, 2, 0.7)
    assert overlap(box, Box(3, 7, 9, 2, 0.7 + math.pi)) == pytest.approx(1)


def test_long_boxes_across_each_other_share_their_middle() -> None:
    assert overlap(Box(0, 0, 8, 2, 0.3), Box(0, 0, 8, 2, 0.3 + math.pi / 2)) == pytest.approx(
        4 / 28
    )


def test_boxes_apart_share_nothing() -> None:
    apart = Box(0, 0, 4, 2, 1.0), Box(9, 9, 4, 2, 0.2)
    assert overlap(*apart) == nesting(*apart) == 0


@pytest.mark.parametrize("angle", [0.0, 0.7])
def test_one_within_the_other_is_shared_whole(angle: float) -> None:
    within = Box(10.5, 10.5, 2, 2, angle)
    assert nesting(SQUARE, within) == nesting(within, SQUARE) == pytest.approx(1)
    assert overlap(SQUARE, within) == pytest.approx(4 / 16)


@pytest.mark.parametrize("turn", [0.0, 1e-9])
def test_how_much_of_the_smaller_one_is_shared(turn: float) -> None:
    assert nesting(SQUARE, Box(12, 10, 4, 2, turn)) == pytest.approx(1 / 2)


def test_of_many_turned_boxes_those_that_meet_alone_are_laid_on_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Four hundred on a tray are 80,000 pairs, which took half a minute an image."""
    clipped, laid = boxes._clipped, list[None]()

    def counted(polygon: Floats, by: Floats) -> Floats:
        laid.append(None)
        return clipped(polygon, by)

    monkeypatch.setattr(boxes, "_clipped", counted)
    there = [Box(10.0 * n, 0, 12, 4, 0.3) for n in range(60)]
    assert matched([Found(box, 0.5) for box in there], there) == list(range(60))
    assert len(laid) < 5 * len(there)


def test_each_object_is_matched_once_by_the_surest() -> None:
    near = Box(10.5, 10, 4, 4)
    found = [Found(near, 0.4), Found(SQUARE, 0.9), Found(Box(50, 50, 4, 4), 0.8)]
    assert matched(found, [SQUARE]) == [None, 0, None]
