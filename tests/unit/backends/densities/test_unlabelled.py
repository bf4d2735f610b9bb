"""What is learned from images without labels, and what is not."""

from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.backends.densities.training_set import TrainingSet
from landmark_annotator.backends.densities.unlabelled import (
    FEWEST,
    Worth,
    beside_labels,
    pseudo_labels,
    to_learn_from,
)
from landmark_annotator.backends.heatmap import Settings
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import (
    SILENT,
    Box,
    LabelledInstance,
    UnlabelledInstance,
)
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError


class Believer:
    """Puts the landmarks where they are, and is as sure of it as it is told."""

    def __init__(self, heads: list[LabelledInstance], deviation: float) -> None:
        self._heads = {head.box: head for head in heads}
        self._deviation = deviation

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        points: Floats = box.to_frame(self._heads[box].shape.points)
        residual = self._deviation**2 * np.eye(points.size)
        return Proposal(box, ShapeMixture(np.zeros(1), points[None], residual), "believer")


def bare(heads: list[LabelledInstance]) -> list[UnlabelledInstance]:
    return [UnlabelledInstance(f"new {h.key}", h.box, h.read_pixels) for h in heads]


def test_a_sure_answer_counts_almost_as_a_label(heads: list[LabelledInstance]) -> None:
    reference = heads[0].box.to_frame(heads[0].shape.points)
    found, _ = pseudo_labels(Believer(heads, 0.005).propose, bare(heads[:4]), reference, 32, SILENT)
    assert len(found) == 4
    assert min(patch.weights.min() for patch in found) > 0.5


def test_an_answer_that_nothing_is_known_of_teaches_nothing(heads: list[LabelledInstance]) -> None:
    reference = heads[0].box.to_frame(heads[0].shape.points)
    unsure = Believer(heads, 0.5).propose
    assert pseudo_labels(unsure, bare(heads[:4]), reference, 32, SILENT) == ([], 0)


def test_images_that_cannot_be_read_are_counted(heads: list[LabelledInstance]) -> None:
    def broken() -> Pixels:
        raise ImageError("The file ends too early.")

    reference = heads[0].box.to_frame(heads[0].shape.points)
    some = bare(heads[:4])
    some[2] = replace(some[2], read_pixels=broken)
    answers, unreadable = pseudo_labels(Believer(heads, 0.01).propose, some, reference, 32, SILENT)
    assert (len(answers), unreadable) == (3, 1)
    none = [replace(each, read_pixels=broken) for each in some]
    assert pseudo_labels(Believer(heads, 0.01).propose, none, reference, 32, SILENT) == ([], 4)


def test_nothing_related_to_what_is_held_out_is_learned_from(
    heads: list[LabelledInstance],
) -> None:
    """Frames of one video, views of one person: a label and an unlabelled image in one group."""
    labelled = [replace(head, group=f"person {i}") for i, head in enumerate(heads[:20])]
    data = TrainingSet.read(labelled, Settings.of({}), SILENT)
    new = [
        replace(each, group=f"person {i}") for i, each in enumerate(bare(heads)) for _ in range(2)
    ]
    chosen = to_learn_from(new, data)
    held_out = {each.group for each in data.held_out}
    assert held_out
    assert held_out.isdisjoint(each.group for each in chosen)
    assert len(chosen) == len(new) - 2 * len(held_out)


def test_a_few_unlabelled_images_are_not_worth_their_time(heads: list[LabelledInstance]) -> None:
    data = TrainingSet.read(heads[:20], Settings.of({}), SILENT)
    assert to_learn_from(bare(heads[20:][: FEWEST - 5]), data) == []


def test_few_labels_are_seen_as_often_as_many_answers(heads: list[LabelledInstance]) -> None:
    reference = heads[0].box.to_frame(heads[0].shape.points)
    patches, _ = pseudo_labels(
        Believer(heads, 0.01).propose, bare(heads[:25]), reference, 32, SILENT
    )
    both, alone = beside_labels(patches[:5], patches[5:])
    assert len(both) == len(alone) == 4 * 5 + 20
    assert {id(patch) for patch in alone} == {id(patch) for patch in patches[:5]}


@pytest.mark.parametrize(
    ("longer", "taught", "used"),
    [(2.90, 2.84, True), (2.80, 2.84, False), (3.10, 2.99, False), (2.84, 2.84, False)],
)
def test_they_are_used_where_they_beat_the_same_training_with_and_without_more_labels(
    longer: float, taught: float, used: bool
) -> None:
    worth = Worth(312, 2.91, longer, taught)
    assert worth.card()["used"] == (312 if used else 0)
    assert ("not used" in worth.sentence) != used
    assert f"2.91 -> {taught:.2f} %" in worth.sentence


def test_answers_that_are_not_sure_are_not_called_used() -> None:
    worth = Worth(312, 2.91, refused="hardly any answer for them is sure enough")
    assert not worth.used
    assert "not used: hardly any answer" in worth.sentence
