"""What has been spent, what the rest will take, and whether the budget lasts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from triangles import Label

from landmark_annotator.projects.budgets.forecast import Interval
from landmark_annotator.projects.budgets.ledger import BudgetSpent, ledger, refuse_beyond_budget
from landmark_annotator.projects.budgets.working_time import ProjectTime
from landmark_annotator.projects.store import Assignment, Plan, Project, Spend
from landmark_annotator.projects.store.people.double_labelling import is_drawn
from landmark_annotator.projects.vocabulary.wording import rounded


def test_effort_by_person_and_day(project: Project, label: Label) -> None:
    label(0, 2.0, 3.0)
    label(1, 4.0, who="ben")
    label(2, 5.0, accept=None)
    found = ledger(project, UTC)
    today = datetime.now(UTC).date()
    assert [(e.who, e.day, e.clicks, e.seconds, e.accepted) for e in found.efforts] == [
        ("ada", today, 3, 11.0, 1),
        ("ben", today, 1, 5.0, 1),
    ]
    assert found.spent == Spend(4, 16.0)
    assert found.remaining == 8


def test_what_was_undone_is_spent_all_the_same(project: Project, label: Label) -> None:
    label(0, 2.0, accept=None)
    project.undo("ada")
    assert [(e.clicks, e.seconds) for e in ledger(project).efforts] == [(1, 2.0)]


def test_too_few_finished_instances_give_no_forecast(project: Project, label: Label) -> None:
    label(0, 2.0)
    label(1, 2.0)
    found = ledger(project)
    assert found.forecast is None
    assert found.no_forecast == "too few images to say (2 are finished, 4 are needed)"


def test_instances_that_all_took_what_the_plan_asks_give_a_certain_forecast(
    project: Project, label: Label
) -> None:
    project.set_plan(Plan(name="m2", landmarks=(0, 1)), who="lea")
    for i in range(4):
        label(i, 2.0, 2.0)
    forecast = ledger(project).forecast
    assert forecast is not None
    assert (forecast.remaining, forecast.based_on) == (6, 4)
    assert forecast.clicks == Interval(12.0, 12.0, 12.0)
    assert forecast.seconds.expected == 30.0
    assert forecast.seconds.low < 30.0 < forecast.seconds.high


def test_second_opinions_that_nobody_is_asked_for_yet_are_left_as_well(
    project: Project, label: Label
) -> None:
    project.set_assignment(Assignment(twice=0.5), who="ada")
    drawn = [is_drawn(str(i), 0.5, 0) for i in range(10)]
    assert any(drawn[:4])
    assert sum(drawn[4:]) > 1
    for i in range(4):
        label(i, 2.0, 2.0)
    found = ledger(project)
    assert found.to_come == sum(drawn[4:])
    # Those that wait already, the others that do, and what comes of these.
    assert found.remaining == sum(drawn[:4]) + 6 + sum(drawn[4:])
    assert found.forecast is not None
    assert found.forecast.clicks.expected == 2 * found.remaining
    # What is left out gets no second opinion.
    image = project.images()[4 + drawn[4:].index(True)].id
    project.exclude(images=[image], why="dark", who="ada")
    assert ledger(project).to_come == sum(drawn[4:]) - 1


def test_without_a_plan_others_may_take_more_than_the_few_that_took_the_same(
    project: Project, label: Label
) -> None:
    for i in range(4):
        label(i, 2.0, 2.0)
    forecast = ledger(project).forecast
    assert forecast is not None
    assert forecast.clicks.low < forecast.clicks.expected == 12.0 < forecast.clicks.high


def test_another_plan_is_forecast_by_what_was_finished_under_it(
    project: Project, label: Label
) -> None:
    """One click an image was expected of a plan that asks for three."""
    for i in range(4):
        label(i, 2.0)
    project.set_plan(Plan("m3", (0, 1, 2)), who="ada")
    found = ledger(project)
    assert found.forecast is None
    assert found.no_forecast == (
        "too few images to say (none is finished since the plan changed, 4 are needed)"
    )
    for i in range(4, 8):
        label(i, 2.0, 2.0, 2.0)
    # More may be spent under the same plan.
    project.set_plan(replace(project.plan(), clicks=100), who="ada")
    forecast = ledger(project).forecast
    assert forecast is not None
    assert (forecast.based_on, forecast.clicks.expected) == (4, 6.0)
    project.set_plan(replace(project.plan(), name="", landmarks=()), who="ada")
    assert ledger(project).forecast is None


def test_a_budget_without_points_asks_for_no_others(project: Project, label: Label) -> None:
    for i in range(4):
        label(i, 2.0)
    project.set_plan(Plan(clicks=100), who="ada")
    assert ledger(project).forecast is not None


def test_the_interval_is_wider_where_instances_differ(project: Project, label: Label) -> None:
    for i in range(6):
        label(i, *[1.0] * (1 + i % 3))
    forecast = ledger(project).forecast
    assert forecast is not None
    assert forecast.clicks.low < forecast.clicks.expected == 8.0 < forecast.clicks.high


def test_clicks_on_a_begun_instance_are_not_expected_again(project: Project, label: Label) -> None:
    for i in range(4):
        label(i, 2.0, 2.0)
    label(4, 2.0, accept=None)
    forecast = ledger(project).forecast
    assert forecast is not None
    assert forecast.clicks.expected == 11.0


def test_a_budget_that_lasts_needs_no_warning(project: Project, label: Label) -> None:
    for i in range(4):
        label(i, 2.0, 2.0)
    project.set_plan(Plan(clicks=100, seconds=1000.0), who="lea")
    assert ledger(project).warnings == ()


def test_a_budget_that_will_not_last_is_warned_of(project: Project, label: Label) -> None:
    project.set_plan(Plan(name="m2", landmarks=(0, 1), clicks=15), who="lea")
    for i in range(4):
        label(i, 2.0, 2.0)
    [warning] = ledger(project).warnings
    assert "will not last: 8 of 15 clicks are spent" in warning
    assert "expected to take 12 clicks" in warning


def test_a_budget_that_is_nearly_spent_is_warned_of(project: Project, label: Label) -> None:
    label(0, *[1.0] * 9)
    project.set_plan(Plan(clicks=10), who="lea")
    assert ledger(project).warnings == ("The budget is nearly spent: 9 of 10 clicks.",)


def test_a_spent_budget_of_hours_is_warned_of(project: Project, label: Label) -> None:
    label(0, 1800.0, 1800.0)
    project.set_plan(Plan(seconds=3600.0), who="lea")
    assert ledger(project).warnings == ("The budget is spent: 1 h of 1 h.",)


@pytest.mark.parametrize(
    ("plan", "stops"),
    [
        (Plan(clicks=5, hard_stop=True), True),
        (Plan(seconds=60.0, hard_stop=True), True),
        (Plan(clicks=6, seconds=61.0, hard_stop=True), False),
        (Plan(clicks=5, seconds=60.0), False),
        (Plan(hard_stop=True), False),
    ],
)
def test_labelling_stops_only_where_the_lead_asked_for_it(plan: Plan, stops: bool) -> None:
    spent = Spend(5, 60.0)
    if not stops:
        refuse_beyond_budget(plan, spent)
        return
    with pytest.raises(BudgetSpent, match="budget is spent") as raised:
        refuse_beyond_budget(plan, spent)
    assert "annotator plan" in raised.value.remedy


def test_who_may_go_on_is_told_by_what_is_spent() -> None:
    with pytest.raises(BudgetSpent, match="72 s of 36 s") as raised:
        refuse_beyond_budget(Plan(clicks=9, seconds=36.0, hard_stop=True), Spend(5, 72.0))
    assert "--hours" in raised.value.remedy


def test_of_a_budget_of_one_click_more_clicks_are_to_be_given() -> None:
    with pytest.raises(BudgetSpent, match="1 of 1 click") as raised:
        refuse_beyond_budget(Plan(clicks=1, hard_stop=True), Spend(1, 2.0))
    assert "--clicks" in raised.value.remedy


@pytest.mark.parametrize(
    ("number", "digits", "told"),
    [(0.34912, 4, "0.3491"), (12.0, 4, "12"), (12345.0, 4, "12,345"), (5021.7, 3, "5,022")],
)
def test_large_numbers_are_told_as_whole_ones(number: float, digits: int, told: str) -> None:
    assert rounded(number, digits) == told


def test_a_forecast_is_told_with_its_interval_where_it_has_one() -> None:
    assert Interval(5021.0, 4000.0, 6000.0).said() == "5,021 (4,000 to 6,000)"
    assert Interval(5400.0, 3600.0, 7200.0).said_as_time() == "1 h 30 min (1 h to 2 h)"
    assert Interval(450.0, 450.0, 450.0).said() == "450"


def test_a_pause_counts_nowhere_and_stays_in_the_store(project: Project, label: Label) -> None:
    for i in range(6):
        label(i, 2.0, 2.0 if i else 248.0)
    found = ledger(project, UTC)
    assert found.spent == Spend(12, 38.0)  # the pause counts as the ten seconds that none is
    [effort] = found.efforts
    assert effort.seconds == 38.0
    assert (found.pauses.actions, found.pauses.seconds) == (1, 238.0)
    assert found.forecast is not None
    assert found.forecast.seconds.expected == pytest.approx(4 * 38.0 / 6)
    assert project.spend().seconds == 276.0


def test_the_first_image_by_hand_is_not_typical_of_the_rest(project: Project, label: Label) -> None:
    label(0, *[1.0] * 73)
    for i in range(1, 5):
        instance = project.instances()[i].id
        for landmark in range(i % 2 + 1):
            project.place(instance, landmark, (1, 2), who="ada", proposed=(1, 1), duration=1.0)
        label(i)
    forecast = ledger(project).forecast
    assert forecast is not None
    assert forecast.based_on == 4
    assert forecast.clicks.expected == 5 * 1.5


def test_a_plan_of_hours_does_not_stop_people_for_their_pauses(
    project: Project, label: Label
) -> None:
    for i in range(6):
        label(i, 2.0, 2.0 if i else 248.0)
    plan = Plan(seconds=100.0, hard_stop=True)
    time = ProjectTime(project)
    refuse_beyond_budget(plan, time.spent(plan))
    label(6, *[9.0] * 9)
    with pytest.raises(BudgetSpent):
        refuse_beyond_budget(plan, time.spent(plan))
