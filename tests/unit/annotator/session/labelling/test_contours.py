"""Clicks that mean a contour, through the session and the store."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.store import ActionKind, InstanceRecord, Project
from landmark_annotator.projects.vocabulary import Provenance

CHIN, NOSE = 8, 30


def opened(project: Project, waiting: InstanceRecord) -> LabellingSession:
    session = LabellingSession(project, who="anna")
    pixels = read_pixels(project.image(waiting.image_id).path)
    assert waiting.box is not None
    session.open(waiting.id, best_proposer(project).propose(pixels, waiting.box))
    return session


@pytest.fixture
def session(project: Project, waiting: InstanceRecord) -> LabellingSession:
    return opened(project, waiting)


def below_the_chin(session: LabellingSession) -> tuple[float, float]:
    x, y = session.view.shape.points[CHIN].tolist()
    return x + 3.0, y + 4.0


def test_a_trace_moves_the_contour_there_and_stays_sure_only_across_it(
    session: LabellingSession,
) -> None:
    x, y = below_the_chin(session)
    view = session.trace(CHIN, (x, y))
    assert view.shape.provenance[CHIN] is Provenance.TRACED
    # The chin's contour is nearly level, so it goes down and hardly aside.
    assert view.shape.points[CHIN, 1] == pytest.approx(y, abs=1.0)
    assert view.shape.points[CHIN, 0] < x - 1.0
    variances = np.linalg.eigvalsh(view.shape.covariances[CHIN])
    assert variances[1] > 4 * variances[0]
    assert view.query != CHIN
    assert view.predicted_visible is not None
    assert view.predicted_error is not None
    assert view.predicted_visible < view.predicted_error


def test_what_is_foreseen_is_what_is_seen_and_what_is_read_again(
    session: LabellingSession, project: Project, waiting: InstanceRecord
) -> None:
    place = below_the_chin(session)
    foreseen = session.foresee({CHIN: place}, traced=True).shape.points
    seen = session.trace(CHIN, place).shape
    np.testing.assert_array_equal(foreseen, seen.points)
    again = opened(project, waiting).view.shape
    np.testing.assert_allclose(again.points, seen.points, atol=1e-9)
    assert again.provenance[CHIN] is Provenance.TRACED


def test_the_journal_has_the_click_where_it_was_and_undo_takes_it_back_exactly(
    session: LabellingSession, project: Project, waiting: InstanceRecord
) -> None:
    before, place = session.view.shape, below_the_chin(session)
    session.trace(CHIN, place)
    entry = list(project.journal(waiting.id))[-1]
    assert entry.kind is ActionKind.CLICK
    assert entry.to == place
    assert entry.title == "contour at chin"
    stored = project.shape(waiting.id)
    session.undo()
    assert session.view.shape == before
    session.redo()
    assert project.shape(waiting.id) == stored


def test_a_click_on_the_same_landmark_pins_its_place(session: LabellingSession) -> None:
    place = below_the_chin(session)
    session.trace(CHIN, place)
    view = session.click(CHIN, place)
    assert view.shape.provenance[CHIN] is Provenance.CLICKED
    assert view.shape.points[CHIN] == pytest.approx(place)


def test_a_point_of_its_own_and_an_accepted_shape_are_placed_exactly(
    session: LabellingSession,
) -> None:
    assert session.trace(NOSE, (60.0, 70.0)).shape.provenance[NOSE] is Provenance.CLICKED
    session.trace(CHIN, below_the_chin(session))
    accepted = session.accept().shape
    assert accepted.provenance[CHIN] is Provenance.TRACED
    assert np.isfinite(accepted.covariances[CHIN]).all()
    assert session.trace(CHIN, (61.0, 120.0)).shape.points[CHIN].tolist() == [61.0, 120.0]
