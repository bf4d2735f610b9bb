"""A project whose model has hardly been trained: enough to run a protocol on."""

from pathlib import Path

import pytest

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.vocabulary import SILENT, Scheme
from tests.short_epochs import short_epochs


@pytest.fixture(scope="session")
def hardly_trained(tmp_path_factory: pytest.TempPathFactory, landmark_data: Path) -> Path:
    folder = tmp_path_factory.mktemp("hardly")
    faces = faces300w.faces(faces300w.TRAINING)[::64]
    settings = {"epochs": 1, "size": 48, "levels": 1}
    model = folder / "models" / "exemplar"
    with short_epochs():
        backend_named("exemplar").train(faces, Scheme.named("face68"), model, settings, SILENT)
    return folder
