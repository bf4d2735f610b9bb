"""What disks, files and damaged weights do to training and to what proposes."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any

import pytest
import torch

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.models import training, training_recorder
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.prior_comparison import Comparison
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.annotator.session.review import millimetres
from landmark_annotator.backends.learning.model_files import ModelFiles
from landmark_annotator.backends.registry import Backend, backend_named
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Scheme
from landmark_annotator.projects.vocabulary.errors import (
    DiskFull,
    ProjectError,
    ProjectReadOnly,
    WeightsMismatch,
)

CARD = {
    "minutes": 0.1,
    "figures": {"held_out_error": 5.0},
    "related": "No images are related.",
    "instances": {"training": 9, "held_out": 1, "unreadable": ["a.png: it is empty"]},
}


def failing(number: int):
    def train(*_: object) -> None:
        raise OSError(number, "the disk says no")

    return property(lambda self: train)


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, DiskFull), (errno.EROFS, ProjectReadOnly), (errno.EACCES, ProjectReadOnly)],
)
def test_a_disk_that_takes_no_model_is_told_as_such(
    project: Project, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
) -> None:
    monkeypatch.setattr(Backend, "train", failing(number))
    with pytest.raises(kind, match="labels are not affected"):
        training.train_project(project, "exemplar", {}, SILENT)


def test_a_folder_that_was_deleted_meanwhile_is_told_as_such(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To make it writable was advised, and a model that went with it was told to be kept."""

    def learn(_: object, __: Scheme, folder: Path, *___: object) -> None:
        shutil.rmtree(folder.parent)
        (folder / "checkpoint").write_text("an epoch")

    monkeypatch.setattr(Backend, "train", property(lambda _: learn))
    with pytest.raises(ProjectError, match="moved or deleted while") as error:
        training.train_project(project, "exemplar", {}, SILENT)
    assert not isinstance(error.value, ProjectReadOnly)
    assert "model" not in error.value.kept


def test_a_training_that_a_full_disk_takes_no_word_of_leaves_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a disk still takes names of files."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(training_recorder, "write_whole", full)
    with pytest.raises(DiskFull, match="labels are not affected"):
        training.train_project(project, "exemplar", {}, SILENT)
    assert list(ModelLibrary.of(project).trainings_folder.iterdir()) == []


def test_a_server_that_goes_away_while_it_learns_is_not_missed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command failed, and what the model before had been worth was taken for the new one's."""
    order: list[str] = []
    hand, measure = training.hand_of, millimetres.millimetres

    def asked(question: Callable[[Project], object], project: Project) -> object:
        order.append("asked")
        return question(project)

    def learn(_: object, scheme: Scheme, folder: Path, *__: object) -> dict[str, object]:
        order.append("learns")
        folder.mkdir(parents=True)
        (folder / "card.json").write_text(json.dumps(CARD | {"scheme": scheme.to_dict()}))
        return CARD

    monkeypatch.setattr(Backend, "train", property(lambda _: learn))
    monkeypatch.setattr(training, "hand_of", partial(asked, hand))
    monkeypatch.setattr(millimetres, "millimetres", partial(asked, measure))
    assert run(["train", str(project.folder), "--backend", "exemplar"]) == 0
    assert order == ["asked", "asked", "learns"]


def test_images_that_could_not_be_read_are_counted_by_the_command(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(training, "train_project", lambda *_: CARD)
    assert run(["train", str(project.folder)]) == 0
    assert "1 image could not be read" in capsys.readouterr().err
    assert run(["train", str(project.folder), "--strict"]) == 4


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"instances": null}', "\0"])
def test_a_damaged_comparison_is_as_if_there_were_none(project: Project, text: str) -> None:
    own = ModelLibrary.of(project).own(backend_named("exemplar"))
    own.folder.mkdir(parents=True)
    own.comparison_file.write_text(text)
    assert Comparison.read(own) is None


@pytest.mark.parametrize(
    ("card", "why"),
    [('{"held_out_keys": ["a"]}', "train again to find out"), ("{}", "no label was held out")],
)
def test_a_model_that_nothing_is_known_of_says_so(
    project: Project, monkeypatch: pytest.MonkeyPatch, card: str, why: str
) -> None:
    folder = project.folder / "models" / "exemplar"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text(card)
    monkeypatch.setattr(Backend, "load", lambda *_: None)
    reason = best_proposer(project).reason
    assert f"How it compares to the prior is not known: {why}." in reason


def test_weights_that_are_not_numbers_are_refused(project: Project, tmp_path: Path) -> None:
    files = ModelFiles("exemplar", 1)
    card = {"scheme": project.scheme.to_dict()}
    files.write(tmp_path, {"a": torch.tensor([1.0, float("nan")])}, {}, card)
    with pytest.raises(WeightsMismatch, match="not numbers"):
        files.read(tmp_path, project.scheme)


def test_weights_are_read_by_whoever_reads_the_card_beside_them(tmp_path: Path) -> None:
    """On a drive that a team shares, only who had trained could load them."""
    ModelFiles("exemplar", 1).write(tmp_path, {"a": torch.zeros(2, 2)}, {}, {})
    modes = {file.stat().st_mode for file in tmp_path.iterdir()}
    assert len(list(tmp_path.iterdir())) == 2
    assert len(modes) == 1


def test_weights_that_are_for_their_writer_alone_are_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were told to be gone, and to be trained again."""
    files = ModelFiles("exemplar", 1)
    files.write(tmp_path, {"a": torch.zeros(2, 2)}, {}, {})
    opened = Path.open

    def refused(path: Path, *arguments: Any, **named: Any) -> IO[Any]:
        if path.suffix == ".safetensors":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(WeightsMismatch, match="Permission denied") as error:
        files.read(tmp_path, Scheme("s", ("a", "b")))
    assert "let others read" in error.value.remedy


def test_an_empty_name_of_starting_weights_is_none(project: Project) -> None:
    library = ModelLibrary.of(project)
    library.folder.mkdir(parents=True)
    (library.folder / "start.txt").write_text("")
    assert library.starting_weights is None
