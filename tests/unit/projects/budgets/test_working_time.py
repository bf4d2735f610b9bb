"""What counts as work: a person's own rhythm tells."""

from typing import NamedTuple

import numpy as np
import pytest

from landmark_annotator.projects.budgets.working_time import ProjectTime, WorkingTime
from landmark_annotator.projects.store import ActionKind, Plan, Project


class Action(NamedTuple):
    who: str
    kind: ActionKind
    duration: float


def clicks(*seconds: float, who: str = "ada") -> list[Action]:
    return [Action(who, ActionKind.CLICK, took) for took in seconds]


def test_a_pause_counts_as_the_longest_that_is_usual() -> None:
    time = WorkingTime(clicks(*[4.0] * 20, 240.0))
    assert time.total() == 20 * 4 + 5 * 4
    assert time.pauses().seconds == 220
    assert "4 min" in time.pauses().said()


def test_people_without_pauses_lose_nothing() -> None:
    """Times as the literature finds them: lognormal, with a spread of two thirds."""
    took = np.random.default_rng(0).lognormal(1.0, 0.66, 500)
    time = WorkingTime(clicks(*took.tolist()))
    assert time.total() == pytest.approx(took.sum(), rel=0.01)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_many_pauses_do_not_move_the_fence_far(share: float) -> None:
    rng = np.random.default_rng(1)
    work = rng.lognormal(1.0, 0.66, 200)
    took = work.copy()
    took[: int(200 * share)] += 300
    counted = WorkingTime(clicks(*took.tolist())).total()
    assert counted < 1.3 * work.sum() + share * 200 * 5 * np.quantile(work, 0.95)


def test_with_few_actions_nothing_is_called_a_pause() -> None:
    time = WorkingTime(clicks(2.0, 1800.0, 2.0))
    assert time.total() == 1804
    assert time.pauses().said() == ""


def test_somebody_who_is_slow_is_not_measured_by_the_others() -> None:
    slow, fast = clicks(*[40.0] * 20, who="ben"), clicks(*[1.0] * 200)
    time = WorkingTime([*fast, *slow])
    assert time.seconds(slow[0]) == 40
    assert time.pauses().actions == 0


def test_somebody_new_is_measured_by_all() -> None:
    time = WorkingTime([*clicks(*[4.0] * 50), *clicks(300.0, who="ben")])
    assert time.pauses().actions == 1


def test_a_long_look_before_accepting_is_measured_by_such_looks() -> None:
    looks = [Action("ada", ActionKind.ACCEPT, 30.0)] * 15
    time = WorkingTime([*clicks(*[1.0] * 100), *looks])
    assert time.seconds(looks[0]) == 30


def test_a_few_quick_people_may_think_for_ten_seconds() -> None:
    assert WorkingTime(clicks(*[0.3] * 50, 9.0)).pauses().actions == 0


def test_of_a_project_only_what_is_new_is_read(project: Project, label) -> None:
    time, plan = ProjectTime(project), Plan(seconds=1000.0)
    label(0, 2.0, 3.0)
    assert time.spent(plan).seconds == 6.0
    label(1, 4.0)
    assert time.spent(plan).seconds == 11.0
    assert time.spent(Plan()).seconds == 11.0
