"""The axes of the picture of a budget."""

import pytest

from landmark_annotator.annotator.cli.reports.budget_plot import round_ticks


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (1.0, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (68, [0, 10, 20, 30, 40, 50, 60, 70]),
        (5.79, [0, 1, 2, 3, 4, 5, 6]),
        (0.0312, [0, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.035]),
        (1234, [0, 200, 400, 600, 800, 1000, 1200, 1400]),
    ],
)
def test_ticks_are_round_and_reach_the_highest(highest: float, ticks: list[float]) -> None:
    assert round_ticks(highest) == pytest.approx(ticks)
