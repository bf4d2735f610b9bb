"""The plan of a project: the points to ask for, and what may be spent."""

from pathlib import Path

import pytest

from landmark_annotator.projects.store import Plan, Project
from landmark_annotator.projects.vocabulary.errors import ProjectError


def test_a_project_begins_without_a_plan(project: Project) -> None:
    assert project.plan() == Plan()


def test_a_plan_survives_a_restart_with_who_made_it_and_when(project: Project) -> None:
    asked = Plan("m2", (0, 4), ask_above=3.5, clicks=500, seconds=3600.0, hard_stop=True)
    stored = project.set_plan(asked, who="lea")
    assert stored.at is not None
    with Project.open(project.folder) as again:
        found = again.plan()
    assert found == stored == Plan("m2", (0, 4), 3.5, 500, 3600.0, True, who="lea", at=stored.at)


def test_the_last_plan_holds(project: Project) -> None:
    project.set_plan(Plan("m2", (0, 4)), who="lea")
    project.set_plan(Plan(clicks=10), who="ben")
    assert project.plan().landmarks == ()
    assert project.plan().who == "ben"


@pytest.mark.parametrize("landmarks", [(0, 5), (-1,), (2, 2)])
def test_landmarks_that_are_not_there_are_refused(
    project: Project, landmarks: tuple[int, ...]
) -> None:
    project.set_plan(Plan("m1", (3,)), who="lea")
    with pytest.raises(ProjectError, match="different landmarks among"):
        project.set_plan(Plan("wrong", landmarks), who="lea")
    assert project.plan().name == "m1"


@pytest.mark.parametrize("limits", [{"clicks": 0}, {"seconds": -1.0}, {"seconds": float("inf")}])
def test_a_budget_of_nothing_is_refused(project: Project, limits: dict[str, float]) -> None:
    with pytest.raises(ProjectError, match="is none"):
        project.set_plan(Plan(**limits), who="lea")  # type: ignore[arg-type]


def test_a_budget_of_no_hours_is_refused_in_hours(project: Project) -> None:
    with pytest.raises(ProjectError, match="A budget of 0 hours is none"):
        project.set_plan(Plan(seconds=0.0), who="lea")


def test_a_stop_without_a_budget_is_refused(project: Project) -> None:
    with pytest.raises(ProjectError, match="no budget at which") as raised:
        project.set_plan(Plan("m1", (3,), hard_stop=True), who="lea")
    assert "clicks or hours" in raised.value.remedy
    assert project.plan() == Plan()


def test_a_project_for_reading_keeps_its_plan(project: Project, folder: Path) -> None:
    with (
        Project.open(folder, read_only=True) as reader,
        pytest.raises(ProjectError, match="reading only"),
    ):
        reader.set_plan(Plan("m1", (3,)), who="lea")
