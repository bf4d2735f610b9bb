"""Proposals that somebody has brought, in the click loop: seen, corrected, accepted."""

import json
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.models.batch_proposals import propose_all, set_aside
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.annotator.session.review.review_session import ReviewSession
from landmark_annotator.projects.exchange import export_labels, import_proposals
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import SILENT, Provenance
from landmark_annotator.projects.vocabulary.errors import ActionableError


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
    assert session.view.backend == "results.json"
    assert session.view.predicted_error is not None


def test_what_it_says_of_hidden_landmarks_is_suggested_and_asked_for_last(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    first = np.arange(68) < 3
    covariances = np.where(first, 8.0, 4.0)[:, None, None] * np.eye(2)
    hidden = np.where(first, 0.9, 0.0)
    project.store_proposal(
        waiting.id, truth, covariances, predicted_error=1.0, model="ada-net", hidden=hidden
    )
    session = LabellingSession(project, who="anna")
    assert session.open(waiting.id).suggested == {0, 1, 2}
    assert session.view.query == 3, "the others are twice as unsure, but cannot be seen"
    view = session.mark_suggested()
    assert (view.suggested, view.marked) == (frozenset(), {0, 1, 2})
    assert ReviewSession(project, who="rita").open(waiting.id).hidden is not None
    session.accept()
    assert np.flatnonzero(project.shape(waiting.id).visibility == 1).tolist() == [0, 1, 2]
    assert ReviewSession(project, who="rita").open(waiting.id).hidden is None


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
    assert stored.imported_from == "results.json"


def test_it_is_not_exported(session: LabellingSession, tmp_path: Path) -> None:
    report = export_labels(session.project, tmp_path / "out.json", format="coco")

    assert report.instances == 12


def of_ada(project: Project, record: InstanceRecord, truth: np.ndarray, name: str) -> None:
    project.store_proposal(
        record.id, truth + 3, np.tile(np.eye(2), (68, 1, 1)), predicted_error=1.0, model=name,
        who="ada",
    )  # fmt: skip


def test_a_proposal_of_a_users_model_is_kept_beside_the_programs(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    of_ada(project, waiting, truth, "ada-net")

    propose_all(project, SILENT)

    first, second = project.proposals(waiting.id)
    assert (first.model, first.own, first.who) == ("ada-net", False, "ada")
    assert second.own
    assert project.instance(waiting.id).predicted_error == 1.0


def test_the_program_says_whose_proposal_is_shown_and_by_which_rule(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    of_ada(project, waiting, truth, "ada-net")

    said = propose_all(project, SILENT).shown

    assert said[0] == "ada-net (brought by ada): shown for 1 of 1 instance."
    assert "goes before the program's own" in said[1]


def test_it_is_seen_with_its_name_and_accepted_as_its_own(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    of_ada(project, waiting, truth, "ada-net")
    session = LabellingSession(project, who="anna")

    view = session.open(waiting.id)
    assert np.allclose(view.shape.points, truth + 3)
    assert "ada-net, brought by ada" in view.brought
    session.accept()

    entry = session.undo()
    assert entry is not None
    assert entry.title == "acceptance of the shape that ada-net proposed"
    assert np.allclose(session.open(waiting.id).shape.points, truth + 3)


def test_what_is_set_aside_makes_room_for_the_programs_own_and_comes_back(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    of_ada(project, waiting, truth, "ada-net")
    propose_all(project, SILENT)

    assert set_aside(project, "ada-net", aside=True) == 1
    chosen = project.proposal(waiting.id)
    assert chosen is not None
    assert chosen.own
    assert project.instance(waiting.id).predicted_error == chosen.predicted_error
    set_aside(project, "ada-net", aside=False)
    assert [one.own for one in project.proposals(waiting.id)] == [False, True]


def test_two_models_of_people_are_kept_and_the_newest_is_chosen(
    project: Project, waiting: InstanceRecord, truth: np.ndarray
) -> None:
    for name in ("ada-net", "bob-net", "ada-net"):
        of_ada(project, waiting, truth, name)

    assert [one.model for one in project.proposals(waiting.id)] == ["ada-net", "bob-net"]


def test_an_unknown_name_cannot_be_set_aside(project: Project, waiting: InstanceRecord) -> None:
    with pytest.raises(ActionableError, match="Nobody has brought"):
        set_aside(project, "ada-net", aside=True)
