"""Weights that a project is told to start from."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.filling.dense import Dense
from landmark_annotator.annotator.session.filling.fill_work import fill_methods
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.annotator.session.models.starting_weights import start_from_weights
from landmark_annotator.backends.metrics import nme
from landmark_annotator.backends.registry import Backend, TrainedModel
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.samples import rendered_heads
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError

pytestmark = pytest.mark.usefixtures("shipped_weights")


def mean_error(project: Project) -> float:
    """NME in percent on some of the embedded heads."""
    proposer, errors = best_proposer(project), []
    for head in rendered_heads()[:6]:
        truth, box = head.shape.points, Box.square_around(head.shape.points)
        proposal = proposer.propose(read_pixels(head.picture), box)
        assert proposal is not None
        length = project.scheme.normaliser_length(truth, box)
        errors.append(nme(proposal.given([]).points, truth, length))
    return float(np.median(errors))


def test_they_propose_in_place_of_those_for_the_scheme(tmp_path: Path, face68: Scheme) -> None:
    with Project.create(tmp_path / "heads", face68) as project:
        before = mean_error(project)
        start_from_weights(project, "heads68")
        assert "with heads68 weights" in best_proposer(project).reason
        assert mean_error(project) < 0.8 * before


def test_an_unknown_name_is_refused_with_the_nearest(tmp_path: Path, face68: Scheme) -> None:
    with Project.create(tmp_path / "heads", face68) as project:
        with pytest.raises(ActionableError) as raised:
            start_from_weights(project, "head68")
        assert 'Did you mean "heads68"' in raised.value.happened
        assert ModelLibrary.of(project).starting_weights is None


def test_weights_of_other_landmarks_are_refused(tmp_path: Path) -> None:
    with (
        Project.create(tmp_path / "leaf", Scheme("leaf", ("stem", "tip"))) as project,
        pytest.raises(ActionableError, match="other landmarks than the scheme leaf"),
    ):
        start_from_weights(project, "heads68")


def test_a_fill_uses_them_too(
    tmp_path: Path, face68: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []

    def load(backend: Backend, folder: Path, scheme: Scheme, device: str) -> TrainedModel:
        loaded.append(f"{backend.name} {folder.name}")
        raise ActionableError("Not read here.")

    monkeypatch.setattr(Backend, "load", load)
    with Project.create(tmp_path / "heads", face68) as project:
        start_from_weights(project, "heads68")
        fill_methods(
            ModelLibrary.of(project), Dense([], np.empty(0, dtype=np.int64), face68), (30,), 0
        )
    assert "heatmap heads68" in loaded
    assert "heatmap face68" not in loaded
