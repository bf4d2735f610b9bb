"""Another program's predictions in the click loop: seen, corrected, accepted, never evidence."""

import json
from pathlib import Path

import numpy as np
import pytest

from annotator.session.labelling.session import LabellingSession
from annotator.session.models.batch_proposals import propose_all
from annotator.session.models.proposers import best_proposer
from projects.exchange import export_labels, import_proposals
from projects.images import read_pixels
from projects.store import InstanceRecord, InstanceState, Project
from projects.vocabulary import SILENT, Provenance


@pytest.fixture
def predictions(
    tmp_path: Path, project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> Path:
    """COCO results for the waiting instance, two pixels beside the truth, unsure of the chin."""
    export_labels(project, tmp_path / "truth.json", format="coco", include_unaccepted=True)
    content = json.loads((tmp_path / "truth.json").read_text())
    path = project.image(waiting.image_id).path
    (image,) = [i for i in content["images"] if Path(i["file_name"]).name == path.name]
    scores = np.full(68, 0.9)
    scores[8] = 0.2
    keypoints = np.column_stack([truth + 2, scores]).ravel().tolist()
    result = {"image_id": image["id"], "category_id": 1, "keypoints": keypoints, "score": 0.8}
    (tmp_path / "results.json").write_text(json.dumps([result]))
    return tmp_path / "results.json"


@pytest.fixture
def session(project: Project, predictions: Path, waiting: InstanceRecord) -> LabellingSession:
    import_proposals(project, predictions, images=predictions.with_name("truth.json"), who="bert")
    session = LabellingSession(project, who="anna")
    session.open(waiting.id)
    return session


def test_nothing_is_stored_of_the_landmarks(session: LabellingSession) -> None:
    instance_id = session.view.instance.id

    assert not session.project.shape(instance_id).known.any()
    assert session.view.instance.state is InstanceState.UNTOUCHED


def test_the_prediction_is_seen_and_the_least_sure_landmark_asked_for(
    session: LabellingSession, truth: np.ndarray
) -> None:
    assert np.allclose(session.view.shape.points, truth + 2)
    assert session.view.query == 8
    assert session.view.backend == "imported from results.json"
    assert session.view.predicted_error is not None


def test_a_click_moves_that_landmark_only(session: LabellingSession, truth: np.ndarray) -> None:
    view = session.click(8, (10.0, 20.0))

    assert view.shape.points[8].tolist() == [10, 20]
    others = np.arange(68) != 8
    assert np.allclose(view.shape.points[others], truth[others] + 2)
    assert view.query != 8


def test_a_click_taken_back_gives_the_prediction_again(
    session: LabellingSession, truth: np.ndarray
) -> None:
    session.click(8, (10.0, 20.0))

    assert np.allclose(session.clear(8).shape.points, truth + 2)


def test_an_accepted_prediction_is_imported_but_for_what_a_hand_placed(
    session: LabellingSession,
) -> None:
    session.click(8, (10.0, 20.0))
    session.confirm(9)

    session.accept()

    marks = session.project.shape(session.view.instance.id).provenance
    assert marks[8:10] == (Provenance.CLICKED, Provenance.CONFIRMED)
    assert {mark for n, mark in enumerate(marks) if n not in (8, 9)} == {Provenance.IMPORTED}


def test_it_goes_before_a_models_proposal_and_is_no_evidence_for_it(
    session: LabellingSession, truth: np.ndarray
) -> None:
    project, record = session.project, session.view.instance
    assert record.box is not None
    pixels = read_pixels(project.image(record.image_id).path)
    proposal = best_proposer(project).propose(pixels, record.box)

    view = session.open(record.id, proposal)

    assert np.allclose(view.shape.points, truth + 2)
    assert view.shape.provenance == (None,) * 68


def test_a_model_that_proposes_for_all_leaves_it(session: LabellingSession) -> None:
    propose_all(session.project, SILENT)

    stored = session.project.proposal(session.view.instance.id)
    assert stored is not None
    assert stored.imported


def test_it_is_not_exported(session: LabellingSession, tmp_path: Path) -> None:
    report = export_labels(session.project, tmp_path / "out.json", format="coco")

    assert report.instances == 12
