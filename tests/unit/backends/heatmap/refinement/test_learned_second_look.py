"""A model that has learned a second look, on drawn heads, however little."""

from pathlib import Path

import numpy as np
import pytest

import landmark_annotator.backends.heatmap.refinement.training as learning
from landmark_annotator.backends.heatmap import load, train
from landmark_annotator.backends.heatmap.refinement import network_training
from landmark_annotator.backends.learning.model_cards import read_card
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Scheme
from tests.measured_curves import Curves
from tests.short_epochs import short_epochs

pytestmark = pytest.mark.usefixtures("narrow_networks")

PATCHES = 24
"""In a batch: how little is learned does not matter here."""
MEASURED = Curves()
SETTINGS = {"epochs": 1, "size": 32, "seed": 3, "trunk": "none"}


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory, heads: list[LabelledInstance], face68: Scheme
) -> Path:
    """Of a model that keeps its second look, as if that had helped."""
    made = tmp_path_factory.mktemp("second")
    with pytest.MonkeyPatch.context() as patch, short_epochs():
        patch.setattr(learning, "helps", lambda gains, groups: True)
        patch.setattr(network_training, "_PATCHES", PATCHES)
        train(heads[:24], face68, made, SETTINGS, MEASURED)
    return made


def test_it_is_kept_beside_the_first_and_read_again(
    folder: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    pixels, box = heads[30].read_pixels(), heads[30].box
    model, again = load(folder, face68), load(folder, face68)
    stages = model.stages(pixels, box)
    assert list(stages) == ["densities", "fused", "proposal"]
    found, same = model.propose(pixels, box), again.propose(pixels, box)
    np.testing.assert_array_equal(found.mixture.mean, same.mixture.mean)
    np.testing.assert_allclose(found.box.to_image(found.mixture.mean), stages["proposal"])
    assert np.abs(stages["proposal"] - stages["fused"]).max() > 0.01
    assert (np.linalg.eigvalsh(found.mixture.residual) > 0).all()


def test_the_card_says_what_each_look_is_worth_on_held_out_heads(folder: Path) -> None:
    card = read_card(folder)
    figures = card["figures"]
    assert figures["held_out_error"] == figures["held_out_error_second_look"]
    assert card["refinement"]["resolution"] > 32 / 1.4


def test_its_loss_on_held_out_heads_is_measured(folder: Path) -> None:
    assert [epoch for epoch, _ in MEASURED.points["held-out loss of the refinement"]] == [1]
    assert [epoch for epoch, _ in MEASURED.points["held-out error"]] == [1]


@pytest.mark.usefixtures("short_epochs")
def test_one_that_does_not_help_is_dropped(
    tmp_path: Path,
    heads: list[LabelledInstance],
    face68: Scheme,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(learning, "helps", lambda gains, groups: False)
    monkeypatch.setattr(network_training, "_PATCHES", PATCHES)
    card = train(heads[:24], face68, tmp_path, SETTINGS, SILENT)
    assert card["figures"]["held_out_error"] == card["figures"]["held_out_error_first_look"]
    assert load(tmp_path, face68).model.refinement is None


@pytest.mark.usefixtures("short_epochs")
def test_a_first_network_of_few_labels_does_not_wait_for_it(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    card = train(heads[:23], face68, tmp_path, SETTINGS, SILENT)
    assert "held_out_error_second_look" not in card["figures"]
