"""Numbers as people say them."""

import pytest

from landmark_annotator.projects.vocabulary.wording import count, duration, percent


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "0 s"),
        (44.6, "45 s"),
        (99.0, "99 s"),
        (100.0, "2 min"),
        (344.0, "6 min"),
        (3599.0, "1 h"),
        (4830.0, "1 h 20 min"),
        (7200.0, "2 h"),
        (36000.0, "10 h"),
        (5e6, "1,389 h"),
    ],
)
def test_times(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(0.0, "0"), (0.02, "0.02"), (1.6, "1.6"), (2.0, "2"), (14.4, "14"), (1007.2, "1,007")],
)
def test_figures_that_are_expected(number: float, said: str) -> None:
    assert count(number) == said


@pytest.mark.parametrize(("part", "whole", "share"), [(0, 0, 0), (17, 30, 56), (999, 1000, 99)])
def test_all_is_done_only_where_it_is(part: int, whole: int, share: int) -> None:
    assert percent(part, whole) == share
