"""Two processes that learn from one half of every batch each."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from typing_extensions import override

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.backends.densities.augmentation import read_patches
from landmark_annotator.backends.heatmap.network_training import fit
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.learning import shared_training, training_loop
from landmark_annotator.backends.learning.batches import Batch, BatchOrder
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.learning.schedules import CosineSchedule
from landmark_annotator.backends.learning.shared_training import Lesson, helped, over_all, own_part
from landmark_annotator.backends.learning.training_loop import TrainingLoop, adamw
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled
from tests.narrow_networks import narrow_networks

SETTINGS = {"epochs": 2, "size": 32, "trunk": "none"}


class FewSteps(Settings):
    @override
    def order(self, instances: int) -> BatchOrder:
        return BatchOrder(instances, 9, 36)


def learn(
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    folder: Path,
    settings: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    """The first network of the heat-map model, and nothing of what comes after it."""
    chosen = FewSteps.of(settings)
    patches, _ = read_patches(instances, [each.box for each in instances], 32, progress)
    checkpoint = Checkpoint.of(folder, chosen, [each.key for each in instances])
    folder.mkdir(exist_ok=True)
    with narrow_networks():  # in any process
        fit([patches[i] for i in range(len(instances))], scheme, chosen, checkpoint, progress)
    return {}


class Watched:
    """Keeps the curves, and stops after so many batches."""

    def __init__(self, stops_after: int = 1000) -> None:
        self.left = stops_after
        self.stage = ""
        self.losses: list[float] = []

    def start(self, stage: str, total: int | None) -> None:
        self.stage = stage

    def advance(self, steps: int = 1, note: str = "") -> None:
        if self.stage == "training":
            self.left -= steps

    def cancelled(self) -> bool:
        return self.left <= 0

    def measured(self, curve: str, epoch: int, value: float) -> None:
        if curve == "loss":
            self.losses[epoch - 1 :] = [value]


def test_the_course_is_that_of_one_process_which_may_go_on_with_it(
    tmp_path: Path, landmark_data: Path, face68: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))  # of the other process, too
    monkeypatch.setattr(tempfile, "tempdir", None)
    faces = faces300w.faces(("faces68/lfpw-test",))[:12]
    alone, shared, after = Watched(), Watched(stops_after=6), Watched()
    learn(faces, face68, tmp_path / "alone", SETTINGS, alone)
    with (
        pytest.raises(Cancelled, match="epoch 2 of 2"),
        helped(2, Lesson(learn, faces, face68, SETTINGS)) as settings,
    ):
        learn(faces, face68, tmp_path / "shared", settings, shared)
    assert shared_training.processes() == 1
    assert not list(scratch.glob("tmp*"))
    learn(faces, face68, tmp_path / "shared", SETTINGS, after)
    assert shared.losses == after.losses[:1]
    np.testing.assert_allclose(after.losses, alone.losses, rtol=0.01)


def dies(
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    folder: Path,
    settings: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    if not shared_training.is_first():
        os._exit(3)
    return {"sum": float(over_all(torch.ones(())))}


def test_a_process_that_ends_before_is_told(tmp_path: Path, face68: Scheme) -> None:
    with (
        pytest.raises(ActionableError, match="A process of the training was ended"),
        helped(2, Lesson(dies, [], face68, {})),
    ):
        dies([], face68, tmp_path, {}, SILENT)
    assert shared_training.processes() == 1


def test_what_cannot_be_shared_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (shared_training, training_loop):
        monkeypatch.setattr(module, "processes", lambda: 4)

    def loss(network: torch.nn.Module, batch: Batch) -> torch.Tensor:
        raise AssertionError

    cpu = torch.device("cpu")
    loop = TrainingLoop(CosineSchedule(0.1, 1), adamw, 1, lambda epoch: [], loss, 0.9, 0, cpu)
    with pytest.raises(ActionableError, match="trained by one process"):
        loop.run(torch.nn.Linear(3, 1), SILENT)
    with pytest.raises(ActionableError, match="4 processes cannot share a batch of 3"):
        own_part((torch.zeros(3, 2),))


def test_each_process_needs_a_card_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    for device, why in (("cuda", "need as many graphics cards"), ("cuda:0", "cannot share cuda:0")):
        with (
            pytest.raises(ActionableError, match=why),
            helped(2, Lesson(learn, [], Scheme.named("face68"), {"device": device})),
        ):
            pass
