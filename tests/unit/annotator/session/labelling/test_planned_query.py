"""Being guided through the points of the project's plan."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.planned_query import planned_query
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.projects.budgets.ledger import BudgetSpent
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.store import InstanceRecord, Plan, Project

PLANNED = (8, 36, 45)


def opened(project: Project, waiting: InstanceRecord) -> LabellingSession:
    session = LabellingSession(project, who="anna")
    pixels = read_pixels(project.image(waiting.image_id).path)
    assert waiting.box is not None
    session.open(waiting.id, best_proposer(project).propose(pixels, waiting.box))
    return session


def clicked(session: LabellingSession, truth: np.ndarray) -> list[int]:
    """The landmarks asked for, each clicked where it is, until none is."""
    asked = []
    while (query := session.view.query) is not None and len(asked) < 10:
        asked.append(query)
        session.click(query, tuple(truth[query]))
    return asked


def test_without_a_plan_the_posterior_asks_on(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    assert len(clicked(opened(project, waiting), truth)) == 10


def test_the_points_of_the_plan_are_asked_for_and_no_other(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    project.set_plan(Plan("m3", PLANNED), who="lea")
    session = opened(project, waiting)
    assert sorted(clicked(session, truth)) == sorted(PLANNED)
    assert session.view.complete


def test_an_image_that_stays_uncertain_is_asked_for_one_more(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    project.set_plan(Plan("m3", PLANNED, ask_above=1e-6), who="lea")
    asked = clicked(opened(project, waiting), truth)
    assert sorted(asked[:3]) == sorted(PLANNED)
    assert len(asked) == 4


def test_one_more_is_not_asked_for_beyond_the_budget(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    project.set_plan(Plan("m3", PLANNED, ask_above=1e-6, clicks=3), who="lea")
    assert len(clicked(opened(project, waiting), truth)) == 3


def test_an_image_that_is_certain_enough_is_not(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    project.set_plan(Plan("m3", PLANNED, ask_above=1e6), who="lea")
    assert len(clicked(opened(project, waiting), truth)) == 3


def test_without_a_proposal_the_plan_comes_first_and_then_the_rest(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    project.set_plan(Plan("m3", PLANNED), who="lea")
    session = LabellingSession(project, who="anna")
    session.open(waiting.id, None)
    assert clicked(session, truth)[:4] == [*PLANNED, 0]


def test_a_plan_that_the_lead_changes_holds_from_the_next_instance_on(
    project: Project, waiting: InstanceRecord
) -> None:
    session = opened(project, waiting)
    project.set_plan(Plan("m1", (57,)), who="lea")
    proposal = session._proposal
    assert session.open(waiting.id, proposal).query == 57


def test_a_click_beyond_the_budget_is_refused_where_the_lead_wants_it(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    project.set_plan(Plan(clicks=1, hard_stop=True), who="lea")
    session = opened(project, waiting)
    session.click(8, tuple(truth[8]))
    with pytest.raises(BudgetSpent, match="1 of 1 click"):
        session.click(9, tuple(truth[9]))
    assert project.spend().clicks == 1


def test_a_spent_budget_without_a_stop_refuses_nothing(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    project.set_plan(Plan(clicks=1), who="lea")
    session = opened(project, waiting)
    for j in (8, 9):
        session.click(j, tuple(truth[j]))
    assert project.spend().clicks == 2


def test_of_the_plan_the_point_that_teaches_most_comes_first() -> None:
    drops = np.array([5.0, 1.0, 3.0, 9.0])
    plan = Plan("m2", (1, 2))
    assert planned_query(plan, 3, drops, [], 1.0, lambda: True) == 2


def test_a_point_of_the_plan_that_is_not_to_be_asked_for_is_passed_over() -> None:
    plan = Plan("m2", (1, 2), ask_above=0.5)
    drops = np.array([5.0, 0.0, 0.0, 9.0])
    assert planned_query(plan, 3, drops, [1], 1.0, lambda: True) == 3
    assert planned_query(plan, 3, drops, [1, 0], 1.0, lambda: True) is None
