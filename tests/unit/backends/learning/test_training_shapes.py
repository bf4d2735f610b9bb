"""Which instances a training keeps out."""

import hashlib

import numpy as np
import pytest

from landmark_annotator.backends.learning.training_shapes import TrainingShapes, training_shapes
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Provenance, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels

POINTS = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 8.0], [0.0, 8.0]])


def no_pixels() -> Pixels:
    raise AssertionError("nothing here looks at an image")


def instance(number: int, group: str = "", known: int = 4) -> LabelledInstance:
    points = POINTS + np.random.default_rng(number).normal(50, 1, POINTS.shape)
    points[known:] = np.nan
    shape = Shape(points).with_provenance(Provenance.CLICKED)
    return LabelledInstance(f"{number}.png#0", Box(50, 50, 20, 20), shape, no_pixels, group)


def views(people: int, each: int) -> list[LabelledInstance]:
    return [instance(i, f"person {i // each}") for i in range(people * each)]


def sides(shapes: TrainingShapes, instances: list[LabelledInstance]) -> tuple[set[str], set[str]]:
    training, held_out = shapes.split(range(len(instances)))
    return {instances[i].group for i in training}, {instances[i].group for i in held_out}


def test_related_instances_are_on_one_side() -> None:
    instances = views(12, 5)
    found = training_shapes(instances, 0.1, 0)
    training, held_out = sides(found, instances)
    assert training.isdisjoint(held_out)
    # Two people would be a tenth: three of twelve say more of the next one.
    assert len(held_out) == 3
    assert found.card() == {"all": 12, "held_out": 3, "largest": 5, "apart": True}


def test_unrelated_instances_are_split_by_the_hashes_of_their_keys() -> None:
    instances = [instance(i) for i in range(80)]
    found = training_shapes(instances, 0.1, 7)
    digests = [hashlib.sha256(f"7:{i.key}".encode()).digest()[:6] for i in instances]
    first = sorted(range(80), key=lambda i: digests[i])[:8]
    assert np.flatnonzero(found.held_out).tolist() == sorted(first)


def test_a_group_stays_on_its_side_when_others_are_added() -> None:
    few, many = views(20, 3), views(24, 3)
    before = sides(training_shapes(few, 0.1, 0), few)[1]
    after = sides(training_shapes(many, 0.1, 0), many)[1]
    new = {f"person {i}" for i in range(20, 24)}
    assert len(before - after) <= len(after & new)


def test_relatives_of_what_was_learned_before_are_not_kept_out() -> None:
    instances = views(12, 5)
    usual = sides(training_shapes(instances, 0.1, 0), instances)[1]
    learned = np.array(
        [i.key == next(o.key for o in instances if o.group in usual) for i in instances]
    )
    found = training_shapes(instances, 0.1, 0, learned=learned)
    held_out = sides(found, instances)[1]
    assert len(held_out) == len(usual)
    assert len(usual - held_out) == 1


def test_where_all_was_learned_before_nothing_is_kept_out() -> None:
    instances = [instance(i) for i in range(40)]
    found = training_shapes(instances, 0.1, 0, learned=np.ones(40, dtype=bool))
    assert not found.held_out.any()


def test_the_smaller_of_two_groups_is_kept_out() -> None:
    instances = [instance(i, "large" if i < 30 else "small") for i in range(40)]
    training, held_out = sides(training_shapes(instances, 0.1, 0), instances)
    assert (training, held_out) == ({"large"}, {"small"})


def test_a_single_group_is_split_and_the_card_says_so() -> None:
    instances = [instance(i, "all") for i in range(40)]
    found = training_shapes(instances, 0.1, 0)
    assert found.held_out.sum() == 5
    assert not found.card()["apart"]


def test_sparse_relatives_of_what_is_held_out_teach_nothing_either() -> None:
    instances = [instance(i, f"person {i // 4}", 4 if i % 4 < 2 else 1) for i in range(80)]
    found = training_shapes(instances, 0.1, 0)
    training, held_out = sides(found, instances)
    assert training.isdisjoint(held_out)
    assert all(instances[i].shape.complete for i in np.flatnonzero(found.held_out))
    assert found.aside.sum() == found.held_out.sum()


@pytest.mark.parametrize("seed", range(20))
def test_the_only_ones_that_show_a_landmark_are_learned_from(seed: int) -> None:
    """The last landmark is seen in two pictures of one animal, and in no other."""
    instances = [instance(i, f"animal {i // 2}", 4 if i < 2 else 3) for i in range(40)]
    found = training_shapes(instances, 0.4, seed)
    training, held_out = sides(found, instances)
    assert "animal 0" in training
    assert len(held_out) == 8
