"""annotator trainings, on records as trainings leave them."""

import json
import struct
from pathlib import Path

import pytest

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.training_record import Outcome
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from tests.kept_trainings import keep_training


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two trainings that differ in one setting, and one that was stopped."""
    folder = tmp_path / "bars"
    with Project.create(folder, Scheme("bar", ("start", "end"))) as project:
        library = ModelLibrary.of(project)
        for size, error in ((96, 6.0), (128, 5.0)):
            keep_training(
                library,
                "heatmap",
                20,
                error,
                settings={"seed": 0, "size": size},
                changed=() if size == 128 else ("size",),
                curves={"loss": ((1, 3.5), (2, 1.25))},
                seconds=90.0,
            )
        keep_training(library, "heatmap", 20, None, outcome=Outcome.STOPPED, message="In epoch 3.")
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["trainings", *arguments]) == 0
    return capsys.readouterr().out


def test_it_lists_all(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = said(capsys, str(folder)).splitlines()
    assert len(rows) == 4
    assert "6.00 %" in rows[1]
    assert rows[3].endswith("stopped")


def test_one_is_told_with_what_differs_from_the_defaults_first(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = said(capsys, str(folder), "1").splitlines()
    assert lines.index("setting size: 96") < lines.index("setting seed, by default: 0")
    assert lines[-1] == "loss: 3.5 in epoch 1, 1.25 in epoch 2"


def test_two_are_compared_by_what_differs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(said(capsys, str(folder), "--compare", "1", "2", "--json"))
    assert found["differences"] == [
        {"what": "size", "first": "96", "second": "128"},
        {"what": "held_out_error", "first": "6", "second": "5"},
    ]
    assert [each["number"] for each in found["trainings"]] == [1, 2]


def test_one_that_is_not_there_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trainings", str(folder), "9"]) == 3
    assert "There are 1 to 3" in capsys.readouterr().err


def test_without_any_it_says_how_to_train(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Project.create(tmp_path / "none", Scheme("bar", ("start", "end"))).close()
    assert "annotator train" in said(capsys, str(tmp_path / "none"))


def test_event_files_of_no_training_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))).close()

    told = said(capsys, str(tmp_path / "bars"), "--tensorboard", str(tmp_path / "board"))

    assert told.startswith("Nothing was trained")


def test_event_files_hold_the_curves(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, str(folder), "--tensorboard", str(tmp_path / "board"))
    files = sorted((tmp_path / "board").rglob("events.out.tfevents.*"))
    assert [file.parent.name for file in files] == [
        "0001-heatmap",
        "0002-heatmap",
        "0003-heatmap",
    ]
    messages, content = [], files[0].read_bytes()
    while content:
        [length] = struct.unpack("<Q", content[:8])
        messages.append(content[12 : 12 + length])
        content = content[16 + length :]
    assert b"brain.Event:2" in messages[0]
    # step 2, the name of the curve, and its value as four bytes
    assert b"\x10\x02" in messages[-1]
    assert b"loss\x15" + struct.pack("<f", 1.25) in messages[-1]


def test_settings_are_listed_without_a_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--list-settings", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["settings"]
    assert {"heatmap", "exemplar", "weak", "finder", "parsing", "hair"} <= set(found)
    for backend in ("heatmap", "exemplar", "weak", "finder", "parsing", "hair"):
        assert all(setting["what"] for setting in found[backend]), backend
