"""How good a way to fill is said to be, and how sure that is."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.filling.dense import Dense
from landmark_annotator.annotator.session.filling.methods import (
    ByPrior,
    Judgement,
    judgement,
)
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels

SCHEME = Scheme("pair", ("a", "b"))
ERRORS = [1.0, 3.0] * 6


def nothing() -> Pixels:
    return np.zeros((8, 8, 3), np.uint8)


def judged(groups: int, level: float = 2.0, errors: list[float] = ERRORS) -> Judgement:
    """Groups of related images, of which the errors are alike."""
    shape = Shape(np.array([[0.0, 0.0], [9.0, 9.0]]))
    instances = [
        LabelledInstance(str(n), Box(5, 5, 9, 9), shape, nothing, group=str(n % groups))
        for n in range(len(errors))
    ]
    dense = Dense.dealt(instances, SCHEME, 0)
    return judgement(ByPrior(dense), dense, dict(enumerate(errors)), level)


def test_an_error_says_between_what_it_may_lie() -> None:
    found = judged(12)
    assert found.between is not None
    low, high = found.between
    # Student's t of twelve, on the logarithm.
    reach = 2.201 * np.std(ERRORS, ddof=1) / np.sqrt(12) / 2
    assert (low, high) == pytest.approx((2 * np.exp(-reach), 2 * np.exp(reach)), rel=1e-3)
    assert found.range == f"{low:.2f} to {high:.2f}"


def test_related_images_say_less() -> None:
    alone, related = judged(12).between, judged(4).between
    assert alone is not None
    assert related is not None
    assert related[1] > 1.3 * alone[1]


def test_it_is_about_the_error_as_if_judged_where_the_others_were() -> None:
    alone, moved = judged(12).between, judged(12, level=4.0).between
    assert alone is not None
    assert moved == pytest.approx((2 * alone[0], 2 * alone[1]))


def test_nothing_tells_of_one_group() -> None:
    assert judged(1).between is None
    assert judged(1).range == ""
