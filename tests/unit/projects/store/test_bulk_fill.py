"""What a model writes for many shapes at once, and its undo."""

from collections.abc import Callable

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import (
    ActionKind,
    ImageRecord,
    InstanceState,
    Project,
    fill_shapes,
)
from landmark_annotator.projects.vocabulary import Provenance, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import ProjectError

GUESS = Shape(kites.POINTS + 1.0, covariances=np.tile(np.eye(2) * 4, (5, 1, 1)))


@pytest.fixture
def sparse(project: Project, add_image: Callable[[str], ImageRecord]) -> list[int]:
    """Two instances whose top was clicked."""
    found = []
    for name in ("one.png", "two.png"):
        record = project.add_instance(add_image(name).id, kites.BOX, who="ada")
        project.place(record.id, kites.TOP, (50.0, 10.0), who="ada")
        found.append(record.id)
    return found


def test_it_writes_only_what_nobody_has_placed(project: Project, sparse: list[int]) -> None:
    assert fill_shapes(project, dict.fromkeys(sparse, GUESS), who="lead") == sparse
    stored = project.shape(sparse[0])
    assert stored.points[kites.TOP].tolist() == [50.0, 10.0]
    assert stored.provenance == (Provenance.CLICKED, *[Provenance.FILLED] * 4)
    assert np.array_equal(stored.points[1:], GUESS.points[1:])
    assert np.array_equal(stored.covariances[kites.TAIL], np.eye(2) * 4)


def test_what_somebody_has_clicked_in_since_is_left(project: Project, sparse: list[int]) -> None:
    seen = project.newest_entry()
    project.place(sparse[0], kites.LEFT, (20.0, 41.0), who="ada")
    project.flag(sparse[1], "blurred", who="ada")
    assert fill_shapes(project, dict.fromkeys(sparse, GUESS), who="lead", seen=seen) == sparse[1:]
    known = project.shape(sparse[0]).known
    assert np.flatnonzero(known).tolist() == [kites.TOP, kites.LEFT]
    assert project.shape(sparse[1]).complete


def test_it_accepts_nothing(project: Project, sparse: list[int]) -> None:
    fill_shapes(project, {sparse[0]: GUESS}, who="lead")
    assert project.instance(sparse[0]).state is InstanceState.STARTED


def test_it_keeps_what_is_imported_absent_or_hidden(project: Project, sparse: list[int]) -> None:
    project.set_visibility(sparse[0], kites.TAIL, Visibility.NOT_LABELLED, who="ada")
    project.set_visibility(sparse[0], kites.LEFT, Visibility.OCCLUDED, who="ada")
    fill_shapes(project, {sparse[0]: GUESS}, who="lead")
    stored = project.shape(sparse[0])
    assert not stored.known[kites.TAIL]
    assert stored.visibility[kites.LEFT] == Visibility.OCCLUDED
    assert stored.provenance[kites.LEFT] is Provenance.FILLED


def test_inferred_positions_of_an_accepted_shape_give_way(
    project: Project, sparse: list[int]
) -> None:
    project.accept(sparse[0], kites.ACCEPTED, who="ada")
    fill_shapes(project, {sparse[0]: GUESS}, who="lead")
    stored = project.shape(sparse[0])
    assert stored.provenance == (Provenance.CLICKED, *[Provenance.FILLED] * 4)
    assert project.instance(sparse[0]).state is InstanceState.ACCEPTED


def test_one_undo_takes_all_of_it_back_and_one_redo_brings_it_again(
    project: Project, sparse: list[int]
) -> None:
    before = [project.shape(i) for i in sparse]
    fill_shapes(project, dict.fromkeys(sparse, GUESS), who="lead")
    after = [project.shape(i) for i in sparse]
    undone = project.undo("lead")
    assert undone is not None
    assert undone.title == "filling of 2 shapes"
    assert [project.shape(i) for i in sparse] == before
    assert project.undoable("lead") is None
    project.redo("lead")
    assert [project.shape(i) for i in sparse] == after
    project.undo("lead")
    assert [project.shape(i) for i in sparse] == before


def test_an_older_fill_stays_when_a_newer_one_is_undone(
    project: Project, sparse: list[int]
) -> None:
    fill_shapes(project, {sparse[0]: GUESS}, who="lead")
    first = project.shape(sparse[0])
    other = Shape(GUESS.points + 3.0, covariances=GUESS.covariances)
    fill_shapes(project, dict.fromkeys(sparse, other), who="lead")
    project.undo("lead")
    assert project.shape(sparse[0]) == first
    assert not project.shape(sparse[1]).known[kites.TAIL]


def test_undo_is_refused_whole_where_somebody_has_corrected_a_filled_point(
    project: Project, sparse: list[int]
) -> None:
    fill_shapes(project, dict.fromkeys(sparse, GUESS), who="lead")
    project.place(sparse[1], kites.TAIL, (1.0, 2.0), who="bob")
    filled = [project.shape(i) for i in sparse]
    with pytest.raises(ProjectError, match=r"bob has changed the same shape on two\.png"):
        project.undo("lead")
    assert [project.shape(i) for i in sparse] == filled


def test_it_costs_no_effort(project: Project, sparse: list[int]) -> None:
    before = project.spend()
    fill_shapes(project, dict.fromkeys(sparse, GUESS), who="lead")
    assert project.spend() == before
    kinds = [entry.kind for entry in project.journal()]
    assert kinds[-2:] == [ActionKind.FILL] * 2


def test_a_shape_with_a_gap_fills_nothing(project: Project, sparse: list[int]) -> None:
    gap = Shape(np.where(np.arange(5)[:, None] == 2, np.nan, GUESS.points))
    with pytest.raises(ProjectError, match="filled whole"):
        fill_shapes(project, {sparse[0]: GUESS, sparse[1]: gap}, who="lead")
    assert not project.shape(sparse[0]).known[kites.TAIL]
