"""What was filled in stays to be seen until somebody places a landmark."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.store import InstanceRecord, Project, fill_shapes
from landmark_annotator.projects.vocabulary import Provenance, Shape

NOSE, CHIN = 30, 8
WHO = "anna"


@pytest.fixture
def session(project: Project, waiting: InstanceRecord, truth: np.ndarray) -> LabellingSession:
    """On an instance with one click, whose other landmarks were filled in a pixel too far right."""
    project.place(waiting.id, NOSE, truth[NOSE], who=WHO)
    spread = np.broadcast_to(9.0 * np.eye(2), (68, 2, 2))
    filled = Shape(truth + np.array([1.0, 0.0]), covariances=spread)
    fill_shapes(project, {waiting.id: filled}, who=WHO)
    session = LabellingSession(project, who=WHO)
    pixels = read_pixels(project.image(waiting.image_id).path)
    assert waiting.box is not None
    session.open(waiting.id, best_proposer(project).propose(pixels, waiting.box))
    return session


def marks(session: LabellingSession) -> set[Provenance | None]:
    return {mark for j, mark in enumerate(session.view.shape.provenance) if j != NOSE}


def test_it_is_shown_as_it_was_filled(session: LabellingSession, truth: np.ndarray) -> None:
    shape = session.view.shape
    assert marks(session) == {Provenance.FILLED}
    assert shape.points[CHIN] == pytest.approx(truth[CHIN] + np.array([1.0, 0.0]))
    assert shape.covariances[CHIN] == pytest.approx(9.0 * np.eye(2))
    assert session.view.query is not None


def test_a_click_makes_the_others_follow_again(session: LabellingSession) -> None:
    x, y = session.view.shape.points[CHIN]
    session.click(CHIN, (x, y + 4))
    assert marks(session) == {None, Provenance.CLICKED}


def test_a_point_that_is_held_makes_the_others_follow(session: LabellingSession) -> None:
    x, y = session.view.shape.points[CHIN]
    seen = session.foresee({CHIN: (x, y + 4)})
    assert Provenance.FILLED not in seen.shape.provenance


def test_undoing_the_click_brings_it_back_and_redoing_takes_it_away(
    session: LabellingSession,
) -> None:
    session.click(CHIN, (100.0, 120.0))
    session.undo()
    assert marks(session) == {Provenance.FILLED}
    session.redo()
    assert Provenance.FILLED not in marks(session)


def test_accepted_it_stays_marked_as_filled(
    session: LabellingSession, project: Project, waiting: InstanceRecord
) -> None:
    session.accept()
    stored = project.shape(waiting.id).provenance
    assert {mark for j, mark in enumerate(stored) if j != NOSE} == {Provenance.FILLED}


def test_undoing_the_filling_leaves_the_proposal(session: LabellingSession) -> None:
    session.undo()
    assert marks(session) == {None}
