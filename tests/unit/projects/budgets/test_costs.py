"""Seconds a click and an image."""

import pytest
from triangles import Label

from landmark_annotator.projects.budgets.costs import CLICK_SECONDS, IMAGE_SECONDS, costs
from landmark_annotator.projects.store import Project


def test_before_there_are_enough_clicks_a_constant_is_assumed_and_said(
    project: Project, label: Label
) -> None:
    label(0, 9.0)
    found = costs(project)
    assert found.clicks == (CLICK_SECONDS,) * 3
    assert found.seconds([0, 2]) == 2 * CLICK_SECONDS + IMAGE_SECONDS
    assert found.source.startswith("Assumed")
    assert "1 timed click," in found.source


def test_landmarks_that_take_longer_cost_more(project: Project, label: Label) -> None:
    for i in range(10):
        label(i, 1.0, 1.0, 4.0, accept=3.0)
    found = costs(project)
    assert found.clicks[0] == found.clicks[1] == pytest.approx(1.5)  # half way to the mean of 2
    assert found.clicks[2] == pytest.approx(3.0)
    assert found.image == 3.0
    assert found.source.startswith("Measured: 2.0 s a click over 30 clicks")


def test_a_break_does_not_count_as_a_click_of_an_hour(project: Project, label: Label) -> None:
    for i in range(10):
        label(i, 1.0, 1.0, 3600.0 if i == 0 else 1.0)
    assert max(costs(project).clicks) < 6.0
