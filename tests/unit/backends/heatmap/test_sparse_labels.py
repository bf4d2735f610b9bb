"""The heat-map network learns from sparsely labelled instances as well."""

import json
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.backends.densities.training_set import balanced
from landmark_annotator.backends.heatmap import load, train
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Scheme, Shape
from tests.short_epochs import short_epochs

pytestmark = pytest.mark.usefixtures("narrow_networks")

FORMAT = (8, 19, 24, 30, 36, 45, 48, 54)
DENSE = 14
SETTINGS = {"epochs": 1, "size": 32, "seed": 3, "trunk": "none", "second_look": False}


def sparse(head: LabelledInstance) -> LabelledInstance:
    """The same with nothing but the landmarks of the format."""
    known = np.isin(np.arange(len(head.shape)), FORMAT)
    points = np.where(known[:, None], head.shape.points, np.nan)
    return LabelledInstance(head.key, head.box, Shape(points), head.read_pixels)


@pytest.fixture(scope="module")
def mixed(heads: list[LabelledInstance]) -> list[LabelledInstance]:
    """The first 14 heads densely, the others sparsely labelled."""
    return heads[:DENSE] + [sparse(head) for head in heads[DENSE:]]


@pytest.fixture(scope="module")
def trained(
    mixed: list[LabelledInstance], face68: Scheme, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("mixed")
    with short_epochs():
        train(mixed, face68, folder, SETTINGS, SILENT)
    return folder


def test_only_densely_labelled_instances_are_held_out(
    trained: Path, mixed: list[LabelledInstance]
) -> None:
    card = json.loads((trained / "card.json").read_text())
    assert set(card["held_out_keys"]) <= {head.key for head in mixed[:DENSE]}
    assert card["instances"]["training"] + card["instances"]["held_out"] == len(mixed)


def test_its_belief_about_landmarks_that_only_dense_instances_have_is_sound(
    trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    proposal = load(trained, face68).propose(heads[20].read_pixels(), heads[20].box)
    covariances = proposal.given([]).covariances
    assert np.linalg.eigvalsh(covariances).min() > 0


def test_dense_instances_are_half_of_what_is_learned_from() -> None:
    learned = balanced(list(range(100)), [3, 4, 5, 6, 7])
    assert set(learned) == set(range(100))
    assert sum(i in (3, 4, 5, 6, 7) for i in learned) == sum(i > 7 or i < 3 for i in learned)


def test_where_most_are_dense_each_is_learned_from_once() -> None:
    assert balanced([0, 1, 2, 3], [0, 1, 2]) == [0, 1, 2, 3]
