"""A project whose scheme changes: labels stay at their landmarks, and it is one step for undo."""

from pathlib import Path

import kites
import numpy as np
import pytest
from sqlalchemy import Connection

from landmark_annotator.projects.store import InstanceRecord, InstanceState, Plan, Project, Verdict
from landmark_annotator.projects.store.rows import stored_scheme
from landmark_annotator.projects.vocabulary import Scheme, SchemeChange, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import ProjectError

SAME = SchemeChange.none(kites.SCHEME)
WITHOUT_RIGHT = SAME.remove(kites.RIGHT)
WITH_KNOT = SAME.add("knot", 2)


@pytest.fixture
def accepted(project: Project, kite: InstanceRecord) -> int:
    project.place(kite.id, kites.TAIL, (50.0, 79.0), who="ada")
    project.accept(kite.id, kites.ACCEPTED, who="ada")
    return kite.id


def names_to_points(project: Project, instance_id: int) -> dict[str, list[float]]:
    shape = project.shape(instance_id)
    known = zip(project.scheme.landmarks, shape.points.tolist(), shape.known, strict=True)
    return {name: point for name, point, is_known in known if is_known}


def test_labels_stay_at_their_landmarks_in_another_order(project: Project, accepted: int) -> None:
    before = names_to_points(project, accepted)

    project.change_scheme(SAME.move(kites.TAIL, 0), who="lead")

    assert project.scheme.landmarks[0] == "tail"
    assert names_to_points(project, accepted) == before
    assert project.instance(accepted).state is InstanceState.ACCEPTED


def test_a_new_landmark_is_unknown_and_reopens_what_was_accepted(
    project: Project, accepted: int
) -> None:
    before = names_to_points(project, accepted)

    project.change_scheme(WITH_KNOT, who="lead")

    assert names_to_points(project, accepted) == before
    assert not project.shape(accepted).known[2]
    assert project.instance(accepted).state is InstanceState.STARTED


def test_an_excluded_shape_is_reopened_too(project: Project, accepted: int) -> None:
    project.exclude(instances=[accepted], why="blurred", who="ada")

    project.change_scheme(WITH_KNOT, who="lead")

    assert project.instance(accepted).state is InstanceState.STARTED


def test_an_acceptance_by_a_reviewer_lapses_where_a_landmark_is_new(
    project: Project, accepted: int
) -> None:
    project.review(accepted, Verdict.ACCEPTED, who="lead")

    project.change_scheme(WITH_KNOT, who="lead")

    assert project.reviews() == {}


def test_undo_makes_the_scheme_and_all_states_what_they_were(
    project: Project, accepted: int
) -> None:
    shape = project.shape(accepted)
    project.change_scheme(WITH_KNOT.remove(0).rename(0, "east"), who="lead")

    project.undo("lead")

    assert project.scheme == kites.SCHEME
    assert project.shape(accepted) == shape
    assert project.instance(accepted).state is InstanceState.ACCEPTED


def test_redo_brings_the_new_scheme_back(project: Project, accepted: int) -> None:
    project.change_scheme(WITH_KNOT, who="lead")
    changed = project.scheme
    project.undo("lead")

    project.redo("lead")

    assert project.scheme == changed
    assert project.instance(accepted).state is InstanceState.STARTED


def test_a_predicted_error_is_hidden_with_its_scheme_and_comes_back_with_undo(
    project: Project, accepted: int
) -> None:
    doubts = np.zeros((5, 2, 2))
    project.store_proposal(accepted, kites.POINTS, doubts, predicted_error=17.9, model="some")

    project.change_scheme(SAME.rename(0, "tip"), who="lead")
    assert project.instance(accepted).predicted_error == 17.9
    project.change_scheme(SchemeChange.none(project.scheme).add("knot", 2), who="lead")
    assert project.instance(accepted).predicted_error is None
    project.undo("lead")
    assert project.instance(accepted).predicted_error == 17.9


def test_what_was_stored_of_a_landmark_that_went_comes_back_with_undo(
    project: Project, accepted: int
) -> None:
    before = names_to_points(project, accepted)
    project.change_scheme(WITHOUT_RIGHT, who="lead")
    assert set(names_to_points(project, accepted)) == set(before) - {"right"}
    project.reshape(accepted, Shape(np.ones((4, 2))), title="return to the proposal", who="ada")
    project.undo("ada")

    project.undo("lead")

    assert names_to_points(project, accepted) == before


def test_replacing_a_shape_leaves_landmarks_that_went_as_they_were(
    project: Project, accepted: int
) -> None:
    project.change_scheme(WITHOUT_RIGHT, who="lead")
    project.reshape(accepted, Shape(np.ones((4, 2))), title="swap", who="ada")

    project.undo("lead")

    assert names_to_points(project, accepted)["right"] == [80.0, 40.0]


def test_a_click_after_the_change_is_on_the_landmark_of_that_name(
    project: Project, accepted: int
) -> None:
    project.change_scheme(SAME.move(kites.TAIL, 0), who="lead")

    entry = project.place(accepted, 0, (1.0, 2.0), who="ada")

    assert entry.landmark == 0
    assert names_to_points(project, accepted)["tail"] == [1.0, 2.0]
    project.undo("ada")
    assert names_to_points(project, accepted)["tail"] == [50.0, 79.0]


def test_the_journal_names_landmarks_as_they_stand_now(project: Project, accepted: int) -> None:
    project.change_scheme(SAME.move(kites.TAIL, 0), who="lead")

    assert next(project.journal(accepted)).landmark == 0


def test_the_journal_names_no_landmark_that_went(project: Project, accepted: int) -> None:
    project.change_scheme(SAME.remove(kites.TAIL), who="lead")

    first = next(project.journal(accepted))
    assert (first.landmark, first.title) == (None, "placement of tail")


def test_an_action_from_before_is_undone_on_its_landmark(
    project: Project, kite: InstanceRecord
) -> None:
    project.place(kite.id, kites.LEFT, (20.0, 40.0), who="ada")
    project.change_scheme(SAME.move(kites.LEFT, 0), who="lead")

    project.undo("ada")

    assert names_to_points(project, kite.id) == {}


def test_a_proposal_from_before_is_one_of_the_landmarks_that_are_there(
    project: Project, kite: InstanceRecord
) -> None:
    covariances = np.ones((5, 1, 1)) * np.eye(2)
    hidden = np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    project.store_proposal(
        kite.id, kites.POINTS, covariances, predicted_error=1.0, model="prior", hidden=hidden
    )

    project.change_scheme(WITH_KNOT.remove(0), who="lead")

    stored = project.proposal(kite.id)
    assert stored is not None
    assert stored.points[0].tolist() == [80.0, 40.0]
    assert np.isnan(stored.points[1]).all()  # the knot
    assert stored.covariances.shape == (5, 2, 2)
    assert stored.hidden is not None
    assert sorted(stored.hidden[np.isfinite(stored.hidden)]) == [0.2, 0.3, 0.4, 0.5]
    assert np.isnan(stored.hidden[1])


def test_a_plan_goes_on_with_the_landmarks_that_are_left(project: Project) -> None:
    project.set_plan(Plan("m2", (kites.RIGHT, kites.TAIL)), who="lead")

    project.change_scheme(WITHOUT_RIGHT, who="lead")

    assert project.plan().landmarks == (3,)


def test_a_landmark_said_to_be_hidden_stays_so(project: Project, kite: InstanceRecord) -> None:
    project.set_visibility(kite.id, kites.LEFT, Visibility.OCCLUDED, who="ada")

    project.change_scheme(SAME.move(kites.LEFT, 0), who="lead")

    assert project.shape(kite.id).visibility[0] == Visibility.OCCLUDED


def test_bulk_reading_agrees_with_reading_one(project: Project, accepted: int) -> None:
    project.change_scheme(WITHOUT_RIGHT.move(3, 0), who="lead")

    ((_, whole),) = project.shapes()
    ((_, bare),) = project.shapes(bare=True)
    assert whole == project.shape(accepted)
    assert bare.points.tolist() == whole.points.tolist()
    assert sum(alike.number for alike in project.tally()[accepted]) == 4


def test_the_version_goes_up_and_is_never_used_again(project: Project) -> None:
    project.change_scheme(WITH_KNOT, who="lead")
    project.undo("lead")
    project.change_scheme(WITHOUT_RIGHT, who="lead")

    assert project.scheme.version == kites.SCHEME.version + 2


def test_the_scheme_is_the_new_one_after_opening_again(project: Project, folder: Path) -> None:
    project.change_scheme(WITH_KNOT, who="lead")

    with Project.open(folder, read_only=True) as other:
        assert other.scheme == project.scheme


def test_who_has_the_old_scheme_open_is_told_and_stores_nothing(
    project: Project, folder: Path, kite: InstanceRecord
) -> None:
    with Project.open(folder) as other:
        project.change_scheme(WITH_KNOT, who="lead")

        with pytest.raises(ProjectError, match="changed the landmarks") as raised:
            other.place(kite.id, kites.TOP, (1.0, 2.0), who="ada")

    assert "open it again" in raised.value.remedy
    assert names_to_points(project, kite.id) == {}


def test_undo_is_refused_where_somebody_has_labelled_on_since(
    project: Project, accepted: int
) -> None:
    project.change_scheme(WITH_KNOT, who="lead")
    project.accept(accepted, Shape(np.ones((6, 2))), who="ada")

    with pytest.raises(ProjectError, match="ada has changed"):
        project.undo("lead")

    assert project.scheme.landmarks == WITH_KNOT.after.landmarks


def test_a_change_of_another_scheme_is_refused(project: Project) -> None:
    other = SchemeChange.none(Scheme("other", ("one",))).add("two")

    with pytest.raises(ProjectError, match="other, version 1"):
        project.change_scheme(other, who="lead")


def test_a_change_that_is_none_is_refused(project: Project) -> None:
    with pytest.raises(ProjectError, match="is the one"):
        project.change_scheme(SAME, who="lead")


def test_who_opens_it_at_that_moment_sees_one_scheme_or_the_other(
    project: Project, accepted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It was told that the database is damaged: the checksum was of before the change.
    kept, schemes = stored_scheme._kept, [project.scheme]

    def kept_before_a_change(connection: Connection) -> int | None:
        found = kept(connection)
        if len(schemes) == 1:
            schemes.append(WITH_KNOT.after)
            project.change_scheme(WITH_KNOT, who="lead")
        return found

    monkeypatch.setattr(stored_scheme, "_kept", kept_before_a_change)

    with Project.open(project.folder, read_only=True) as other:
        assert other.scheme == schemes[0]
    assert project.scheme.landmarks == WITH_KNOT.after.landmarks
