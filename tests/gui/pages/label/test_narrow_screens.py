"""The label page on screens that have little room."""

_LAPTOP = 1366
"""Pixels of its screen's width."""


def test_it_fits_a_laptop_that_shows_all_twice_as_large(hands) -> None:
    assert hands.window.minimumSizeHint().width() <= _LAPTOP // 2
