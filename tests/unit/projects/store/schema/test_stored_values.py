"""Whatever a script passes: it is stored soundly, or refused with words, and nothing is damaged."""

from typing import Any

import numpy as np
import pytest

from landmark_annotator.projects.store import InstanceRecord, Project
from landmark_annotator.projects.store.safety.checking import check
from landmark_annotator.projects.vocabulary import Box, Provenance
from landmark_annotator.projects.vocabulary.errors import ActionableError, ProjectError


@pytest.mark.parametrize("who", [None, 5, b"ada", "", " ", "a\0b", "\ud800"])
def test_who_is_a_name(project: Project, kite: InstanceRecord, who: Any) -> None:
    with pytest.raises(ProjectError, match="Nothing was changed"):
        project.place(kite.id, 0, (3, 2), who=who)
    assert list(project.journal()) == []
    assert check(project.folder) == []


@pytest.mark.parametrize(
    "given",
    [
        {"duration": "3"},
        {"duration": float("nan")},
        {"duration": -1},
        {"duration": float("inf")},
        {"at": "2020"},
        {"position": ("a", 2)},
        {"position": (1j, 2)},
        {"position": None},
        {"provenance": Provenance.TRACED, "covariance": np.full((2, 2), np.nan)},
    ],
)
def test_what_is_no_number_or_time_is_refused(
    project: Project, kite: InstanceRecord, given: dict[str, Any]
) -> None:
    with pytest.raises(ProjectError):
        project.place(kite.id, 0, **{"position": (3, 2), "who": "ada", **given})
    assert list(project.journal()) == []
    assert check(project.folder) == []


def test_a_visibility_that_there_is_not_is_refused(project: Project, kite: InstanceRecord) -> None:
    with pytest.raises(ActionableError, match="visibility"):
        project.set_visibility(kite.id, 0, 7, who="ada")  # type: ignore[arg-type]
    assert check(project.folder) == []


def test_numbers_of_numpy_are_numbers(project: Project, kite: InstanceRecord) -> None:
    number: Any = np.int64(kite.id)
    landmark: Any = np.int64(1)
    duration: Any = np.float32(2.5)
    project.place(number, landmark, np.array([3, 2]), who="ada", duration=duration)
    side: Any = np.float32(90)
    project.set_box(number, Box(side, side, side, side), who="ada")
    assert project.instance(number).box == Box(90, 90, 90, 90)
    assert project.shape(number).points[1].tolist() == [3, 2]
    assert next(iter(project.journal())).duration == 2.5
    assert check(project.folder) == []


def test_a_record_is_no_id(project: Project, kite: InstanceRecord) -> None:
    with pytest.raises(ProjectError, match="no whole number"):
        project.instance(kite)  # type: ignore[arg-type]


def test_a_closed_project_says_so(project: Project, kite: InstanceRecord) -> None:
    project.close()
    project.close()
    with pytest.raises(ProjectError, match="is closed"):
        project.instances()
    with pytest.raises(ProjectError, match="is closed"):
        project.place(kite.id, 0, (3, 2), who="ada")
    with pytest.raises(ProjectError, match="is closed"):
        project.snapshot()
