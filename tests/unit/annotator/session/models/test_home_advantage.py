"""A label agrees with the error of the model that proposed it, and that is taken back."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.home_advantage import owed
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box, Evidence, Provenance, Shape

BOX, LENGTH, OFF = Box(100, 100, 200, 200), 100.0, 2.3
LANDMARKS, CLICKED = 40, 3
RANDOM = np.random.default_rng(0)
TRUTHS = [RANDOM.uniform(30, 170, (LANDMARKS, 2)) for _ in range(20)]


def errors(percent: float) -> np.ndarray:
    """(L, 2) pixels of a mean length of so many percent."""
    return RANDOM.normal(0, percent / 100 * LENGTH / 1.2533, (LANDMARKS, 2))


def proposed(points: np.ndarray) -> Proposal:
    mixture = ShapeMixture(np.zeros(1), BOX.to_frame(points)[None], np.eye(2 * LANDMARKS) * 1e-4)
    return Proposal(BOX, mixture, "test")


def accepted(proposal: Proposal, truth: np.ndarray) -> Shape:
    """Three landmarks clicked, all others as they were then."""
    clicks = [Evidence.click(j, truth[j], 0.1) for j in range(CLICKED)]
    marks = [Provenance.CLICKED if j < CLICKED else Provenance.INFERRED for j in range(LANDMARKS)]
    return Shape(proposal.given(clicks).points, None, marks)


MAKER = [proposed(truth + errors(OFF)) for truth in TRUTHS]
LABELS = [accepted(proposal, truth) for proposal, truth in zip(MAKER, TRUTHS, strict=True)]
LENGTHS = [LENGTH] * len(LABELS)


def estimated(proposals: list[Proposal]) -> float:
    """Percent that a model seems to be off by at landmarks that nobody placed."""
    found = []
    for label, proposal, there in zip(
        LABELS, proposals, owed(proposals, LABELS, LENGTHS, OFF), strict=True
    ):
        apart = 100 * np.linalg.norm(proposal.given([]).points - label.points, axis=1) / LENGTH
        found.append(np.sqrt(np.maximum(apart**2 + there, 0.0))[CLICKED:])
    return float(np.mean(found))


def test_nothing_is_owed_where_people_placed_the_landmark() -> None:
    for there in owed(MAKER, LABELS, LENGTHS, OFF):
        np.testing.assert_array_equal(there[:CLICKED], 0.0)
        assert (there[CLICKED:] != 0).all()


def test_labels_by_hand_or_from_files_are_the_truth() -> None:
    for mark in (Provenance.CLICKED, Provenance.IMPORTED):
        labels = [Shape(truth).with_provenance(mark) for truth in TRUTHS]
        assert not np.any(owed(MAKER, labels, LENGTHS, OFF))


def test_whoever_proposed_the_labels_is_as_far_off_as_they_are() -> None:
    assert estimated(MAKER) == pytest.approx(OFF, rel=0.02)


def charged(proposals: list[Proposal]) -> float:
    """Percent by which they are off from the labels there."""
    return float(
        np.mean(
            [
                100 * np.linalg.norm(p.given([]).points - label.points, axis=1)[CLICKED:] / LENGTH
                for p, label in zip(proposals, LABELS, strict=True)
            ]
        )
    )


@pytest.mark.parametrize("shared", [0.6, 0.8, 1.0])
def test_a_model_as_good_as_the_labels_is_as_far_off_as_they_are(shared: float) -> None:
    """Of its squared error it has so much in common with them."""
    others = []
    for label, truth in zip(LABELS, TRUTHS, strict=True):
        own = np.sqrt(1 - shared**2) * errors(OFF)
        others.append(proposed(truth + shared * (label.points - truth) + own))
    assert estimated(others) == pytest.approx(OFF, rel=0.05)


@pytest.mark.parametrize("more", [4.0, 8.0])
def test_a_worse_model_is_farther_off_than_it_seems(more: float) -> None:
    """For it errs as the labels do, and more."""
    worse = [proposed(label.points + errors(more)) for label in LABELS]
    off = np.hypot(OFF, more)
    assert charged(worse) < estimated(worse) == pytest.approx(off, rel=0.05)


def test_each_label_is_judged_by_itself() -> None:
    """Half of the labels are this model's own, and half another's."""
    half = len(TRUTHS) // 2
    mixed = MAKER[:half] + [proposed(truth + errors(OFF)) for truth in TRUTHS[half:]]
    there = [float(each[CLICKED:].mean()) for each in owed(mixed, LABELS, LENGTHS, OFF)]
    assert min(there[:half]) == pytest.approx(OFF**2)
    assert max(there[half:]) < OFF**2 * 0.75


def test_of_no_labels_nothing_is_owed() -> None:
    assert owed([], [], [], OFF) == []
