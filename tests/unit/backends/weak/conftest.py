"""One small training for all tests that only look at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sparse_heads import MEASURED, SETTINGS, sparse_heads

from landmark_annotator.backends.weak import stages, train
from landmark_annotator.projects.vocabulary import LabelledInstance, Scheme


@pytest.fixture(scope="session")
def labelled() -> list[LabelledInstance]:
    return sparse_heads()


@contextmanager
def _few_crops() -> Iterator[None]:
    """Stage 2 sees 1024 of however few instances, which is most of the time of a training here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(stages, "_FROZEN_CROPS", 64)
        yield


@pytest.fixture(autouse=True)
def few_crops() -> Iterator[None]:
    with _few_crops():
        yield


@pytest.fixture(scope="session")
def trained(
    labelled: list[LabelledInstance], face68: Scheme, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("weak")
    with _few_crops():
        train(labelled, face68, folder, SETTINGS, MEASURED)
    return folder
