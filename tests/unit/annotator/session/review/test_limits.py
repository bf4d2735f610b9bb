"""Limits in percent and in millimetres."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.review.limits import limit_of
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError


@pytest.fixture
def bars(tmp_path: Path) -> Project:
    """Two bars, 30 and 50 pixels long, which is what errors are measured by."""
    scheme = Scheme("bar", ("start", "end"), normaliser=(0, 1))
    Image.new("RGB", (80, 20)).save(tmp_path / "a.png")
    project = Project.create(tmp_path / "bars", scheme)
    image = project.add_image(tmp_path / "a.png", examine(tmp_path / "a.png"))
    for length in (30.0, 50.0):
        shape = Shape(np.array([[5.0, 5.0], [5.0 + length, 5.0]]))
        project.add_instance(image.id, Box(30, 5, 60, 10), shape=shape, who="ada")
    return project


@pytest.mark.parametrize("text", ["7", "7%", " 7.0 % "])
def test_percent_are_percent(bars: Project, text: str) -> None:
    assert limit_of(text, bars).percent == 7
    assert not limit_of(text, bars).said


def test_millimetres_go_by_the_mean_of_the_accepted_shapes(bars: Project) -> None:
    bars.set_pixel_size(0.5, who="ada")
    limit = limit_of("2mm", bars)
    assert limit.percent == pytest.approx(100 * 2 / 20)
    assert limit.said.startswith("2 mm are 10.00 % of 20.0 mm, the mean of 2 accepted shapes.")


def test_of_objects_of_different_sizes_it_is_said_what_they_are(bars: Project) -> None:
    """Whoever asks for 2 mm is not to learn nowhere that half of the objects may be off by more."""
    bars.set_pixel_size(0.5, who="ada")
    said = limit_of("2mm", bars).said
    assert said.endswith(
        "Of small and large ones, 15.5 and 24.5 mm, that is 1.55 and 2.45 mm: a limit is in "
        "percent of each."
    )


def test_of_objects_of_one_size_that_is_not_said(bars: Project) -> None:
    bars.set_pixel_size(0.5, who="ada")
    bars.exclude(instances=[bars.instances()[0].id], why="short", who="ada")
    assert limit_of("2mm", bars).said == "2 mm are 8.00 % of 25.0 mm, the mean of 1 accepted shape."


def test_millimetres_need_to_be_known(bars: Project) -> None:
    with pytest.raises(ActionableError, match="what a pixel measures"):
        limit_of("2 mm", bars)


@pytest.mark.parametrize("text", ["", "two", "2 cm", "-1", "nan"])
def test_what_is_no_error_is_refused(bars: Project, text: str) -> None:
    with pytest.raises(ActionableError, match="is no error"):
        limit_of(text, bars)
