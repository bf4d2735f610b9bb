from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.store import ActionKind, InstanceRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import Provenance, Visibility
from landmark_annotator.projects.vocabulary.errors import ActionableError

NOSE = 30


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(project: Project, waiting: InstanceRecord, clock: Clock) -> LabellingSession:
    session = LabellingSession(project, who="anna", clock=clock)
    pixels = read_pixels(project.image(waiting.image_id).path)
    assert waiting.box is not None
    session.open(waiting.id, best_proposer(project).propose(pixels, waiting.box))
    return session


def error(session: LabellingSession, truth: np.ndarray) -> float:
    return float(np.linalg.norm(session.view.shape.points - truth, axis=1).mean())


def test_opening_shows_a_whole_shape_with_uncertainty_and_asks(session: LabellingSession) -> None:
    view = session.view
    assert view.complete
    assert view.query is not None
    assert view.predicted_error is not None
    assert (np.linalg.eigvalsh(view.shape.covariances) > 0).all()


def test_a_click_pins_its_landmark_and_brings_the_others_nearer(
    session: LabellingSession, truth: np.ndarray
) -> None:
    before = error(session, truth)
    view = session.click(NOSE, tuple(truth[NOSE]))
    assert view.shape.points[NOSE] == pytest.approx(truth[NOSE])
    assert view.shape.provenance[NOSE] is Provenance.CLICKED
    others = np.delete(np.arange(68), NOSE)
    now = np.linalg.norm(view.shape.points - truth, axis=1)[others].mean()
    assert now < before


def test_a_click_is_in_the_journal_with_what_was_proposed_and_how_long_it_took(
    session: LabellingSession, project: Project, waiting: InstanceRecord, clock: Clock
) -> None:
    proposed = session.view.shape.points[NOSE]
    clock.now = 2.5
    session.click(NOSE, (200.0, 210.0))
    (entry,) = project.journal(waiting.id)
    assert (entry.kind, entry.who, entry.landmark) == (ActionKind.CLICK, "anna", NOSE)
    assert entry.to == (200.0, 210.0)
    assert entry.proposed == pytest.approx(tuple(proposed))
    assert entry.duration == 2.5


def test_a_newer_proposal_does_not_take_from_the_time_that_a_click_took(
    session: LabellingSession, project: Project, waiting: InstanceRecord, clock: Clock
) -> None:
    pixels = read_pixels(project.image(waiting.image_id).path)
    assert waiting.box is not None
    clock.now = 2.0
    session.propose_anew(best_proposer(project).propose(pixels, waiting.box), None)
    clock.now = 2.5
    session.click(NOSE, (200.0, 210.0))
    (entry,) = project.journal(waiting.id)
    assert entry.duration == 2.5


def test_the_order_of_clicks_does_not_matter(
    session: LabellingSession, project: Project, truth: np.ndarray
) -> None:
    for j in (8, 36, 54):
        session.click(j, tuple(truth[j]))
    forth = session.view.shape.points
    for _ in range(3):
        session.undo()
    for j in (54, 8, 36):
        session.click(j, tuple(truth[j]))
    np.testing.assert_allclose(session.view.shape.points, forth, atol=1e-6)


def test_undo_then_redo_is_the_identity(session: LabellingSession, truth: np.ndarray) -> None:
    untouched = session.view.shape
    clicked = session.click(NOSE, tuple(truth[NOSE])).shape
    session.undo()
    assert session.view.shape == untouched
    session.redo()
    assert session.view.shape == clicked


def test_a_preview_stores_nothing_and_shows_what_the_click_will(
    session: LabellingSession, project: Project, waiting: InstanceRecord
) -> None:
    seen = session.foresee({NOSE: (190.0, 200.0)})
    assert list(project.journal(waiting.id)) == []
    assert session.click(NOSE, (190.0, 200.0)).shape == seen.shape


def test_confirming_is_a_click_where_the_point_is(session: LabellingSession) -> None:
    where = session.view.shape.points[NOSE]
    view = session.confirm(NOSE)
    assert view.shape.points[NOSE] == pytest.approx(where)
    assert view.shape.provenance[NOSE] is Provenance.CONFIRMED


def test_clearing_a_landmark_infers_it_again(session: LabellingSession) -> None:
    before = session.view.shape
    session.click(NOSE, (150.0, 150.0))
    assert session.clear(NOSE).shape == before


def test_accepting_stores_every_landmark_with_its_provenance_and_covariance(
    session: LabellingSession, project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    session.click(NOSE, tuple(truth[NOSE]))
    session.confirm(8)
    seen = session.view.shape
    session.accept()
    stored = project.shape(waiting.id)
    assert project.instance(waiting.id).state is InstanceState.ACCEPTED
    np.testing.assert_array_equal(stored.points, seen.points)
    assert stored.provenance[NOSE] is Provenance.CLICKED
    assert stored.provenance[8] is Provenance.CONFIRMED
    assert stored.provenance.count(Provenance.INFERRED) == 66
    np.testing.assert_allclose(stored.covariances, seen.covariances)


def test_undoing_the_acceptance_brings_the_clicks_back_without_a_loss(
    session: LabellingSession, truth: np.ndarray
) -> None:
    before = session.click(NOSE, tuple(truth[NOSE]))
    session.accept()
    session.undo()
    assert session.view.instance.state is InstanceState.STARTED
    assert session.view.shape == before.shape


def test_a_landmark_that_is_not_in_the_image_needs_no_position(
    session: LabellingSession, project: Project, waiting: InstanceRecord
) -> None:
    view = session.set_visibility(0, Visibility.NOT_LABELLED)
    assert 0 in view.absent
    assert view.complete
    assert not view.shape.known[0]
    session.accept()
    assert project.shape(waiting.id).known.sum() == 67


def test_an_occluded_landmark_keeps_its_inferred_position(session: LabellingSession) -> None:
    view = session.set_visibility(3, Visibility.OCCLUDED)
    assert view.shape.visibility[3] == Visibility.OCCLUDED
    assert view.shape.known[3]
    assert session.accept().shape.visibility[3] == Visibility.OCCLUDED


def beyond_the_left_border(session: LabellingSession) -> np.ndarray:
    """The object moved to the left by some clicks, so that about half of it lies outside; (L,)
    where it does though nobody has clicked there."""
    before = session.view.shape.points
    placed = [8, 27, NOSE, 36, 45]
    for j in placed:
        x, y = before[j]
        session.click(j, (x - before[:, 0].mean(), y))
    outside = session.view.shape.points[:, 0] < -0.5
    assert outside[placed].any()
    outside[placed] = False
    assert outside.any()
    assert not outside.all()
    return outside


def test_what_is_accepted_beyond_the_border_is_hidden(
    session: LabellingSession, project: Project, waiting: InstanceRecord
) -> None:
    """No photograph shows it: it left as visible, at a place that the image does not have."""
    outside = beyond_the_left_border(session)
    shape = session.accept().shape
    assert np.array_equal(shape.visibility == Visibility.OCCLUDED, outside)
    assert np.array_equal(project.shape(waiting.id).visibility, shape.visibility)
    session.undo()
    assert not (session.view.shape.visibility == Visibility.OCCLUDED).any()


def test_beyond_the_border_a_person_has_the_last_word(session: LabellingSession) -> None:
    first = int(np.flatnonzero(beyond_the_left_border(session))[0])
    session.set_visibility(first, Visibility.VISIBLE)
    assert session.accept().shape.visibility[first] == Visibility.VISIBLE


def test_correcting_an_accepted_shape_moves_just_that_point(session: LabellingSession) -> None:
    accepted = session.accept().shape
    view = session.click(NOSE, (100.0, 120.0))
    others = np.delete(np.arange(68), NOSE)
    np.testing.assert_array_equal(view.shape.points[others], accepted.points[others])
    assert view.shape.points[NOSE].tolist() == [100.0, 120.0]
    assert view.instance.state is InstanceState.ACCEPTED


def test_without_a_proposal_landmarks_are_asked_for_in_order(
    project: Project, waiting: InstanceRecord
) -> None:
    session = LabellingSession(project, who="anna")
    assert session.open(waiting.id).query == 0
    session.click(0, (10.0, 10.0))
    assert session.view.query == 1
    assert session.view.shape.known.sum() == 1


def test_an_incomplete_shape_cannot_be_accepted_and_nothing_is_lost(
    project: Project, waiting: InstanceRecord
) -> None:
    session = LabellingSession(project, who="anna")
    session.open(waiting.id)
    with pytest.raises(ActionableError, match="68 landmarks have no position") as raised:
        session.accept()
    assert not raised.value.kept  # for nothing was placed
    session.click(0, (10.0, 10.0))
    with pytest.raises(ActionableError, match="67 landmarks have no position") as raised:
        session.accept()
    assert "stored" in raised.value.kept
    assert project.shape(waiting.id).known.sum() == 1


def test_a_single_landmark_that_is_missing_is_named(
    project: Project, waiting: InstanceRecord
) -> None:
    session = LabellingSession(project, who="anna")
    session.open(waiting.id)
    for landmark in range(67):
        session.click(landmark, (10.0 + landmark, 10.0))
    last = project.scheme.landmarks[67]
    with pytest.raises(ActionableError, match=f"^The {last} has no position yet"):
        session.accept()


def test_next_is_the_next_instance_that_is_not_accepted(
    session: LabellingSession, project: Project, waiting: InstanceRecord
) -> None:
    last = project.instances()[-1].id
    assert session.following() == last
    assert session.following(last) == waiting.id
    session.accept()
    assert session.following(last) is None


def test_what_was_clicked_is_there_after_a_restart(
    session: LabellingSession, project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    clicked = session.click(NOSE, tuple(truth[NOSE])).shape
    project.close()
    with Project.open(project.folder) as reopened:
        again = LabellingSession(reopened, who="anna")
        assert waiting.box is not None
        pixels = read_pixels(reopened.image(waiting.image_id).path)
        proposal = best_proposer(reopened).propose(pixels, waiting.box)
        assert again.open(waiting.id, proposal).shape == clicked
        entry = again.undo()
        assert entry is not None
        assert entry.landmark == NOSE


def test_nobody_is_asked_for_what_is_hidden_but_its_place_stays_inferred(
    session: LabellingSession,
) -> None:
    asked = session.view.query
    assert asked is not None
    view = session.set_visibility(asked, Visibility.OCCLUDED)
    assert view.query != asked
    assert np.isfinite(view.shape.points[asked]).all()


def test_what_is_probably_hidden_is_asked_for_once_a_person_says_that_it_is_seen(
    session: LabellingSession, project: Project, waiting: InstanceRecord
) -> None:
    asked, proposal = session.view.query, session._proposal
    assert asked is not None
    assert proposal is not None
    hidden = np.zeros(68)
    assert session.open(waiting.id, replace(proposal, hidden=hidden)).query == asked
    hidden[asked] = 0.999
    assert session.open(waiting.id, replace(proposal, hidden=hidden)).query != asked
    session.set_visibility(asked, Visibility.OCCLUDED)
    assert session.set_visibility(asked, Visibility.VISIBLE).query == asked


def test_the_place_that_an_absent_landmark_would_have_is_known(session: LabellingSession) -> None:
    before = session.view.shape.points[0]
    view = session.set_visibility(0, Visibility.NOT_LABELLED)
    assert view.absent_at[0] == pytest.approx(before)
    assert np.isnan(view.shape.covariances[0]).all()
    assert np.isnan(view.absent_at[1:]).all()
    assert view.predicted_error is not None
    assert np.isfinite(view.predicted_error)


def test_the_expected_error_is_told_in_millimetres_where_a_pixel_is_known(
    session: LabellingSession, project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    assert session.view.predicted_millimetres is None
    project.set_pixel_size(0.4, who="anna")
    view = session.click(NOSE, tuple(truth[NOSE]))
    traces = np.trace(np.nan_to_num(view.shape.covariances), axis1=1, axis2=2)
    assert view.predicted_millimetres is not None
    assert 0.2 * np.sqrt(traces).mean() < view.predicted_millimetres < 0.4 * np.sqrt(traces).mean()
    project.set_pixel_size(0.8, images=[waiting.image_id], who="anna")
    doubled = session.click(NOSE, tuple(truth[NOSE])).predicted_millimetres
    assert doubled == pytest.approx(2 * view.predicted_millimetres, rel=0.05)
