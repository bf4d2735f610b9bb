"""The click loop: what each action stores, and what the journal says of it."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import (
    ActionKind,
    InstanceRecord,
    InstanceState,
    Project,
    Spend,
    Verdict,
)
from landmark_annotator.projects.vocabulary import Box, Curve, Provenance, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import ActionableError, ProjectError, SchemeError


def test_a_click_is_stored_to_the_last_bit(project: Project, kite: InstanceRecord) -> None:
    position = (1 / 3, 1e-17)
    project.place(kite.id, kites.TOP, position, who="ada")
    assert tuple(project.shape(kite.id).points[kites.TOP]) == position


def test_a_click_marks_its_landmark_as_clicked(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    shape = project.shape(kite.id)
    assert shape.provenance == (Provenance.CLICKED, None, None, None, None)
    assert shape.visibility.tolist() == [2, 0, 0, 0, 0]


def test_the_first_click_starts_an_instance(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    assert project.instance(kite.id).state is InstanceState.STARTED


def test_a_click_is_journalled_with_all_that_is_known(
    project: Project, kite: InstanceRecord
) -> None:
    project.place(kite.id, kites.RIGHT, (1, 2), who="ada")
    entry = project.place(
        kite.id, kites.RIGHT, np.array([3.5, 4.5]), who="bob", proposed=(5, 6), duration=1.25
    )
    assert list(project.journal())[-1] == entry
    assert (entry.who, entry.kind, entry.landmark) == ("bob", ActionKind.CLICK, kites.RIGHT)
    assert (entry.from_, entry.to, entry.proposed) == ((1, 2), (3.5, 4.5), (5, 6))
    assert (entry.duration, entry.title) == (1.25, "placement of right")


def test_an_entry_says_when(project: Project, kite: InstanceRecord) -> None:
    before = datetime.now(UTC)
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    (entry,) = project.journal()
    assert before <= entry.at <= datetime.now(UTC)
    assert entry.at.utcoffset() == timedelta(0)


def test_a_confirmation_is_evidence_of_its_own_kind(project: Project, kite: InstanceRecord) -> None:
    entry = project.place(kite.id, kites.TOP, (1, 2), provenance=Provenance.CONFIRMED, who="ada")
    assert project.shape(kite.id).provenance[kites.TOP] is Provenance.CONFIRMED
    assert (entry.kind, entry.title) == (ActionKind.CONFIRM, "confirmation of top")


@pytest.mark.parametrize("position", [(np.nan, 1.0), (1.0, np.inf), (1.0, 2.0, 3.0)])
def test_a_click_needs_a_position(
    project: Project, kite: InstanceRecord, position: tuple[float, ...]
) -> None:
    with pytest.raises(ProjectError, match="finite"):
        project.place(kite.id, kites.TOP, position, who="ada")
    assert list(project.journal()) == []


@pytest.mark.parametrize("landmark", [-1, 5])
def test_a_landmark_must_be_of_the_scheme(
    project: Project, kite: InstanceRecord, landmark: int
) -> None:
    with pytest.raises(ProjectError, match=r"landmarks 0\.\.4"):
        project.place(kite.id, landmark, (1, 2), who="ada")


def test_hidden_landmarks_can_be_clicked(project: Project, kite: InstanceRecord) -> None:
    project.set_visibility(kite.id, kites.TOP, Visibility.OCCLUDED, who="ada")
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    assert project.shape(kite.id).visibility[kites.TOP] == Visibility.OCCLUDED


def test_visibility_can_be_known_without_a_position(project: Project, kite: InstanceRecord) -> None:
    project.set_visibility(kite.id, kites.TOP, Visibility.OCCLUDED, who="ada")
    shape = project.shape(kite.id)
    assert shape.visibility[kites.TOP] == Visibility.OCCLUDED
    assert not shape.known.any()


def test_visibility_leaves_the_position(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.set_visibility(kite.id, kites.TOP, Visibility.OCCLUDED, who="ada")
    assert project.shape(kite.id).points[kites.TOP].tolist() == [1, 2]


def test_an_absent_landmark_loses_its_position(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.set_visibility(kite.id, kites.TOP, Visibility.NOT_LABELLED, who="ada")
    shape = project.shape(kite.id)
    assert not shape.known.any()
    assert shape.visibility.tolist() == [0, 0, 0, 0, 0]
    assert shape.provenance == (Provenance.CLICKED, None, None, None, None)


def test_an_absent_landmark_can_be_placed_after_all(project: Project, kite: InstanceRecord) -> None:
    project.set_visibility(kite.id, kites.TOP, Visibility.NOT_LABELLED, who="ada")
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    assert project.shape(kite.id).visibility[kites.TOP] == Visibility.VISIBLE


@pytest.mark.parametrize("take_back", ["clear", "visible"])
def test_that_a_landmark_is_absent_can_be_taken_back(
    project: Project, kite: InstanceRecord, take_back: str
) -> None:
    project.set_visibility(kite.id, kites.TOP, Visibility.NOT_LABELLED, who="ada")
    if take_back == "clear":
        project.clear(kite.id, kites.TOP, who="ada")
    else:
        project.set_visibility(kite.id, kites.TOP, Visibility.VISIBLE, who="ada")
    assert project.shape(kite.id) == Shape.unknown(5)
    assert project.instance(kite.id) == kite


def test_a_shape_with_an_absent_landmark_can_be_accepted(
    project: Project, kite: InstanceRecord
) -> None:
    points = kites.POINTS.copy()
    points[kites.TAIL] = np.nan
    shape = Shape(points, provenance=(Provenance.CLICKED,) * 5)
    project.accept(kite.id, shape, who="ada")
    assert project.instance(kite.id).state is InstanceState.ACCEPTED
    assert project.shape(kite.id) == shape


@pytest.mark.parametrize("visibility", [Visibility.VISIBLE, Visibility.OCCLUDED])
def test_a_landmark_that_is_not_absent_after_all_reopens_the_shape(
    project: Project, kite: InstanceRecord, visibility: Visibility
) -> None:
    project.accept(kite.id, kites.ACCEPTED, who="ada")
    project.set_visibility(kite.id, kites.TAIL, Visibility.NOT_LABELLED, who="ada")
    assert project.instance(kite.id).state is InstanceState.ACCEPTED
    project.set_visibility(kite.id, kites.TAIL, visibility, who="ada")
    assert project.instance(kite.id).state is InstanceState.STARTED


def test_clearing_takes_one_position_back(project: Project, kite: InstanceRecord) -> None:
    for landmark in (kites.TOP, kites.TAIL):
        project.place(kite.id, landmark, (1, 2), who="ada")
    entry = project.clear(kite.id, kites.TOP, who="ada")
    assert project.shape(kite.id).known.tolist() == [False, False, False, False, True]
    assert (entry.from_, entry.to) == ((1, 2), None)


def test_clearing_the_last_position_leaves_an_untouched_instance(
    project: Project, kite: InstanceRecord
) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.clear(kite.id, kites.TOP, who="ada")
    assert project.instance(kite.id) == kite


def test_a_cleared_landmark_is_still_hidden(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.set_visibility(kite.id, kites.TOP, Visibility.OCCLUDED, who="ada")
    project.clear(kite.id, kites.TOP, who="ada")
    assert project.shape(kite.id).visibility[kites.TOP] == Visibility.OCCLUDED


def test_a_box_can_be_drawn_again(project: Project, kite: InstanceRecord) -> None:
    box = Box(1, 2, 3, 4, 0.5)
    project.set_box(kite.id, box, who="ada")
    assert project.instance(kite.id).box == box


def test_accepting_stores_the_whole_shape(project: Project, kite: InstanceRecord) -> None:
    project.accept(kite.id, kites.ACCEPTED, who="ada", duration=0.5)
    assert project.shape(kite.id) == kites.ACCEPTED
    assert project.instance(kite.id).state is InstanceState.ACCEPTED


def test_accepted_points_without_a_provenance_are_inferred(
    project: Project, kite: InstanceRecord
) -> None:
    project.accept(kite.id, Shape(kites.POINTS), who="ada")
    assert project.shape(kite.id).provenance == (Provenance.INFERRED,) * 5


def test_accepting_leaves_a_click_with_who_made_it(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, tuple(kites.POINTS[kites.TOP]), who="ada")
    clicked = (Provenance.CLICKED, *[Provenance.INFERRED] * 4)
    project.accept(kite.id, Shape(kites.POINTS, provenance=clicked), who="bob")
    whose = kites.rows(project.folder, "SELECT who FROM landmarks ORDER BY landmark")
    assert whose == [("ada",), ("bob",), ("bob",), ("bob",), ("bob",)]


def test_only_whole_shapes_are_accepted(project: Project, kite: InstanceRecord) -> None:
    points = kites.POINTS.copy()
    points[kites.BOTTOM] = np.nan
    with pytest.raises(ProjectError, match="1 landmark without a position, bottom"):
        project.accept(kite.id, Shape(points), who="ada")
    assert project.instance(kite.id).state is InstanceState.UNTOUCHED


def test_only_shapes_of_the_scheme_are_accepted(project: Project, kite: InstanceRecord) -> None:
    with pytest.raises(SchemeError, match="4 landmarks"):
        project.accept(kite.id, Shape(kites.POINTS[:4]), who="ada")


def test_correcting_an_accepted_shape_leaves_it_accepted(
    project: Project, kite: InstanceRecord
) -> None:
    project.accept(kite.id, kites.ACCEPTED, who="ada")
    project.place(kite.id, kites.LEFT, (1, 2), who="ada")
    assert project.instance(kite.id).state is InstanceState.ACCEPTED
    assert project.shape(kite.id).points[kites.LEFT].tolist() == [1, 2]


def test_reopening_keeps_what_people_placed(project: Project, kite: InstanceRecord) -> None:
    project.accept(kite.id, kites.ACCEPTED, who="ada")
    project.review(kite.id, Verdict.SENT_BACK, "the tail", who="ada")
    shape = project.shape(kite.id)
    assert project.instance(kite.id).state is InstanceState.STARTED
    assert shape.provenance == (Provenance.CLICKED, None, None, None, None)
    assert shape.visibility.tolist() == [2, 0, 1, 0, 0]  # the bottom was marked as hidden


def test_clearing_a_landmark_of_an_accepted_shape_reopens_it(
    project: Project, kite: InstanceRecord
) -> None:
    project.accept(kite.id, kites.ACCEPTED, who="ada")
    project.clear(kite.id, kites.LEFT, who="ada")
    assert project.instance(kite.id).state is InstanceState.STARTED


def test_spend_counts_clicks_and_seconds(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada", duration=1.5)
    project.place(kite.id, kites.TAIL, (1, 2), who="ada")
    project.place(
        kite.id, kites.LEFT, (1, 2), provenance=Provenance.CONFIRMED, who="bob", duration=0.5
    )
    project.accept(kite.id, kites.ACCEPTED, who="ada", duration=2.0)
    assert project.spend() == Spend(clicks=3, seconds=4.0)
    assert project.spend("ada") == Spend(clicks=2, seconds=3.5)


def test_times_are_by_person_and_kind(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada", duration=1.5)
    first = project.place(kite.id, kites.TAIL, (1, 2), who="ada")
    project.place(kite.id, kites.LEFT, (1, 2), who="ada", duration=0.1)
    project.place(kite.id, kites.LEFT, (1, 2), who="bob", duration=0.5)

    times = {one.who: (one.actions, one.durations.tolist()) for one in project.timed_actions()}
    assert times == {"ada": (3, [1.5, 0.1]), "bob": (1, [0.5])}
    assert {one.actions for one in project.timed_actions(first.id)} == {1}


def test_nobody_has_spent_anything_at_first(project: Project) -> None:
    assert project.spend() == Spend(clicks=0, seconds=0.0)


def test_the_journal_can_be_read_for_one_instance(project: Project, kite: InstanceRecord) -> None:
    other = project.add_instance(kite.image_id, None, who="ada")
    project.place(other.id, kites.TOP, (1, 2), who="ada")
    entry = project.place(kite.id, kites.TOP, (1, 2), who="ada")
    assert list(project.journal(kite.id)) == [entry]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET who = 'eve'",
        "DELETE FROM journal",
        "INSERT OR REPLACE INTO journal (id, at, who, kind, title) VALUES (1, '', 'eve', '', '')",
    ],
)
def test_the_journal_cannot_be_changed(project: Project, kite: InstanceRecord, change: str) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    with (
        sqlite3.connect(project.folder / "project.db") as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(change)


def test_a_trace_keeps_its_covariance_and_counts_as_a_click(
    project: Project, kite: InstanceRecord
) -> None:
    covariance = np.array([[9.0, 1.0], [1.0, 0.25]])
    entry = project.place(
        kite.id,
        kites.TOP,
        (1, 2),
        provenance=Provenance.TRACED,
        covariance=covariance,
        who="ada",
    )
    shape = project.shape(kite.id)
    assert shape.provenance[kites.TOP] is Provenance.TRACED
    assert (shape.covariances[kites.TOP] == covariance).all()
    assert entry.kind is ActionKind.CLICK
    assert project.clicks() == {kite.id: 1}


@pytest.mark.parametrize("provenance", [Provenance.TRACED, Provenance.CLICKED])
def test_only_what_is_traced_has_a_covariance(
    project: Project, kite: InstanceRecord, provenance: Provenance
) -> None:
    covariance = None if provenance is Provenance.TRACED else np.eye(2)
    with pytest.raises(ActionableError, match="covariance"):
        project.place(kite.id, 0, (1, 2), provenance=provenance, covariance=covariance, who="ada")


def test_what_a_scheme_spaces_evenly_is_moved_when_it_is_accepted_and_undo_moves_it_back(
    tmp_path: Path,
) -> None:
    scheme = Scheme("bar", tuple("abcd"), curves=(Curve("bar", (0, 1, 2, 3), evenly=True),))
    with Project.create(tmp_path / "bars", scheme) as project:
        image = project.add_image(tmp_path / "bar.png", kites.Facts("bar"))
        record = project.add_instance(image.id, kites.BOX, who="ada")
        project.place(record.id, 1, (1.0, 0.0), who="ada")
        before = project.shape(record.id)
        points = np.array([[0.0, 0], [1, 0], [5, 0], [6, 0]])
        marks = [Provenance.CLICKED, Provenance.CLICKED, None, Provenance.CLICKED]
        project.accept(record.id, Shape(points, None, marks), who="ada")
        accepted = project.shape(record.id)
        assert accepted.points == pytest.approx(np.array([[0.0, 0], [2, 0], [4, 0], [6, 0]]))
        assert accepted.provenance == ("clicked", "traced", "inferred", "clicked")
        project.undo("ada")
        assert project.shape(record.id) == before
