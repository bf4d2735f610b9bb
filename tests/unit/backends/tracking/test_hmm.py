"""The hidden Markov model over classes, against all paths written out."""

from itertools import pairwise, product

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking.hmm import (
    Transitions,
    believed_in_time,
    best_path,
    in_time,
)
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats

CLASSES, FRAMES = 6, 4


def _transitions(seed: int = 0) -> Transitions:
    shapes = np.random.default_rng(seed).normal(size=(CLASSES, 3, 2))
    return Transitions.between(shapes, count=3)


def _scores(seed: int = 0) -> list[Floats]:
    return list(np.random.default_rng((seed, 1)).normal(0, 2, (FRAMES, CLASSES)))


def _paths(seed: int) -> tuple[list[tuple[int, ...]], Floats]:
    """All of them, and their probabilities."""
    transitions = _transitions(seed)
    dense = np.full((CLASSES, CLASSES), transitions.leap / CLASSES)
    for i in range(CLASSES):
        dense[i, transitions.followers[i]] += (1 - transitions.leap) * transitions.probabilities[i]
    paths = list(product(range(CLASSES), repeat=FRAMES))
    logs = np.array(
        [
            sum(score[k] for score, k in zip(_scores(seed), path, strict=True))
            + sum(np.log(dense[a, b]) for a, b in pairwise(path))
            for path in paths
        ]
    )
    likely = np.exp(logs - logs.max())
    return paths, likely / likely.sum()


@pytest.mark.parametrize("seed", range(4))
def test_weights_are_those_of_all_paths(seed: int) -> None:
    paths, likely = _paths(seed)
    for t, found in enumerate(in_time(_scores(seed), _transitions(seed), beam=1.0)):
        expected = np.bincount([path[t] for path in paths], weights=likely, minlength=CLASSES)
        assert found.weights == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_path_is_the_best_of_all(seed: int) -> None:
    paths, likely = _paths(seed)
    found = best_path(_scores(seed), _transitions(seed), beam=1.0)
    assert tuple(found) == pytest.approx(paths[int(np.argmax(likely))])


def test_a_beam_leaves_out_what_hardly_matters() -> None:
    random = np.random.default_rng(3)
    transitions = Transitions.between(random.normal(size=(500, 4, 2)))
    scores = list(random.normal(0, 3, (8, 500)))
    narrow, wide = in_time(scores, transitions), in_time(scores, transitions, beam=1.0)
    for one, other in zip(narrow, wide, strict=True):
        assert len(one.classes) < 400
        kept = np.zeros(500)
        kept[one.classes] = one.weights
        assert np.abs(kept - other.weights).sum() < 0.02


def test_a_pose_between_two_is_held_where_a_frame_shows_nothing() -> None:
    """A row of poses; the middle frame says nothing, and its neighbours the same."""
    shapes = np.linspace(0, 1, 50)[:, None, None] * np.ones((1, 2, 2))
    sure = np.full(50, -12.0)
    sure[20] = 0.0
    found = in_time([sure, np.zeros(50), sure], Transitions.between(shapes, count=5))
    middle = found[1]
    assert middle.weights @ np.abs(middle.classes - 20) < 2.0


def test_after_a_cut_the_new_pose_is_found() -> None:
    shapes = np.linspace(0, 1, 50)[:, None, None] * np.ones((1, 2, 2))
    scores = []
    for pose in (5, 5, 40, 40):
        score = np.full(50, -30.0)
        score[pose] = 0.0
        scores.append(score)
    transitions = Transitions.between(shapes, count=3)
    assert best_path(scores, transitions).tolist() == [5, 5, 40, 40]
    assert [int(w.classes[np.argmax(w.weights)]) for w in in_time(scores, transitions)] == [
        5,
        5,
        40,
        40,
    ]


def test_proposals_keep_all_but_their_weights() -> None:
    shapes = np.random.default_rng(0).normal(size=(CLASSES, 3, 2))
    proposals = [
        Proposal(Box(9, 9, 4, 4), ShapeMixture(score, shapes, np.eye(6) * 0.01), "exemplar")
        for score in _scores()
    ]
    found = believed_in_time(proposals, _transitions(), beam=1.0)
    expected = in_time([p.mixture.log_weights for p in proposals], _transitions(), beam=1.0)
    for proposal, weighed in zip(found, expected, strict=True):
        assert proposal.mixture.weights == pytest.approx(weighed.weights)
        assert proposal.box == Box(9, 9, 4, 4)
