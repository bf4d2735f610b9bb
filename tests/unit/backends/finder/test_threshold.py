"""The threshold that costs a person least, on images that the finder has not learned from."""

import numpy as np

from landmark_annotator.backends.finder.training import _threshold
from landmark_annotator.projects.vocabulary import Box, Found, LabelledImage

THERE, ELSEWHERE = Box(10, 10, 8, 8), Box(40, 40, 8, 8)


def seen(hits: list[float], others: list[float]) -> list[tuple[list[Found], LabelledImage]]:
    """One object an image, found with these scores, and something beside it."""
    image = LabelledImage("image", (60, 60), (THERE,), lambda: np.zeros((60, 60, 3), np.uint8))
    return [
        ([Found(THERE, hit), Found(ELSEWHERE, other)], image)
        for hit, other in zip(hits, others, strict=True)
    ]


def test_it_lies_between_objects_and_the_rest() -> None:
    assert 0.4 < _threshold(seen([0.6] * 40, [0.4] * 40)) <= 0.6


def test_an_object_that_is_hard_to_find_is_given_up_for_many_that_are_none() -> None:
    assert _threshold(seen([0.3] + [0.6] * 39, [0.4] * 40)) > 0.4


def test_objects_are_not_given_up_for_a_few_that_are_none() -> None:
    assert _threshold(seen([0.3] * 20 + [0.6] * 20, [0.4] * 10 + [0.1] * 30)) <= 0.3


def test_few_objects_choose_nothing() -> None:
    assert _threshold(seen([0.6] * 5, [0.4] * 5)) == _threshold(seen([0.9] * 5, [0.8] * 5))
