"""Training the two-branch network in three stages."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from sparse_heads import DENSE, FORMAT, MEASURED, SETTINGS

from landmark_annotator.backends.weak import load, train
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    Cancelled,
    ImageError,
    TooFewLabels,
)
from tests.drawn_heads import drawn_head
from tests.measured_curves import Curves
from tests.stopped_training import StopsAfter, assert_same_weights

STEPS = 4
"""Of an epoch: so few instances are seen several times in one."""


def test_the_sparse_branch_is_watched_on_what_is_labelled_densely(trained: Path) -> None:
    held_out = MEASURED.points["held-out loss of the sparse branch"]
    epochs = [epoch for epoch, _ in MEASURED.points["loss of the sparse branch"]]
    assert held_out
    assert {epoch for epoch, _ in held_out} <= {*epochs}


def test_its_card_says_what_it_learned_from(trained: Path) -> None:
    card = json.loads((trained / "card.json").read_text())
    assert card["sparse"] == list(FORMAT)
    assert card["instances"] == {
        "training": 20,
        "dense": DENSE,
        "sparse": 20 - DENSE,
        "held_out": 6,  # two fifths of 12
        "unreadable": [],
    }
    assert len(card["held_out_keys"]) == 6
    assert card["figures"]["held_out_error"] > 0


def test_an_interrupted_training_resumes_to_the_same_weights(
    tmp_path: Path, trained: Path, labelled: list[LabelledInstance], face68: Scheme
) -> None:
    with pytest.raises(Cancelled, match="epoch 3 of 4"):
        train(labelled, face68, tmp_path, SETTINGS, StopsAfter(2 * STEPS + 1, "sparse branch"))
    assert not (tmp_path / "card.json").exists()
    train(labelled, face68, tmp_path, SETTINGS, SILENT)
    assert_same_weights(trained, tmp_path, "network.")
    assert not (tmp_path / "checkpoint.safetensors").exists()


@pytest.mark.parametrize("readable", [0, 3])
def test_where_few_dense_images_can_be_read_nothing_is_trained(
    tmp_path: Path, labelled: list[LabelledInstance], face68: Scheme, readable: int
) -> None:
    """As those of a drive that is away: all the time of stage 1 would be lost."""

    def away() -> Pixels:
        raise ImageError("The drive is away.")

    instances = [
        replace(each, read_pixels=away) if readable <= n < DENSE else each
        for n, each in enumerate(labelled)
    ]
    measured = Curves()
    with pytest.raises(ImageError, match=rf"of {readable} can be read.*drive is away") as told:
        train(instances, face68, tmp_path, SETTINGS, measured)
    assert told.value.kept == "Nothing was trained."
    assert not measured.points
    assert not (tmp_path / "card.json").exists()


def test_a_training_stopped_in_a_later_stage_keeps_what_the_sparse_branch_learned(
    tmp_path: Path, labelled: list[LabelledInstance], face68: Scheme
) -> None:
    with pytest.raises(Cancelled):
        train(labelled, face68, tmp_path, SETTINGS, StopsAfter(1, "dense branch"))
    losses = load_file(tmp_path / "checkpoint.safetensors")["losses"]
    assert len(losses) == SETTINGS["epochs"]


def test_other_settings_do_not_go_on_from_a_checkpoint(
    tmp_path: Path, labelled: list[LabelledInstance], face68: Scheme
) -> None:
    few = labelled[:16]
    with pytest.raises(Cancelled):
        train(few, face68, tmp_path, SETTINGS, StopsAfter(STEPS + 1, "sparse branch"))
    with pytest.raises(Cancelled):
        train(
            few, face68, tmp_path, {**SETTINGS, "seed": 1}, StopsAfter(STEPS + 1, "sparse branch")
        )
    assert len(load_file(tmp_path / "checkpoint.safetensors")["losses"]) == 1


def test_it_is_better_than_the_mean_shape(
    tmp_path: Path, labelled: list[LabelledInstance], face68: Scheme
) -> None:
    """Of landmarks that only the dense branch knows, on heads labelled sparsely."""

    longer = {"epochs": 12, "dense_epochs": 9, "fine_epochs": 6, "folds": 1}
    train(labelled, face68, tmp_path, {**SETTINGS, **longer}, SILENT)
    model = load(tmp_path, face68)
    found, mean = [], []
    for seed in range(DENSE, 20):
        pixels, truth = drawn_head(seed)
        proposal = model.propose(pixels, labelled[seed].box)
        length = face68.normaliser_length(truth.points, labelled[seed].box)
        reference = proposal.box.to_image(model.model.localiser.reference)
        upright = labelled[seed].box.to_image(model.model.localiser.reference)
        rest = [j for j in range(68) if j not in FORMAT]
        for points, errors in ((proposal.given([]).points, found), (upright, mean)):
            errors.append(np.linalg.norm(points - truth.points, axis=1)[rest].mean() / length)
        assert reference.shape == truth.points.shape
    assert np.mean(found) < 0.9 * np.mean(mean)


def test_the_format_is_that_of_most_sparse_instances_unless_it_is_given(
    tmp_path: Path, labelled: list[LabelledInstance], face68: Scheme
) -> None:
    short = {"epochs": 1, "dense_epochs": 1, "fine_epochs": 1, "size": 32, "folds": 1}
    card = train(labelled[:16], face68, tmp_path, {**short, "sparse": [8, 36, 45]}, SILENT)
    assert card["sparse"] == [8, 36, 45]


def test_without_sparse_instances_there_is_nothing_to_gain(
    tmp_path: Path, labelled: list[LabelledInstance], face68: Scheme
) -> None:
    with pytest.raises(TooFewLabels, match="no sparsely labelled instances"):
        train(labelled[:DENSE], face68, tmp_path, SETTINGS, SILENT)


def test_where_all_are_labelled_densely_its_card_says_that_none_was_held_out(
    tmp_path: Path, trained: Path, labelled: list[LabelledInstance], face68: Scheme
) -> None:
    """The sparse branch has learned from every one of them."""
    short = {"epochs": 1, "dense_epochs": 1, "fine_epochs": 1, "size": 32, "folds": 1}
    card = train(labelled[:DENSE], face68, tmp_path, {**short, "sparse": list(FORMAT)}, SILENT)
    assert not card["groups"]["apart"]
    assert json.loads((trained / "card.json").read_text())["groups"]["apart"]


def test_too_few_dense_instances_are_refused(
    tmp_path: Path, labelled: list[LabelledInstance], face68: Scheme
) -> None:
    with pytest.raises(TooFewLabels, match=r"at least 10 densely .*; there are 9"):
        train(labelled[3:], face68, tmp_path, SETTINGS, SILENT)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"epoch": 3}, 'no setting "epoch". Did you mean "epochs"'),
        ({"sparse": [1, 1]}, "sparse cannot be"),
        ({"sparse": [68]}, "fewer than all 68 landmarks"),
        ({"sparse": list(range(68))}, "fewer than all 68 landmarks"),
        ({"trunk": "resnet50"}, 'no trunk "resnet50"'),
        ({"folds": 6}, "five fifths"),
        ({"epochs": 0}, "epochs cannot be 0"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    tmp_path: Path,
    labelled: list[LabelledInstance],
    face68: Scheme,
    given: dict[str, object],
    said: str,
) -> None:
    with pytest.raises(ActionableError, match=said):
        train(labelled, face68, tmp_path, given, SILENT)
