"""Numbers as people say them."""

from datetime import datetime

import pytest

from landmark_annotator.projects.vocabulary.wording import (
    brief_percent,
    count,
    duration,
    fine,
    first_few,
    moment,
    percent,
    time_each,
)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "0 s"),
        (44.6, "45 s"),
        (99.0, "99 s"),
        (100.0, "2 min"),
        (150.0, "2 min"),
        (150.0 + 1e-9, "2 min"),
        (210.0 - 1e-9, "4 min"),
        (210.0, "4 min"),
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
    ("seconds", "said"), [(4.83, "4.8 s"), (5.0, "5 s"), (9.96, "10 s"), (130.0, "2 min")]
)
def test_of_one_of_many_the_time_is_exact_enough_for_all_of_them(seconds: float, said: str) -> None:
    """Two ways of 5 s an image were told to take 2 and 3 minutes for as many images."""
    assert time_each(seconds) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(0.0, "0"), (0.02, "0.02"), (1.6, "1.6"), (2.0, "2"), (14.4, "14"), (1007.2, "1,007")],
)
def test_figures_that_are_expected(number: float, said: str) -> None:
    assert count(number) == said


@pytest.mark.parametrize(("part", "whole", "share"), [(0, 0, 0), (17, 30, 56), (999, 1000, 99)])
def test_all_is_done_only_where_it_is(part: int, whole: int, share: int) -> None:
    assert percent(part, whole) == share


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (8.24, "8.2 %"),
        (99.94, "99.9 %"),
        (99.96, "100 %"),
        (999.4, "999 %"),
        (3525.0, ">999"),
        (float("inf"), ">999"),
    ],
)
def test_an_error_takes_no_more_room_than_three_digits_and_their_point(
    error: float, said: str
) -> None:
    """Of what may be anywhere, `3525 %`, the list showed `3…%`."""
    assert brief_percent(error) == said
    assert len(said) <= len("88.8 %")


@pytest.mark.parametrize(
    ("names", "of", "said"),
    [
        ("a", None, "a"),
        ("abc", None, "a, b, c"),
        ("abcd", None, "a, b, c and 1 more"),
        ("abc", 3, "a, b, c"),
        ("abc", 1_203, "a, b, c and 1,200 more"),
    ],
)
def test_names_of_many(names: str, of: int | None, said: str) -> None:
    assert first_few([*names], 3, of) == said


def test_small_lengths_have_two_digits() -> None:
    assert [fine(length) for length in (45.678, 1.0, 0.954, 0.0)] == [
        "45.68",
        "1.00",
        "0.95",
        "0.00",
    ]
    assert [fine(length) for length in (0.0764, 0.00421, 3.2e-5)] == ["0.076", "0.0042", "0.000032"]
    assert [fine(length, 1) for length in (45.678, 0.954)] == ["45.7", "0.95"]


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (datetime(2026, 11, 30, 8, 5), "08:05"),
        (datetime(2026, 11, 28, 8, 5), "28 November, 08:05"),
        (datetime(2026, 12, 1, 0, 0), "1 December, 00:00"),
        (datetime(2025, 11, 30, 8, 5), "30 November 2025, 08:05"),
    ],
)
def test_a_moment_of_another_day_has_its_day(then: datetime, said: str) -> None:
    assert moment(then, datetime(2026, 11, 30, 23, 0)) == said
