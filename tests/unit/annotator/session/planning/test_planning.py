"""What numbers of points would buy in a project, and which one is recommended."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.planning.named_formats import format_landmarks
from landmark_annotator.annotator.session.planning.offer import (
    Offer,
    Purchase,
    Unplanned,
    ask_above,
    error_of,
    offer,
)
from landmark_annotator.annotator.session.planning.recommendation import recommend
from landmark_annotator.projects.budgets import Constraints
from landmark_annotator.projects.budgets.known_formats import compared
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Plan, Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled
from tests.unit.annotator.session.planning.worm_projects import LANDMARKS, made, worm


@pytest.fixture
def worms(tmp_path: Path) -> Callable[..., Project]:
    return partial(made, tmp_path)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Offer:
    with made(tmp_path_factory.mktemp("found"), 60) as project:
        return offer(project, progress=SILENT)


def test_more_points_cost_more_and_leave_less_error(found: Offer) -> None:
    assert [p.m for p in found.purchases] == list(range(LANDMARKS + 1))
    errors = [p.error for p in found.purchases]
    assert errors[0] > errors[2] > errors[5] > errors[8]  # type: ignore[operator]
    hours = [p.hours for p in found.purchases]
    assert hours == sorted(hours)
    assert found.images == 10
    assert hours[8] == pytest.approx(10 * (8 * 2.0 + 3.0) / 3600)


def test_all_points_leave_the_error_of_the_hand(found: Offer) -> None:
    # A normal of 0.15 % of the diagonal along each axis, 1.5 pixels of the screen where the box
    # fills 700, is 0.19 % away on average.
    assert found.purchases[-1].error == pytest.approx(0.19, abs=0.02)


def test_the_curve_comes_with_its_spread(found: Offer) -> None:
    assert found.spread is not None
    assert found.spread.samples == 10
    assert found.spread.deviation.shape == (LANDMARKS,)


@dataclass
class Colleague:
    """Leaves out an image as soon as the first format has been found."""

    project: Project
    done: bool = False

    def start(self, stage: str, total: int | None) -> None:
        pass

    def advance(self, steps: int = 1, note: str = "") -> None:
        if not self.done:
            first = self.project.images()[0].id
            self.project.exclude(images=[first], why="blurred", who="colleague")
            self.done = True

    def cancelled(self) -> bool:
        return False


def test_an_offer_goes_by_the_shapes_there_were_when_it_began(
    worms: Callable[..., Project],
) -> None:
    with worms(20) as project:
        colleague = Colleague(project)
        found = offer(project, progress=colleague)
        assert colleague.done
    assert found.purchases[0].error is not None


def test_few_shapes_give_a_curve_without_errors_and_say_so(worms: Callable[..., Project]) -> None:
    with worms(6) as project:
        found = offer(project, progress=SILENT)
    assert found.spread is None
    assert {p.error for p in found.purchases} == {None}
    assert any("Errors are not known yet" in note for note in found.notes)
    assert any("fewer than the 8 landmarks" in note for note in found.notes)
    assert 1 <= recommend(found).m <= LANDMARKS


def test_what_a_format_of_few_labels_is_worth_is_said(worms: Callable[..., Project]) -> None:
    with worms(5) as project:
        _, said = format_landmarks(project, "m3", Constraints())
    assert "5 labelled shapes are fewer than the 8 landmarks" in said


def test_a_format_with_fewer_points_than_its_name_says_so(worms: Callable[..., Project]) -> None:
    asked = Constraints(costs=(2.0,) * LANDMARKS, max_cost=6.5)
    with worms(30) as project:
        landmarks, said = format_landmarks(project, "m5", asked)
    assert len(landmarks) == 3
    assert "leaves room for 3 of the 5 points" in said


def test_hours_are_for_what_is_labelled_where_nothing_waits(worms: Callable[..., Project]) -> None:
    with worms(30, waiting=0) as project:
        found = offer(project, progress=SILENT)
    assert found.images == 30
    assert any("No instance waits" in note for note in found.notes)
    # One was sent back meanwhile.
    told = found.for_waiting(1, 30)
    assert told.images == 1
    assert not any("No instance waits" in note for note in told.notes)
    assert len(told.notes) == len(found.notes) - 1
    # And accepted again.
    again = told.for_waiting(0, 30)
    assert (again.images, set(again.notes)) == (30, set(found.notes))


def test_where_demands_leave_no_room_more_points_buy_nothing(
    worms: Callable[..., Project],
) -> None:
    asked = Constraints(costs=(2.0,) * LANDMARKS, max_cost=6.5)
    with worms(30) as project:
        found = offer(project, constraints=asked, progress=SILENT)
    assert [p.m for p in found.purchases] == [0, 1, 2, 3]


def test_planning_can_be_stopped(worms: Callable[..., Project]) -> None:
    class Stopped:
        def start(self, stage: str, total: int | None) -> None: ...

        def advance(self, steps: int = 1, note: str = "") -> None: ...

        def cancelled(self) -> bool:
            return True

    with worms(30) as project, pytest.raises(Cancelled, match="stopped"):
        offer(project, progress=Stopped())


def bought(found: Offer, *losses: float) -> Offer:
    """An offer of these errors for 1, 2, 3, ... points, each an hour more."""
    one = found.purchases[1].format
    assert one is not None
    purchases = [Purchase(0, None, 30.0, 0.0, 0.0)]
    for m, loss in enumerate(losses, 1):
        purchases.append(Purchase(m, replace(one, m=m), loss, 1.0, float(m)))
    return replace(found, purchases=tuple(purchases))


def test_a_target_takes_the_fewest_points_that_reach_it(found: Offer) -> None:
    chosen = recommend(bought(found, 9.0, 6.0, 4.0, 3.0), target=4.5)
    assert chosen.m == 3
    assert "at most 4.5 %" in chosen.reasons[0]


def test_a_target_out_of_reach_is_said(found: Offer) -> None:
    chosen = recommend(bought(found, 9.0, 6.0, 4.0), target=1.0)
    assert chosen.m == 3
    assert "No format reaches 1 %" in chosen.reasons[0]


def test_hours_take_the_smallest_error_that_fits(found: Offer) -> None:
    assert recommend(bought(found, 9.0, 6.0, 4.0, 3.0), hours=2.5).m == 2


def test_a_single_hour_is_one(found: Offer) -> None:
    assert "fits into 1 hour, the" in recommend(bought(found, 9.0, 6.0), hours=1.0).reasons[0]


def test_too_few_hours_are_said(found: Offer) -> None:
    offered = bought(found, 9.0, 6.0)
    points = tuple(p for p in offered.purchases if p.m)
    chosen = recommend(replace(offered, purchases=points), hours=0.5)
    assert chosen.m == 1
    assert "0.5 hours are too few: even with 1 point it takes 1 h for" in chosen.reasons[0]
    assert any(reason.startswith("Held-out error 9.00 %") for reason in chosen.reasons)


def test_no_points_are_recommended_that_do_not_fit_where_looking_does(found: Offer) -> None:
    chosen = recommend(bought(found, 9.0, 6.0), hours=0.5)
    assert (chosen.m, chosen.as_proposed) == (0, True)
    assert "0.5 hours are too few: even with 1 point it takes 1 h for" in chosen.reasons[0]


def test_all_points_are_not_compared_with_themselves(found: Offer) -> None:
    chosen = recommend(bought(found, 9.0, 6.0), target=6.0)
    assert chosen.reasons[-1] == "Held-out error 6.00 % in 2 h."


def test_without_a_wish_the_bend_is_taken(found: Offer) -> None:
    assert recommend(bought(found, 20.0, 12.0, 5.0, 4.8, 4.6, 4.4)).m == 3


def test_a_target_without_errors_is_refused(worms: Callable[..., Project]) -> None:
    with worms(6) as project:
        found = offer(project, progress=SILENT)
    with pytest.raises(ActionableError, match="no target to aim at"):
        recommend(found, target=3.0)


def test_a_format_by_its_number_of_points(worms: Callable[..., Project]) -> None:
    with worms(40) as project:
        landmarks, said = format_landmarks(project, "m3", Constraints(include=frozenset({5})))
        error = error_of(project, landmarks, SILENT)
    assert len(landmarks) == 3
    assert 5 in landmarks
    assert "proven the best" in said
    assert error is not None
    assert ask_above(error) == pytest.approx(1.25 * error)


@pytest.mark.parametrize("name", ["m", "9", "m-2", "aflw19", "m٣"])
def test_a_format_that_does_not_exist_is_refused(worms: Callable[..., Project], name: str) -> None:
    with worms(10) as project, pytest.raises(ActionableError, match="There is no format"):
        format_landmarks(project, name, Constraints())


def test_faces_have_formats_that_exist(project: Project, waiting: InstanceRecord) -> None:
    landmarks, said = format_landmarks(project, "aflw19", Constraints())
    assert len(landmarks) == 19
    assert said == "The points of AFLW, 19 points."


def test_the_points_of_an_inner_format_are_those_that_the_budget_compares(tmp_path: Path) -> None:
    """Contour and brows, which it leaves out, had a part in which landmark stands for an eye."""
    points = np.cumsum(np.random.default_rng(7).normal(10, 4, (20, 68, 2)), axis=1)
    with Project.create(tmp_path / "faces", Scheme.named("face68")) as project:
        for n, each in enumerate(points):
            image = project.add_image(tmp_path / f"{n}.png", ImageFacts(1000, 1000, f"{n}"))
            box = Box.square_around(each)
            project.add_instance(image.id, box, shape=Shape(each), who="importer")
        planned, _ = format_landmarks(project, "mafl5", Constraints())
    [told] = [one.landmarks for one in compared(points) if one.known.name == "mafl5"]
    assert planned == told


def test_what_no_plan_costs_is_simulated_where_nobody_has_worked_yet(found: Offer) -> None:
    free = found.unplanned
    assert free is not None
    assert 0 < free.clicks < LANDMARKS
    assert free.error is not None
    assert free.error <= 2.5  # which is good enough
    assert (free.measured, free.by_model) == (0, False)
    assert free.image_seconds == pytest.approx(3.0 + 2.0 * free.clicks)


def test_what_no_plan_costs_is_measured_where_people_work_without_one(
    worms: Callable[..., Project],
) -> None:
    with worms(30) as project:
        waiting = [r for r in project.instances() if r.state is InstanceState.UNTOUCHED]
        for n, record in enumerate(waiting[:5]):
            for j in range(1 + n % 2):
                project.place(record.id, j, (1, 2), who="ada", proposed=(1.0, 1.0), duration=4.0)
            project.accept(record.id, Shape(worm(n)), who="ada", duration=2.0)
        free = offer(project, progress=SILENT).unplanned
        assert free is not None
        assert (free.clicks, free.image_seconds, free.measured) == (1.4, 1.4 * 4 + 2, 5)
        assert "1.4 clicks and 7.6 s an image, 38 s for 5 images" in free.said(5)
        project.set_plan(Plan(name="m2", landmarks=(0, 1)), who="lea")
        planned = offer(project, progress=SILENT).unplanned
        assert planned is not None
        assert planned.measured == 0


def test_where_a_model_needs_less_than_any_plan_none_is_recommended(found: Offer) -> None:
    free = Unplanned(clicks=1.6, error=1.9, image_seconds=0.5, measured=12, by_model=True)
    offered = replace(bought(found, 20.0, 12.0, 5.0, 4.8), unplanned=free)
    chosen = recommend(offered)
    assert chosen.m == 0
    assert "The model needs 1.6 clicks an image" in chosen.reasons[0]
    assert "on every image would take 1 s each in place of 0.5 s" in chosen.reasons[0]
    assert recommend(offered, target=2.0).m == 0
    # What is not good enough without a plan, or a mere prior's that
    # looks at no image, does not speak against one.
    assert recommend(offered, target=1.5).m == 4
    prior = replace(free, by_model=False)
    assert recommend(replace(offered, unplanned=prior)).m == 3
    assert recommend(replace(offered, unplanned=replace(prior, looked=True))).m == 0
    assert recommend(replace(offered, unplanned=replace(free, image_seconds=9.0))).m == 3


def test_where_a_model_proposes_of_which_nothing_is_known_no_points_are_recommended(
    found: Offer,
) -> None:
    offered = replace(bought(found, 20.0, 12.0, 5.0, 4.8), unplanned=None, model=True)
    chosen = recommend(offered)
    assert chosen.m == 0
    assert "known once 4 images are finished, or 4 are labelled" in chosen.reasons[0]
    assert recommend(offered, target=6.0).m == 3
    assert recommend(replace(offered, model=False)).m == 3


@pytest.mark.usefixtures("shipped_weights")
def test_few_labels_are_enough_to_judge_what_came_with_the_program(project: Project) -> None:
    labelled = [r for r in project.instances() if r.state is InstanceState.ACCEPTED]
    project.exclude(instances=[r.id for r in labelled[5:]], why="another day", who="lea")
    found = offer(
        project, constraints=Constraints(exclude=frozenset(range(3, 68))), progress=SILENT
    )
    assert found.model
    assert found.unplanned is not None
    assert found.unplanned.by_model
    assert any("on 5 labelled instances. They are few" in note for note in found.notes)


def test_with_a_landmark_ruled_out_the_most_points_are_not_all(
    worms: Callable[..., Project],
) -> None:
    with worms(30) as project:
        some = Constraints(exclude=frozenset({0}))
        assert offer(project, progress=SILENT).complete
        assert not offer(project, constraints=some, progress=SILENT).complete


def test_work_beside_a_model_is_told_as_such_where_only_the_prior_can_be_judged(
    worms: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "landmark_annotator.annotator.session.planning.offer.model_proposes"
    monkeypatch.setattr(told, lambda project: True)
    with worms(30) as project:
        waiting = [r for r in project.instances() if r.state is InstanceState.UNTOUCHED]
        for n, record in enumerate(waiting[:4]):
            project.accept(record.id, Shape(worm(n)), who="ada", duration=2.0)
        free = offer(project, progress=SILENT).unplanned
    assert free is not None
    assert (free.measured, free.by_model, free.error) == (4, True, None)


def test_where_no_errors_are_known_none_is_said_to_fall(worms: Callable[..., Project]) -> None:
    with worms(6) as project:
        chosen = recommend(offer(project, progress=SILENT))
    assert "error" not in " ".join(chosen.reasons)


def test_the_same_points_cost_less_for_fewer_images(found: Offer) -> None:
    fewer = found.for_images(5)
    assert fewer.images == 5
    assert fewer.at(3).hours == pytest.approx(found.at(3).hours / 2)
    assert fewer.at(3).error == found.at(3).error


def test_reasons_are_in_plain_words_and_details_in_exact_ones(found: Offer) -> None:
    chosen = recommend(found)
    assert any("How well the rest follows" in reason for reason in chosen.reasons)
    assert not any("c-hat" in reason or "HiGHS" in reason for reason in chosen.reasons)
    assert "c-hat" in chosen.details
    assert "Solved by" in chosen.details
