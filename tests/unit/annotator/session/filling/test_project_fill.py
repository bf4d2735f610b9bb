"""Filling the rest of sparsely labelled shapes, by the method that proves best."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.annotator.session.execution.executor import Executor
from landmark_annotator.annotator.session.filling import project_fill
from landmark_annotator.annotator.session.filling.fill_work import FilledShape
from landmark_annotator.annotator.session.filling.methods import ByPrior, compared
from landmark_annotator.annotator.session.filling.project_fill import (
    densely_labelled,
    fill_as_planned,
    fill_project,
    plan_fill,
    waiting_to_fill,
)
from landmark_annotator.annotator.session.models import library
from landmark_annotator.annotator.session.models.hand_precision import assumed_hand
from landmark_annotator.backends.learning import model_cards
from landmark_annotator.backends.metrics.errors import nme
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.store import GroupsBy, ImageRecord, InstanceState, Project, Role
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    Cancelled,
    ImageError,
    NotAllowed,
    TooFewLabels,
)
from tests.unit.annotator.session.planning.worm_projects import LANDMARKS, SCHEME, facts, worm

FORMAT = [0, 3, 7]


@pytest.fixture
def worms(tmp_path: Path) -> Iterator[Callable[..., Project]]:
    opened = []

    def made(dense: int = 40, sparse: int = 5, scheme: Scheme = SCHEME) -> Project:
        project = Project.create(tmp_path / "worms", scheme)
        opened.append(project)
        with project.transaction():
            for i in range(dense + sparse):
                image = project.add_image(tmp_path / f"{i}.png", facts(str(i)))
                box = Box.square_around(worm(i))
                shape = Shape(worm(i)) if i < dense else None
                record = project.add_instance(image.id, box, shape=shape, who="importer")
                if i >= dense:
                    for j in FORMAT:
                        project.place(record.id, j, worm(i)[j], who="ada")
        return project

    yield made
    for project in opened:
        project.close()


def sparse_ones(project: Project) -> list[int]:
    return [r.id for r in project.instances() if r.state is InstanceState.STARTED]


def test_a_shape_that_is_clicked_in_while_it_is_computed_is_left_and_told(
    worms: Callable[..., Project],
) -> None:
    project = worms()
    first = sparse_ones(project)[0]

    class Clicking:
        """Somebody places another landmark of the first one as soon as filling begins."""

        def start(self, stage: str, total: int | None) -> None:
            if stage == "filling":
                project.place(first, 5, worm(40)[5] + 1.0, who="bob")

        def advance(self, steps: int = 1, note: str = "") -> None: ...

        def cancelled(self) -> bool:
            return False

    done = fill_project(project, who="lead", progress=Clicking())
    assert (done.count, done.changed) == (4, 1)
    shape = project.shape(first)
    assert np.flatnonzero(shape.known).tolist() == [0, 3, 5, 7]
    assert fill_project(project, who="lead", progress=SILENT).count == 5
    assert project.shape(first).points[5] == pytest.approx(worm(40)[5] + 1.0)


@pytest.mark.parametrize("normaliser", [None, (0, 7)])
def test_clicks_are_taken_to_be_as_precise_as_the_budget_has_them(
    worms: Callable[..., Project], normaliser: tuple[int, int] | None
) -> None:
    project = worms(scheme=replace(SCHEME, normaliser=normaliser))
    dense, _, _ = densely_labelled(project, 0)
    assert dense.click_error == assumed_hand(project.scheme).error
    off = "1 %" if normaliser else "0.15 %"
    done = fill_project(project, who="lead", progress=SILENT)
    assert f"Clicks are taken to be off by {off} along each axis." in done.notes


def test_all_landmarks_get_a_position_and_an_uncertainty(worms: Callable[..., Project]) -> None:
    project = worms()
    waiting = sparse_ones(project)
    done = fill_project(project, who="lead", progress=SILENT)
    assert (done.count, done.landmarks) == (5, 25)
    for seed, instance_id in enumerate(waiting, start=40):
        shape = project.shape(instance_id)
        assert shape.complete
        for j, mark in enumerate(shape.provenance):
            if j in FORMAT:
                assert mark is Provenance.CLICKED
                assert shape.points[j] == pytest.approx(worm(seed)[j])
            else:
                assert mark is Provenance.FILLED
                assert np.trace(shape.covariances[j]) > 0
        assert np.linalg.norm(shape.points - worm(seed), axis=1).mean() < 10


def test_the_report_has_the_held_out_error_of_every_way_best_first(
    worms: Callable[..., Project],
) -> None:
    done = fill_project(worms(), who="lead", progress=SILENT)
    assert {one.name for one in done.judgements} == {
        "linear",
        "prior",
        "appearance",
        "labelled_images",
    }
    errors = [one.error for one in done.judgements if one.error is not None]
    assert errors == sorted(errors)
    assert len(errors) == 2
    # The photographs are not there.
    assert {one.name for one in done.judgements[2:]} == {"appearance", "labelled_images"}
    assert "could not be judged" in done.notes[0]
    assert done.chosen == done.judgements[0].name
    assert done.clicked == tuple(FORMAT)
    assert done.dense == 40


def test_imports_without_boxes_are_judged_as_they_are_filled(
    worms: Callable[..., Project], tmp_path: Path
) -> None:
    project, clicked = worms(sparse=0), [3, 4]
    truths = {}
    for seed in range(40, 60):
        points = np.full((LANDMARKS, 2), np.nan)
        points[clicked] = worm(seed)[clicked]
        image = project.add_image(tmp_path / f"{seed}.png", facts(str(seed)))
        around = Box.square_around(points)
        record = project.add_instance(image.id, around, shape=Shape(points), who="importer")
        truths[record.id] = worm(seed)
    plan = plan_fill(project, progress=SILENT)
    judged = {each.name: each.error for each in plan.judgements}["prior"]
    prior = ByPrior(plan.labelled)
    measured = []
    for instance, waiting in waiting_to_fill(project, inferred=False).waiting.items():
        truth = truths[instance]
        length = SCHEME.normaliser_length(truth, Box.square_around(truth))
        measured.append(nme(prior.fill(waiting).points, truth, length))
    assert np.mean(measured) == pytest.approx(judged, rel=0.4)


def test_it_is_undone_as_one_step(worms: Callable[..., Project]) -> None:
    project = worms()
    before = [project.shape(i) for i in sparse_ones(project)]
    fill_project(project, who="lead", progress=SILENT)
    project.undo("lead")
    assert [project.shape(i) for i in sparse_ones(project)] == before


def test_filling_again_goes_by_the_clicks_and_not_by_what_was_filled(
    worms: Callable[..., Project],
) -> None:
    project = worms()
    fill_project(project, who="lead", progress=SILENT)
    first = [project.shape(i) for i in sparse_ones(project)]
    again = fill_project(project, who="lead", progress=SILENT)
    assert again.count == 5
    assert [project.shape(i) for i in sparse_ones(project)] == first


def test_accepted_shapes_stay_unless_they_are_asked_for(worms: Callable[..., Project]) -> None:
    project = worms()
    first, second, *_ = sparse_ones(project)
    marks = [Provenance.CLICKED if j in FORMAT else Provenance.INFERRED for j in range(LANDMARKS)]
    project.accept(first, Shape(worm(40) + np.array([0, 9]), provenance=marks), who="ada")
    accepted = project.shape(first)
    done = fill_project(project, who="lead", progress=SILENT)
    assert (done.count, done.inferred) == (4, 1)
    assert project.shape(first) == accepted
    done = fill_project(project, inferred=True, who="lead", progress=SILENT)
    assert (done.count, done.inferred) == (5, 0)
    filled = project.shape(first)
    assert filled.provenance.count(Provenance.FILLED) == LANDMARKS - len(FORMAT)
    assert np.array_equal(filled.points[FORMAT], accepted.points[FORMAT])
    assert project.instance(first).state is InstanceState.ACCEPTED
    assert project.instance(second).state is InstanceState.STARTED


def test_instances_with_one_point_and_no_box_are_counted(worms: Callable[..., Project]) -> None:
    project = worms()
    image = project.add_image(project.folder / "bare.png", facts("bare"))
    record = project.add_instance(image.id, None, who="ada")
    project.place(record.id, 0, (5, 5), who="ada")
    done = fill_project(project, who="lead", progress=SILENT)
    assert (done.count, done.without_box) == (5, 1)


def test_with_nothing_sparse_it_says_so(worms: Callable[..., Project]) -> None:
    with pytest.raises(ActionableError, match="nothing to fill"):
        fill_project(worms(sparse=0), who="lead", progress=SILENT)


def test_with_too_few_dense_shapes_it_says_so(worms: Callable[..., Project]) -> None:
    with pytest.raises(TooFewLabels, match=r"at least 10 .* there are 9"):
        fill_project(worms(dense=9), who="lead", progress=SILENT)


def test_stopped_it_changes_nothing(worms: Callable[..., Project]) -> None:
    class Stopped:
        def start(self, stage: str, total: int | None) -> None:
            self.stage = stage

        def advance(self, steps: int = 1, note: str = "") -> None:
            pass

        def cancelled(self) -> bool:
            return self.stage == "filling"

    project = worms()
    with pytest.raises(Cancelled, match="Filling was stopped"):
        fill_project(project, who="lead", progress=Stopped())
    assert not any(project.shape(i).complete for i in sparse_ones(project))


@dataclass
class Trained:
    """A backend whose model is off by so many pixels; its held-out instances are every fourth."""

    off: float
    name: str = "oracle"
    title: str = "oracle"

    def shipped(self, scheme: Scheme) -> Path | None:
        return None

    def held_out(self, folder: Path) -> list[str]:
        return [f"{i}.png#0 {i}"[:40] for i in range(0, 40, 4)]

    def learned_elsewhere(self, folder: Path) -> str:
        return ""

    def load(self, folder: Path, scheme: Scheme, device: str = "cpu") -> "Trained":
        if self.off < 0:
            raise ActionableError("The model is damaged.", remedy="Train again.")
        return self

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        seed = int(pixels[0, 0, 0])
        mean = box.to_frame(worm(seed) + self.off)[None]
        return Proposal(box, ShapeMixture(np.zeros(1), mean, np.eye(2 * LANDMARKS)), self.name)


@pytest.fixture
def with_model(monkeypatch: pytest.MonkeyPatch) -> Callable[[Project, float], None]:
    def trained(project: Project, off: float) -> None:
        (project.folder / "models" / "oracle").mkdir(parents=True)
        (project.folder / "models" / "oracle" / "card.json").write_text("{}")
        monkeypatch.setattr(library, "all_backends", lambda: (Trained(off),))

        def read(image: ImageRecord) -> Pixels:
            if image.path.stem == "44":
                raise ImageError("44.png is gone.")
            return np.full((1, 1, 3), int(image.path.stem), dtype=np.uint8)

        monkeypatch.setattr(project_fill, "pixels_of", read)
        monkeypatch.setattr("landmark_annotator.annotator.session.models.training.pixels_of", read)

    return trained


def test_a_trained_model_is_taken_where_it_is_better_and_judged_on_what_it_has_not_seen(
    worms: Callable[..., Project], with_model: Callable[[Project, float], None]
) -> None:
    project = worms()
    with_model(project, 0.0)
    card = project.folder / "models" / "oracle" / "card.json"
    card.write_text(f'{{"learned": ["{model_cards.mark("1.png#0 1")}"]}}')
    names = {project.images()[0].id: "a", project.images()[1].id: "a"}  # said only now
    said = replace(project.group_rule(), by=GroupsBy.NAMES, names=names)
    project.set_group_rule(said, who="lead")
    done = fill_project(project, who="lead", progress=SILENT)
    assert done.chosen == "oracle"
    best = done.judgements[0]
    assert (best.name, best.instances) == ("oracle", 9)
    assert done.unreadable == ("44.png is gone.",)
    assert done.count == 4


def test_an_image_of_several_objects_that_cannot_be_read_is_named_once(
    worms: Callable[..., Project],
) -> None:
    class Gone(Executor):
        def results(self, work: Any, tasks: Any) -> Iterator[Any]:
            for number, task in enumerate(tasks):
                yield FilledShape(task.instance_id, f"{'aaabb'[number]}.png is gone.")

    project = worms()
    plan = plan_fill(project, progress=SILENT)
    done = fill_as_planned(project, plan, who="lead", progress=SILENT, executor=Gone())
    assert (done.count, done.unreadable) == (0, ("a.png is gone.", "b.png is gone."))


def test_a_model_that_may_have_seen_the_photographs_elsewhere_is_a_note(
    worms: Callable[..., Project],
    with_model: Callable[[Project, float], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Trained, "learned_elsewhere", lambda self, folder: "the pictures of Mars")
    project = worms()
    with_model(project, 0.0)
    done = fill_project(project, who="lead", progress=SILENT)
    assert done.notes[:-1] == (
        "If your photographs are among the pictures of Mars, which the oracle has learned from, "
        "its errors here are too small.",
    )


def test_a_trained_model_that_is_worse_is_not_taken(
    worms: Callable[..., Project], with_model: Callable[[Project, float], None]
) -> None:
    project = worms()
    with_model(project, 61.0)
    done = fill_project(project, who="lead", progress=SILENT)
    assert done.chosen != "oracle"
    assert {one.name: one.error for one in done.judgements}["oracle"] > 20  # type: ignore[operator]


def test_a_model_that_cannot_be_loaded_is_a_note(
    worms: Callable[..., Project], with_model: Callable[[Project, float], None]
) -> None:
    project = worms()
    with_model(project, -1.0)
    done = fill_project(project, who="lead", progress=SILENT)
    assert "The model is damaged. Train again." in done.notes
    assert done.count + len(done.unreadable) == 5


def test_ways_judged_on_different_instances_are_compared_on_those_they_share() -> None:
    base = {0: 1.0, 1: 1.0, 2: 7.0}
    assert compared({"base": base, "easy": {0: 0.5}, "hard": {2: 6.0}, "none": {}}, "base") == {
        "base": 3.0,
        "easy": 2.5,
        "hard": 2.0,
    }


def test_what_was_planned_is_done_and_planning_writes_nothing(
    worms: Callable[..., Project],
) -> None:
    project = worms()
    plan = plan_fill(project, progress=SILENT)
    assert (plan.count, plan.landmarks) == (5, 25)
    assert project.undoable("lead") is None
    done = fill_as_planned(project, plan, who="lead", progress=SILENT)
    assert (done.count, done.landmarks) == (5, 25)
    assert (done.chosen, done.judgements) == (plan.best.name, plan.judgements)
    project.undo("lead")
    assert not any(project.shape(i).complete for i in sparse_ones(project))


def test_what_was_accepted_since_it_was_planned_stays_as_it_is(
    worms: Callable[..., Project],
) -> None:
    project = worms()
    plan = plan_fill(project, progress=SILENT)
    accepted = sparse_ones(project)[0]
    project.accept(accepted, Shape(worm(40)), who="ada")
    done = fill_as_planned(project, plan, who="lead", progress=SILENT)
    assert done.count == 4
    assert Provenance.FILLED not in project.shape(accepted).provenance


def test_whoever_may_not_fill_is_told_before_anything_is_computed(
    worms: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = worms()
    project.set_person("lea", Role.LEAD, who="lea")
    project.set_person("bob", Role.REVIEWER, who="lea")
    monkeypatch.setattr(project_fill, "plan_fill", pytest.fail)
    with pytest.raises(NotAllowed):
        fill_project(project, who="bob", progress=SILENT)
