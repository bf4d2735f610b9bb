from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from landmark_annotator.backends.laplace import load, train
from landmark_annotator.projects.vocabulary import (
    SILENT,
    LabelledInstance,
    Scheme,
    UnlabelledInstance,
)
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled, ImageError
from tests.short_epochs import short_epochs
from tests.stopped_training import StopsAfter, assert_same_weights

LABELLED = 14
SETTINGS = {"epochs": 2, "size": 32, "channels": 4, "seed": 3, "adversarial": 0.001}


def without_labels(heads: list[LabelledInstance]) -> list[UnlabelledInstance]:
    return [UnlabelledInstance(each.key, each.box, each.read_pixels) for each in heads[LABELLED:24]]


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, heads: list[LabelledInstance], face68: Scheme
) -> Path:
    folder = tmp_path_factory.mktemp("laplace")
    with short_epochs():
        train(heads[:LABELLED], face68, folder, SETTINGS, SILENT, unlabelled=without_labels(heads))
    return folder


def test_it_proposes_and_says_what_it_was_trained_on(
    trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    model = load(trained, face68)
    assert model.model.card["unlabelled"] == {
        "used": 10,
        "unreadable": 0,
        "sentence": "10 of 10 unlabelled objects: learned from against a discriminator; what they "
        "were worth is not measured.",
    }
    assert model.model.card["backend"] == "laplace"
    proposal = model.propose(heads[0].read_pixels(), heads[0].box)
    posterior = proposal.given([])
    assert np.isfinite(posterior.points).all()
    assert (np.linalg.eigvalsh(posterior.covariances) > 0).all()
    assert proposal.backend == "laplace"


@pytest.mark.usefixtures("short_epochs")
def test_an_interrupted_training_resumes_to_the_same_network(
    trained: Path, tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    """The adversary's state as well: without it the second epoch would be another."""
    beside = without_labels(heads)
    with pytest.raises(Cancelled, match="epoch 2 of 2"):
        train(heads[:LABELLED], face68, tmp_path, SETTINGS, StopsAfter(3), unlabelled=beside)
    train(heads[:LABELLED], face68, tmp_path, SETTINGS, SILENT, unlabelled=beside)
    assert_same_weights(trained, tmp_path)
    kept = load_file(tmp_path / "weights.safetensors")
    assert not any("discriminator" in name for name in kept)


@pytest.mark.usefixtures("short_epochs")
def test_images_that_cannot_be_read_or_have_no_weight_leave_the_labels_to_learn_from(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    def gone() -> Pixels:
        raise ImageError("It is gone.")

    lost = [replace(each, read_pixels=gone) for each in without_labels(heads)]
    one: dict[str, Any] = {**SETTINGS, "epochs": 1}
    card = train(heads[:LABELLED], face68, tmp_path / "lost", one, SILENT, unlabelled=lost)
    assert (card["unlabelled"]["used"], card["unlabelled"]["unreadable"]) == (0, 10)
    assert "cannot be read" in card["unlabelled"]["sentence"]
    off = {**one, "adversarial": 0}
    card = train(heads[:LABELLED], face68, tmp_path / "off", off, SILENT, unlabelled=lost)
    assert (card["unlabelled"]["used"], card["unlabelled"]["unreadable"]) == (0, 0)
    assert "adversarial has no weight" in card["unlabelled"]["sentence"]
    lost_weights, off_weights = (
        load_file(tmp_path / each / "weights.safetensors")["network.densities.weight"]
        for each in ("lost", "off")
    )
    np.testing.assert_array_equal(lost_weights, off_weights)


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"loss": "laplace"}, 'Did you mean "laplace_kl"'),
        ({"size": 100}, "multiple of 16"),
        ({"channel": 8}, 'Did you mean "channels"'),
        ({"adversarial": 2}, "cannot be 2"),
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
