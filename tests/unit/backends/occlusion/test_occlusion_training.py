"""From labelled heads to a model that proposes, and says what is hidden."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from landmark_annotator.backends.densities.augmentation import read_patches
from landmark_annotator.backends.densities.coordinates import in_frame
from landmark_annotator.backends.densities.training_data import TrainingData
from landmark_annotator.backends.occlusion import Settings, load, train
from landmark_annotator.backends.occlusion.inference import OcclusionInference, told_by_signs
from landmark_annotator.backends.occlusion.network import OcclusionNetwork
from landmark_annotator.backends.occlusion.network_training import batch_loss
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    Cancelled,
    WeightsMismatch,
)
from tests.short_epochs import short_epochs
from tests.stopped_training import StopsAfter, assert_same_weights

SMALL: dict[str, Any] = {"size": 32, "width": 8, "stride": 8, "seed": 3}
TWO = {**SMALL, "epochs": 2}


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, heads: list[LabelledInstance], face68: Scheme
) -> Path:
    folder = tmp_path_factory.mktemp("occlusion")
    with short_epochs():
        train(heads, face68, folder, TWO, SILENT)
    return folder


def test_it_learns_where_the_landmarks_of_a_few_crops_are(
    heads: list[LabelledInstance], face68: Scheme
) -> None:
    """Much better than one shape for all of them: how each is turned, shifted and scaled."""
    settings = Settings.of(SMALL)
    patches, _ = read_patches(heads[:8], [head.box for head in heads[:8]], 32, SILENT)
    data = TrainingData([patches[i] for i in range(8)], face68, settings, stride=1)
    batch = next(data.batches(0))
    places = in_frame(batch[1][..., :2], settings.size)
    torch.manual_seed(0)
    network = OcclusionNetwork(places.mean(dim=0), settings.size, settings.design)
    optimiser = torch.optim.Adam(network.parameters(), 3e-3)
    errors = []
    for _ in range(40):
        optimiser.zero_grad()
        errors.append(float((network(batch[0]).points.detach() - places).norm(dim=2).mean()))
        batch_loss(network, batch, face68, settings).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert errors[-1] < 0.5 * errors[0]


def test_it_doubts_what_it_says_and_says_what_may_be_hidden(
    trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    proposal = load(trained, face68).propose(heads[0].read_pixels(), heads[0].box)
    assert (np.linalg.eigvalsh(proposal.given([]).covariances) > 0).all()
    assert proposal.hidden is not None
    assert ((proposal.hidden > 0) & (proposal.hidden < 1)).all()


def test_its_steps_can_be_looked_at_one_by_one(
    trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    model = load(trained, face68)
    pixels, box = heads[1].read_pixels(), heads[1].box
    stages = model.stages(pixels, box)
    assert list(stages) == ["network", "proposal"]
    assert np.allclose(stages["proposal"], model.propose(pixels, box).given([]).points)


def test_a_loaded_model_answers_as_the_trained_one_and_as_itself(
    trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    """Weights are kept in half precision, so that both are alike but not the same."""
    model, again = load(trained, face68), load(trained, face68)
    card = json.loads((trained / "card.json").read_text())
    pixels, box = heads[0].read_pixels(), heads[0].box
    first, second = model.propose(pixels, box), again.propose(pixels, box)
    assert np.array_equal(first.mixture.mean, second.mixture.mean)
    assert first.hidden is not None
    assert second.hidden is not None
    assert np.array_equal(first.hidden, second.hidden)
    assert first.backend == "occlusion"
    assert card["figures"]["effective_rank"] > 1
    errors = [
        np.linalg.norm(seen.points - seen.box.to_frame(head.shape.points), axis=1).mean()
        for head in heads
        if head.key in card["held_out_keys"]
        for seen in [model.observe(head.read_pixels(), head.box)]
    ]
    eyes = np.linalg.norm(np.diff(model.model.inference.reference[[36, 45]], axis=0))
    said = card["figures"]["held_out_error_densities"]
    assert 0.5 < 100 * np.mean(errors) / eyes / said < 2


@pytest.mark.usefixtures("short_epochs")
def test_an_interrupted_training_resumes_to_the_same_network(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    train(heads[:20], face68, tmp_path / "straight", TWO, SILENT)
    with pytest.raises(Cancelled, match="epoch 2 of 2"):
        train(heads[:20], face68, tmp_path / "resumed", TWO, StopsAfter(3))
    assert not (tmp_path / "resumed" / "weights.safetensors").exists()
    train(heads[:20], face68, tmp_path / "resumed", TWO, SILENT)
    assert_same_weights(tmp_path / "straight", tmp_path / "resumed")


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"distilation": False}, 'Did you mean "distillation"'),
        ({"size": 100}, "multiple of 32"),
        ({"stride": 4}, "8, 16, 32"),
        ({"width": 12}, "multiple of 8"),
        ({"sparsity": -0.1}, "sparsity cannot be -0.1"),
    ],
)
def test_a_wrong_setting_is_explained(
    tmp_path: Path,
    heads: list[LabelledInstance],
    face68: Scheme,
    setting: dict[str, Any],
    says: str,
) -> None:
    with pytest.raises(ActionableError) as raised:
        train(heads, face68, tmp_path, setting, SILENT)
    assert says in f"{raised.value.happened} {raised.value.remedy}"


def test_a_module_can_be_left_out_and_nothing_of_it_is_kept(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    plain = {"geometry": False, "distillation": False, "low_rank": False, "epochs": 1}
    card = train(heads[:14], face68, tmp_path, {**SMALL, **plain}, SILENT)
    assert "effective_rank" not in card["figures"]
    kept = load_file(tmp_path / "weights.safetensors")
    modules = ("network.geometry", "network.distillation", "network.low_rank")
    assert not any(name.startswith(modules) for name in kept)
    model = load(tmp_path, face68)
    assert model.hidden.slopes.shape == (1,)
    assert model.propose(heads[0].read_pixels(), heads[0].box).hidden is not None


def test_damaged_files_are_refused(trained: Path, face68: Scheme, tmp_path: Path) -> None:
    folder = shutil.copytree(trained, tmp_path / "half")
    content = (folder / "weights.safetensors").read_bytes()
    (folder / "weights.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(WeightsMismatch, match="cannot be read"):
        load(folder, face68)


@pytest.mark.parametrize(
    "other",
    [{"width": 16}, {"width": 0}, {"stride": 5}, {"low_rank": False}, {"distillation": False}],
)
def test_a_card_that_does_not_fit_the_weights_is_refused(
    trained: Path, face68: Scheme, tmp_path: Path, other: dict[str, Any]
) -> None:
    folder = shutil.copytree(trained, tmp_path / "other")
    card = json.loads((folder / "card.json").read_text())
    card["settings"] |= other
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(WeightsMismatch, match="of another network"):
        load(folder, face68)


def test_weights_of_another_scheme_are_refused(trained: Path) -> None:
    with pytest.raises(WeightsMismatch, match="68 landmarks"):
        load(trained, Scheme("wing", ("tip", "root")))


def test_labels_of_hidden_landmarks_calibrate_where_there_are_some(
    trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    """Labels that hide the jaw everywhere make it hidden; without any, the jaw is as the rest."""
    inference = load(trained, face68).model.inference
    assert isinstance(inference, OcclusionInference)
    some = heads[:12]
    visibility = np.full(68, 2)
    visibility[:17] = 1
    jaws = [Shape(head.shape.points, visibility) for head in some]
    labelled = [replace(head, shape=jaw) for head, jaw in zip(some, jaws, strict=True)]
    patches, _ = read_patches(labelled, [head.box for head in some], 32, SILENT)
    each = [patches[i] for i in range(len(some))]
    told = told_by_signs(inference, [], each, 0)
    unsaid = [replace(patch, hidden=None) for patch in each]
    untold = told_by_signs(inference, [], unsaid, 0)
    assert told.offsets[:17].min() > told.offsets[17:].max()
    assert untold.offsets[:17].min() < untold.offsets[17:].max()
