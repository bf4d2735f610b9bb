from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.reports import latency_plot
from landmark_annotator.projects.vocabulary.errors import ActionableError

FIGURES = {
    "latency/classes": [10, 1000, 1_000_000],
    "latency/click_ms": [0.2, 0.3, 8.0],
    "latency/click_query_ms": [0.4, 0.5, 9.0],
    "latency/first_click_ms": [0.5, 0.6, 40.0],
}


def coloured_rows(path: Path, column: int) -> np.ndarray:
    """Where the first line passes a column of the picture."""
    pixels = np.asarray(Image.open(path))[:, column].astype(int)
    return np.flatnonzero((pixels == (30, 90, 170)).all(axis=1))


def test_a_line_climbs_where_its_figures_do(tmp_path: Path) -> None:
    path = tmp_path / "scaling.png"
    latency_plot.draw(path, FIGURES)
    left, right = coloured_rows(path, 95), coloured_rows(path, 655)
    assert len(left)
    assert len(right)
    assert right.min() < left.min() - 50


def test_times_of_nought_are_drawn_at_the_bottom(tmp_path: Path) -> None:
    figures = {**FIGURES, "latency/click_ms": [0.0, 0.0, 0.0]}
    latency_plot.draw(tmp_path / "scaling.png", figures)
    assert coloured_rows(tmp_path / "scaling.png", 300).min() > 400


def test_figures_of_another_protocol_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match="Only the latency protocol"):
        latency_plot.draw(tmp_path / "scaling.png", {"nme": 3.0})


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match="cannot be written"):
        latency_plot.draw(tmp_path / "missing" / "scaling.png", FIGURES)
