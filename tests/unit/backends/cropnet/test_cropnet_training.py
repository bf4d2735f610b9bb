"""From labelled heads to a model that proposes, stage by stage."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from landmark_annotator.backends.cropnet import Settings, load, train
from landmark_annotator.backends.cropnet.network import CoarseToFineNetwork
from landmark_annotator.backends.cropnet.network_training import batch_loss, batches
from landmark_annotator.backends.densities.augmentation import read_patches
from landmark_annotator.backends.densities.coordinates import in_frame
from landmark_annotator.backends.densities.training_data import TrainingData
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    Cancelled,
    WeightsMismatch,
)
from tests.short_epochs import short_epochs
from tests.stopped_training import StopsAfter, assert_same_weights

SMALL: dict[str, Any] = {"size": 32, "width": 8, "seed": 3}
TWO = {**SMALL, "epochs": 2}


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, heads: list[LabelledInstance], face68: Scheme
) -> Path:
    folder = tmp_path_factory.mktemp("cropnet")
    with short_epochs():
        train(heads, face68, folder, TWO, SILENT)
    return folder


def test_every_stage_learns_where_the_landmarks_of_a_few_crops_are(
    heads: list[LabelledInstance], face68: Scheme
) -> None:
    """Much better than one shape for all of them."""
    settings = Settings.of({"size": 64, "seed": 3, "losses": "l2/l1"})
    patches, _ = read_patches(heads[:8], [head.box for head in heads[:8]], 64, SILENT)
    data = TrainingData([patches[i] for i in range(8)], face68, settings, stride=1)
    batch = next(batches(data, 0, 1))
    places = in_frame(batch[1][..., :2], settings.size)
    torch.manual_seed(0)
    network = CoarseToFineNetwork(places.mean(dim=0), settings.design)
    optimiser = torch.optim.Adam(network.parameters(), 3e-3)

    def errors() -> list[float]:
        found = network(batch[0]).points
        return [float((points.detach() - places).norm(dim=2).mean()) for points in found]

    before = errors()
    for _ in range(25):
        optimiser.zero_grad()
        batch_loss(network, batch, face68, settings).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    for after in errors():
        assert after < 0.5 * before[0]


def test_patches_are_smoothed_in_the_first_epochs_alone(
    heads: list[LabelledInstance], face68: Scheme
) -> None:
    patches, _ = read_patches(heads[:4], [head.box for head in heads[:4]], 32, SILENT)
    data = TrainingData([patches[i] for i in range(4)], face68, Settings.of(SMALL), stride=1)
    smooth = [float(next(batches(data, epoch, 10))[2].mean()) for epoch in range(10)]
    assert smooth == [1.0] * 8 + [0.0] * 2


def test_its_stages_can_be_looked_at_one_by_one(
    trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    model = load(trained, face68)
    pixels, box = heads[1].read_pixels(), heads[1].box
    stages = model.stages(pixels, box)
    assert list(stages) == ["baseline", "stage 1", "stage 2", "stage 3", "proposal"]
    proposal = model.propose(pixels, box)
    assert np.allclose(stages["proposal"], proposal.given([]).points)
    assert (np.linalg.eigvalsh(proposal.given([]).covariances) > 0).all()
    assert proposal.backend == "cropnet"


def test_two_loaded_models_answer_alike(
    trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    pixels, box = heads[0].read_pixels(), heads[0].box
    one, other = (load(trained, face68).propose(pixels, box).mixture.mean for _ in range(2))
    assert np.array_equal(one, other)


@pytest.mark.usefixtures("short_epochs")
def test_an_interrupted_training_resumes_to_the_same_network(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    one_stage = {**TWO, "losses": "align"}
    train(heads[:20], face68, tmp_path / "straight", one_stage, SILENT)
    with pytest.raises(Cancelled, match="epoch 2 of 2"):
        train(heads[:20], face68, tmp_path / "resumed", one_stage, StopsAfter(3))
    assert not (tmp_path / "resumed" / "weights.safetensors").exists()
    train(heads[:20], face68, tmp_path / "resumed", one_stage, SILENT)
    assert_same_weights(tmp_path / "straight", tmp_path / "resumed")


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"loses": "l1"}, 'Did you mean "losses"'),
        ({"losses": "l2/l3"}, "l2, l1, align"),
        ({"losses": "l2/l2/l1/align"}, "at most 3 stages"),
        ({"size": 100}, "multiple of 32"),
    ],
)
def test_settings_that_are_none_are_refused(setting: dict[str, Any], says: str) -> None:
    with pytest.raises(ActionableError) as refused:
        Settings.of(setting)
    assert says in f"{refused.value.happened} {refused.value.remedy}"


@pytest.mark.parametrize("change", [{"losses": "l2"}, {"width": 16}, {"losses": "l2/l2/l2/l2"}])
def test_a_card_of_another_network_is_refused(
    trained: Path, tmp_path: Path, face68: Scheme, change: dict[str, Any]
) -> None:
    card = json.loads((trained / "card.json").read_text())
    card["settings"] |= change
    (tmp_path / "card.json").write_text(json.dumps(card))
    (tmp_path / "weights.safetensors").write_bytes((trained / "weights.safetensors").read_bytes())
    with pytest.raises(WeightsMismatch):
        load(tmp_path, face68)
