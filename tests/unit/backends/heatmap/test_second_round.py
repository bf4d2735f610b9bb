"""Where most instances are sparse, the network fills them and learns from them once more."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from landmark_annotator.backends.densities.augmentation import label_weights
from landmark_annotator.backends.densities.second_round import filled
from landmark_annotator.backends.heatmap import load, train
from landmark_annotator.backends.learning.training_shapes import is_sparse
from landmark_annotator.projects.vocabulary import (
    SILENT,
    LabelledInstance,
    Provenance,
    Scheme,
    Shape,
)
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled, ImageError
from tests.short_epochs import short_epochs
from tests.stopped_training import StopsAfter
from tests.unit.backends.heatmap.test_sparse_labels import DENSE, SETTINGS, sparse

pytestmark = pytest.mark.usefixtures("narrow_networks", "short_epochs")


@pytest.fixture(scope="module")
def mostly_sparse(heads: list[LabelledInstance]) -> list[LabelledInstance]:
    return heads[:DENSE] + [sparse(head) for head in heads[DENSE : 2 * DENSE + 4]]


@pytest.fixture(scope="module")
def straight(
    mostly_sparse: list[LabelledInstance], face68: Scheme, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("straight")
    with short_epochs():
        train(mostly_sparse, face68, folder, SETTINGS, SILENT)
    return folder


def network(folder: Path) -> dict[str, np.ndarray]:
    tensors = load_file(folder / "weights.safetensors")
    return {name: value for name, value in tensors.items() if name.startswith("network.")}


def test_what_was_filled_is_learned_from_but_never_judged_by(
    straight: Path, mostly_sparse: list[LabelledInstance], face68: Scheme, tmp_path: Path
) -> None:
    train(mostly_sparse, face68, tmp_path, {**SETTINGS, "rounds": 1}, SILENT)
    once, twice = network(tmp_path), network(straight)
    assert any(not np.array_equal(once[name], twice[name]) for name in once)
    card = json.loads((straight / "card.json").read_text())
    assert set(card["held_out_keys"]) <= {head.key for head in mostly_sparse[:DENSE]}
    assert sorted(path.name for path in straight.iterdir()) == ["card.json", "weights.safetensors"]


def test_interrupted_in_its_second_round_it_goes_on_to_the_same_network(
    straight: Path, mostly_sparse: list[LabelledInstance], face68: Scheme, tmp_path: Path
) -> None:
    with pytest.raises(Cancelled):
        train(mostly_sparse, face68, tmp_path, SETTINGS, StopsAfter(4))
    assert not (tmp_path / "weights.safetensors").exists()
    assert (tmp_path / "first" / "weights.safetensors").exists()
    train(mostly_sparse, face68, tmp_path, SETTINGS, SILENT)
    resumed = network(tmp_path)
    for name, value in network(straight).items():
        np.testing.assert_array_equal(value, resumed[name], err_msg=name)


def test_a_fill_leaves_what_people_placed_and_says_what_it_filled(
    straight: Path, mostly_sparse: list[LabelledInstance], face68: Scheme
) -> None:
    def unreadable() -> np.ndarray:
        raise ImageError("It is gone.")

    lost = replace(mostly_sparse[-1], read_pixels=unreadable)
    found = filled(load(straight, face68), [*mostly_sparse[:-1], lost], SILENT)
    for before, after in zip(mostly_sparse, found[:-1], strict=False):
        known = before.shape.known
        np.testing.assert_array_equal(after.shape.points[known], before.shape.points[known])
        assert after.shape.known.all()
        assert is_sparse(after) is is_sparse(before)
        marks = np.array([mark is Provenance.FILLED for mark in after.shape.provenance])
        np.testing.assert_array_equal(marks, ~known)
    np.testing.assert_array_equal(found[-1].shape.points, lost.shape.points)


def test_a_filled_landmark_counts_the_less_the_less_sure_the_fill_was() -> None:
    covariances = np.array([np.eye(2) * (pixels**2) for pixels in (1.0, 1.0, 5.0)])
    marks = [Provenance.CLICKED, Provenance.FILLED, Provenance.FILLED]
    shape = Shape(np.zeros((3, 2)), None, marks, covariances)
    clicked, sure, unsure = label_weights(shape, 100.0)
    assert clicked == 1.0
    assert 1.0 >= sure > unsure > 0


def test_too_few_dense_instances_to_judge_by_leave_it_at_one_round(
    mostly_sparse: list[LabelledInstance],
    face68: Scheme,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*args: object) -> None:
        raise AssertionError("filled")

    monkeypatch.setattr("landmark_annotator.backends.heatmap.training.filled", never)
    train(mostly_sparse[DENSE - 5 :], face68, tmp_path, {**SETTINGS, "rounds": 2}, SILENT)
    assert (tmp_path / "weights.safetensors").exists()


def test_three_rounds_are_too_many(heads: list[LabelledInstance], face68: Scheme) -> None:
    with pytest.raises(ActionableError, match="one or two rounds"):
        train(heads, face68, Path("unused"), {"rounds": 3}, SILENT)
