"""Objects that two people have labelled say as much of a budget as one label of them does."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.evaluation.simulated_project import (
    Settings,
    plan_simulation,
)
from landmark_annotator.annotator.session.filling.project_fill import plan_fill
from landmark_annotator.annotator.session.models.training import (
    labelled_instances,
    placed_instances,
)
from landmark_annotator.annotator.session.planning.offer import (
    labelled_shapes,
    offer,
    project_affinity,
)
from landmark_annotator.annotator.session.review.standing_labels import let_stand
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Scheme, Shape

SCHEME = Scheme("worm", tuple(f"segment {i}" for i in range(6)))
OBJECTS, TWICE = 12, 5

facts = partial(ImageFacts, 400, 400)


def worm(seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    bends = np.cumsum(random.normal(0, 0.25, len(SCHEME)))
    steps = 30 * np.stack([np.cos(bends), np.sin(bends)], axis=1)
    return np.asarray(np.cumsum(steps, axis=0) + 60)


def label(
    project: Project, seed: int, who: str, second_on: int | None = None, modelled: bool = False
) -> int:
    image = project.add_image(project.folder / f"{seed}.png", facts(str(seed)))
    box, points = Box.square_around(worm(seed)), worm(seed)
    if second_on is not None:
        points = points + np.random.default_rng(1000 + seed).normal(0, 1, points.shape)
    made = project.add_instance(image.id, box, second_opinion_on=second_on, who=who)
    mark = Provenance.INFERRED if modelled else Provenance.CLICKED
    project.accept(made.id, Shape(points, provenance=[mark] * len(SCHEME)), who=who)
    return made.id


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., Project]]:
    """A project in which ann has labelled all objects, and bob some of them as well."""
    opened: list[Project] = []

    def worms(twice: int, modelled: bool = False) -> Project:
        project = Project.create(tmp_path / f"worms{len(opened)}", SCHEME)
        opened.append(project)
        firsts = [label(project, n, "ann", modelled=modelled) for n in range(OBJECTS)]
        for n in range(twice):
            label(project, n, "bob", firsts[n])
        return project

    yield worms
    for project in opened:
        project.close()


def test_the_budget_is_that_of_one_label_of_each_object(made: Callable[..., Project]) -> None:
    once, twice = made(0), made(TWICE)
    np.testing.assert_array_equal(project_affinity(twice).matrix, project_affinity(once).matrix)
    assert offer(twice, progress=SILENT).curve.c_hat == offer(once, progress=SILENT).curve.c_hat


def test_the_label_that_stands_counts(made: Callable[..., Project]) -> None:
    project = made(1)
    second = next(r.id for r in project.instances() if r.second_opinion_on is not None)
    let_stand(project, [(second, 1)], whose="bob", who="lea")
    shapes, _ = labelled_shapes(project)
    assert len(shapes) == OBJECTS
    np.testing.assert_array_equal(shapes[0][1].points, project.shape(second).points)


def test_a_label_without_a_models_hand_counts_before_one_with(
    made: Callable[..., Project],
) -> None:
    project = made(TWICE, modelled=True)
    shapes, notes = labelled_shapes(project)
    assert len(shapes) == OBJECTS
    assert sum(Provenance.CLICKED in shape.provenance for _, shape in shapes) == TWICE
    assert notes[0].startswith(f"{OBJECTS - TWICE} of {OBJECTS} shapes have landmarks")
    assert len(placed_instances(project, once=True)) == TWICE


def test_filling_is_judged_on_one_label_of_each_object(made: Callable[..., Project]) -> None:
    project = made(TWICE)
    image = project.add_image(project.folder / "more.png", facts("more"))
    sparse = project.add_instance(image.id, Box.square_around(worm(99)), who="ann")
    for landmark in (0, 5):
        project.place(sparse.id, landmark, tuple(worm(99)[landmark]), who="ann")
    assert plan_fill(project, progress=SILENT).dense == OBJECTS


def test_a_simulation_labels_each_object_once(made: Callable[..., Project]) -> None:
    project = made(TWICE)
    plan = plan_simulation(project, Settings("mixture", "query", 3, 100, 0))
    assert sorted(plan.ids) == list(range(1, OBJECTS + 1))


def test_what_trains_learns_from_both_labels(made: Callable[..., Project]) -> None:
    project = made(TWICE)
    assert len(labelled_instances(project)) == OBJECTS + TWICE
    assert len(labelled_instances(project, once=True)) == OBJECTS
