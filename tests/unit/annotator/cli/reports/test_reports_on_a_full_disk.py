"""What commands write is there whole or not at all, and what was there before stays."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.annotator.cli.reports.budget_report import write_facts
from landmark_annotator.annotator.cli.reports.plot_files import save_plot
from landmark_annotator.annotator.cli.reports.tensorboard_files import write_tensorboard
from landmark_annotator.annotator.protocols import campaign_picture
from landmark_annotator.annotator.protocols.framework.result import Result
from landmark_annotator.annotator.session.models.training_record import TrainingRecord
from landmark_annotator.projects.vocabulary.errors import ActionableError

ROOM = 16
"""Bytes that each file has; as where a disk is full."""
NOISE = Image.effect_noise((40, 40), 90.0)


@contextmanager
def no_room() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def trained(folder: Path) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    record = TrainingRecord(1, at, "heatmap", 12, curves={"loss": [(1, 2.0)]})
    write_tensorboard([record], folder.parent)


WRITERS: dict[str, Callable[[Path], None]] = {
    "plot": lambda path: save_plot(NOISE, path),
    "facts": lambda path: write_facts(path, {"many": [*range(99)]}),
    "result": Result("p", "", "", 0, {}, {}, 0.0, {"figure": 1.0}).write,
    "campaign": lambda path: campaign_picture.draw(path, {"set": {"worst": [3, 2, 1]}}),
    "curves": trained,
}


@pytest.mark.parametrize("writer", [*WRITERS])
@pytest.mark.parametrize("before", [True, False])
def test_nothing_is_written_in_part(writer: str, before: bool, tmp_path: Path) -> None:
    write, folder = WRITERS[writer], tmp_path / "there"
    folder.mkdir()
    if before:
        write(folder / "file.png")
    there = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    with no_room(), pytest.raises(ActionableError, match="cannot be written to"):
        write(folder / "file.png")
    left = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert left == there
