"""Films as one: averages over their frames."""

import pytest

from landmark_annotator.annotator.protocols.video_rendered import together


def _film(name: str, frames: int, clicks: float, with_time: float, without: float) -> dict:
    figures = {"frames": frames, "clicks_per_1000": clicks, "hidden_ratio": 0.0}
    for figure in ("hidden", "flicker"):
        figures |= {f"time/{figure}": with_time, f"without_time/{figure}": without}
    return {f"video/films/{name}/{key}": value for key, value in figures.items()}


def test_a_longer_film_counts_for_more() -> None:
    figures = together(_film("a", 100, 10.0, 1.0, 2.0) | _film("b", 300, 50.0, 3.0, 4.0))
    assert figures["video/films/frames"] == 400
    assert figures["video/films/clicks_per_1000"] == pytest.approx(40.0)
    assert figures["video/films/time/hidden"] == pytest.approx(2.5)


def test_a_ratio_is_that_of_the_averages_and_no_average_of_ratios() -> None:
    figures = together(_film("a", 100, 0.0, 1.0, 2.0) | _film("b", 100, 0.0, 2.0, 10.0))
    assert figures["video/films/hidden_ratio"] == pytest.approx(0.25)
