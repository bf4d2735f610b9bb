"""One small training for all tests that only look at it."""

from pathlib import Path

import pytest
from sparse_heads import MEASURED, SETTINGS, sparse_heads

from landmark_annotator.backends.weak import train
from landmark_annotator.projects.vocabulary import LabelledInstance, Scheme


@pytest.fixture(scope="session")
def labelled() -> list[LabelledInstance]:
    return sparse_heads()


@pytest.fixture(scope="session")
def trained(
    labelled: list[LabelledInstance], face68: Scheme, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("weak")
    train(labelled, face68, folder, SETTINGS, MEASURED)
    return folder
