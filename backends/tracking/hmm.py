"""The K-state hidden Markov model over exemplar classes: from frame to frame, a pose goes over into
poses that are like it.

Section 3.4 of the classifier paper ("only allows transitions between similar pose classes", then
max-product). Each class has a few classes that may follow, so a frame costs what the classes that
may be true cost, and not all K: those that hold nearly all of the mass (a beam).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints

BEAM = 0.999
"""Share of the mass that is kept in a frame."""
_FOLLOWERS = 16
_MODES = 8
"""Coordinates in which poses are compared: the main modes of all shapes."""
_COMPARED = 4096
"""Shapes that these modes are computed from."""
_LEAP = 1e-3
"""Probability that the next frame shows any pose whatever: a cut, or a frame that was lost."""


@dataclass(frozen=True, eq=False)
class Transitions:
    """followers: (K, n) the classes that may follow each, itself among them; probabilities: (K, n)
    of these, rows sum to one. leap: of going to any class whatever instead."""

    followers: Ints
    probabilities: Floats
    leap: float = _LEAP

    def __len__(self) -> int:
        """K."""
        return len(self.followers)

    @classmethod
    def between(cls, shapes: AnyFloats, count: int = _FOLLOWERS) -> "Transitions":
        """shapes: (K, L, 2) in the box frame. To the `count` most similar ones, the likelier the
        more similar, by the distance that neighbours have among all these shapes. Slow for many;
        made once a model."""
        from scipy.spatial import cKDTree  # here: no window is to wait for it

        flat = np.asarray(shapes, dtype=np.float64).reshape(len(shapes), -1)
        step = -(-len(flat) // _COMPARED)
        some = flat[::step] - flat.mean(axis=0)
        _, _, modes = np.linalg.svd(some, full_matrices=False)
        coordinates = (flat - flat.mean(axis=0)) @ modes[:_MODES].T
        count = min(count, len(flat))
        distances, followers = cKDTree(coordinates).query(coordinates, count)
        distances, followers = distances.reshape(-1, count), followers.reshape(-1, count)
        usual = max(float(np.median(distances[:, -1])), 1e-12)
        likely = np.exp(-0.5 * (distances / usual) ** 2)
        return cls(followers, likely / likely.sum(axis=1, keepdims=True))


@dataclass(frozen=True, eq=False)
class Weighed:
    """classes: (n,) ascending, weights: (n,) summing to one. All others have none."""

    classes: Ints
    weights: Floats


def in_time(
    scores: Sequence[Floats], transitions: Transitions, beam: float = BEAM
) -> list[Weighed]:
    """What all frames say of the classes of each (forward-backward).

    scores: T of (K,), the logarithms of what each frame alone says of each class, up to a constant.
    """
    forward, own = [], []
    before: Weighed | None = None
    for score in scores:
        before = _filtered(score, before, transitions, beam)
        forward.append(before)
        kept = score[before.classes]
        own.append(np.exp(kept - kept.max()))
    found = [forward[-1]]
    message = np.zeros(len(transitions))
    later = np.ones(len(forward[-1].classes))
    for t in range(len(forward) - 2, -1, -1):
        after, here = forward[t + 1], forward[t]
        message[after.classes] = own[t + 1] * later
        stayed = (
            transitions.probabilities[here.classes] * message[transitions.followers[here.classes]]
        ).sum(axis=1)
        later = (1 - transitions.leap) * stayed + transitions.leap * message.sum() / len(message)
        later = later / later.max()
        message[after.classes] = 0.0
        weights = here.weights * later
        found.append(Weighed(here.classes, weights / weights.sum()))
    return found[::-1]


def best_path(scores: Sequence[Floats], transitions: Transitions, beam: float = BEAM) -> Ints:
    """(T,) the classes that are likeliest together (max-product). scores: as of `in_time`."""
    size = len(transitions)
    leap = np.log(transitions.leap / size) if transitions.leap > 0 else -np.inf
    active: list[Ints] = []
    pointers: list[Ints] = []
    best = np.zeros(0)
    with np.errstate(divide="ignore"):
        stay = np.log1p(-transitions.leap) + np.log(transitions.probabilities)
    for score in scores:
        if not active:
            classes = _leading(score - score.max(), beam)
            reached, pointer = np.zeros(len(classes)), np.full(len(classes), -1)
        else:
            there = active[-1]
            steps = (best[:, None] + stay[there]).ravel()
            targets = transitions.followers[there].ravel()
            sources = np.repeat(np.arange(len(there)), stay.shape[1])
            arrived = np.full(size, best.max() + leap)
            from_where = np.full(size, int(np.argmax(best)))
            np.maximum.at(arrived, targets, steps)
            better = steps >= arrived[targets]
            from_where[targets[better]] = sources[better]
            total = arrived + score
            classes = _leading(total - total.max(), beam)
            reached, pointer = arrived[classes], from_where[classes]
        best = reached + score[classes]
        active.append(classes)
        pointers.append(pointer)
    place = int(np.argmax(best))
    path = np.empty(len(active), dtype=np.int64)
    for t in range(len(active) - 1, -1, -1):
        path[t] = active[t][place]
        place = int(pointers[t][place])
    return path


def believed_in_time(
    proposals: Sequence[Proposal], transitions: Transitions, beam: float = BEAM
) -> list[Proposal]:
    """Proposals of frames in a row, of one model whose classes they share: each with the weights
    that all of them together leave its classes."""
    found = []
    weighed = in_time([each.mixture.log_weights for each in proposals], transitions, beam)
    for proposal, kept in zip(proposals, weighed, strict=True):
        mixture = proposal.mixture
        logs = np.full(mixture.classes, -np.inf)
        logs[kept.classes] = np.log(np.maximum(kept.weights, 1e-300))
        classes = ShapeMixture(logs, mixture.exemplars, mixture.residual, mixture.shift)
        found.append(replace(proposal, mixture=classes))
    return found


def _filtered(
    score: Floats, before: Weighed | None, transitions: Transitions, beam: float
) -> Weighed:
    """What the frames up to this one say of its classes."""
    size = len(transitions)
    expected = np.full(size, transitions.leap / size)
    if before is None:
        expected = np.full(size, 1.0 / size)
    else:
        reached = before.weights[:, None] * transitions.probabilities[before.classes]
        targets = transitions.followers[before.classes].ravel()
        stayed = np.bincount(targets, weights=reached.ravel(), minlength=size)
        expected += (1 - transitions.leap) * stayed
    with np.errstate(divide="ignore"):
        logs = score + np.log(expected)
    logs -= logs.max()
    classes = _leading(logs, beam)
    weights = np.exp(logs[classes])
    return Weighed(classes, weights / weights.sum())


def _leading(logs: Floats, beam: float) -> Ints:
    """Ascending: the fewest classes that hold such a share of the mass; logs: the greatest is 0."""
    if beam >= 1:
        return np.arange(len(logs))
    # What is far below the greatest holds less than what may be left out, all of it together.
    likely = np.flatnonzero(logs > np.log((1 - beam) / len(logs)) - 2.0)
    weights = np.exp(logs[likely])
    order = np.argsort(-weights)
    summed = np.cumsum(weights[order])
    count = int(np.searchsorted(summed, beam * summed[-1])) + 1
    return np.sort(likely[order[:count]])
