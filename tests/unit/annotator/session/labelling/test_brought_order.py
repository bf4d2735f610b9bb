"""Which landmark is asked for where another program has proposed some of them."""

from dataclasses import replace

import numpy as np

from landmark_annotator.annotator.session.labelling.brought_proposal import asked_for
from landmark_annotator.projects.vocabulary import Shape, Visibility

PARTLY = Shape(
    np.array([[1.0, 2.0], [np.nan, np.nan], [3.0, 4.0], [np.nan, np.nan]]),
    covariances=np.array([np.eye(2) * spread for spread in (1.0, np.nan, 5.0, np.nan)]),
)


def seen(*hidden: int) -> Shape:
    marks = PARTLY.visibility.copy()
    marks[list(hidden)] = Visibility.OCCLUDED
    return replace(PARTLY, visibility=marks)


def test_what_is_missing_comes_first_and_of_that_what_can_be_seen() -> None:
    assert asked_for(seen(), frozenset(), None) == 1
    assert asked_for(seen(1), frozenset(), None) == 3
    assert asked_for(seen(2), frozenset({1, 3}), None) == 0


def test_a_hidden_one_without_a_place_comes_before_those_that_have_one() -> None:
    """Without it nothing can be accepted, and all others were asked for before."""
    assert asked_for(seen(1), frozenset({3}), None) == 1
    assert asked_for(seen(1, 3), frozenset(), None) == 1
