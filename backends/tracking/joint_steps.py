"""All evidence of a clip as the steps of one chain.

A vector of the chain is where the L landmarks are, as pixels from the path, then the strengths of r
slow modes of the proposals' error, and then those of k ways in which the object goes on moving,
standard normal each by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from landmark_annotator.backends.tracking.beliefs import Believed, slow_part
from landmark_annotator.backends.tracking.chain import Step, inverted
from landmark_annotator.backends.tracking.clip_shapes import ClipShapes
from landmark_annotator.backends.tracking.momentum import Momentum
from landmark_annotator.backends.tracking.persistence import Persistence
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.evidence import Evidence

_Rate = TypeVar("_Rate", float, Floats)

_LEAST_NOISE = 1e-3**2
"""Squared pixels that every observation is off by at least."""
_NOWHERE = 30.0
"""Sides of the object that a landmark may be from where the path has it, if nothing else says."""


@dataclass(frozen=True, eq=False)
class Doubts:
    """What evidence is multiplied with that does not go with the rest: variances of proposals
    (T, L) and of flow (T - 1, L), and of the steps of the whole object (T - 1,)."""

    proposals: Floats
    flow: Floats
    steps: Floats

    @classmethod
    def none(cls, frames: int, size: int) -> "Doubts":
        between = max(frames - 1, 0)
        return cls(np.ones((frames, size)), np.ones((between, size)), np.ones(between))


@dataclass(frozen=True, eq=False)
class JointEvidence:
    """path: (T, L, 2) that everything is measured from. found: the proposals; modes (2L, r), of the
    error that persists. flow: (T - 1, L, 2), variances (T - 1, L), together (L, L): how the errors
    of the flow of two landmarks correlate. moves: the object's steps, in its sides, None where
    nothing at all is assumed of them; sides: (T,) in pixels. free: (T - 1,) what the covariance of
    each step is to be multiplied with, None of ones. shapes: None where nothing is known of
    them."""

    path: Floats
    found: Sequence[Believed | None]
    labels: Mapping[int, Sequence[Evidence]]
    modes: Floats
    flow: Floats
    variances: Floats
    together: Floats
    moves: Momentum | None
    sides: Floats
    persistence: Persistence
    shapes: ClipShapes | None = None
    free: Floats | None = None

    def step_variance(self, t: int, doubts: Doubts) -> float:
        """Squared pixels for each of those in units of which the object's steps are told."""
        free = 1.0 if self.free is None else float(self.free[t])
        return float(doubts.steps[t]) * free * float(self.sides[t]) ** 2

    @property
    def ways(self) -> int:
        """k."""
        return 0 if self.moves is None else len(self.moves.rates)

    def steps(self, doubts: Doubts) -> Iterator[Step]:
        """Raises ValueError where a covariance is not positive."""
        frames, size = len(self.path), self.path.shape[1]
        calm = None if self.moves is None else inverted(self.moves.rest)
        passed = np.zeros(2 * size), np.zeros((2 * size, 2 * size))
        width = 2 * size + self.modes.shape[1] + self.ways
        for t in range(frames):
            own, linear = np.zeros((width, width)), np.zeros(width)
            last = t == frames - 1
            to_next = None if last else np.zeros_like(own)
            self._proposed(t, doubts, own, to_next, linear)
            places = slice(0, 2 * size)
            own[places, places] += passed[1]
            linear[places] += passed[0]
            if last:
                ends = np.arange(width - self.ways, width)
                own[ends, ends] += 1.0
            if to_next is not None:
                precision, pull = self._link(t, doubts, calm)
                self._going_on(t, doubts, calm, own, to_next, linear)
                own[places, places] += precision
                to_next[places, places] -= precision
                linear[places] -= pull
                passed = pull, precision
            said = None if self.shapes is None else self.shapes.said(t, self.path[t])
            if said is not None:
                reached = slice(0, said[0].shape[1])
                own[reached, reached] += said[0].T @ said[0]
                linear[reached] += said[0].T @ said[1]
            for piece in self.labels.get(t, ()):
                rows = slice(2 * piece.landmark, 2 * piece.landmark + 2)
                sure = np.linalg.inv(piece.covariance + np.eye(2) * _LEAST_NOISE)
                own[rows, rows] += sure
                linear[rows] += sure @ (piece.position - self.path[t, piece.landmark])
            own[np.arange(2 * size), np.arange(2 * size)] += (_NOWHERE * self.sides[t]) ** -2
            yield Step(own, to_next, linear)

    def _rooted(self, t: int, doubts: Doubts) -> tuple[Floats, Floats] | None:
        """What the error that is new has to be multiplied with to be white: a root (2L, 2L + r) of
        the vector of the chain, and of where the proposal has it (2L,)."""
        found = self.found[t]
        if found is None:
            return None
        rule = self.persistence
        covariance = found.covariance * rule.widening
        slow = slow_part(found, self.modes, rule.slow) * np.sqrt(rule.widening)
        fast = covariance - slow @ slow.T
        # What is doubted errs by itself. And as wide in every direction as rounding needs.
        own = np.diag(covariance) * (np.repeat(doubts.proposals[t], 2) - 1)
        fast[np.diag_indices(len(fast))] += own + 1e-9 * float(np.trace(fast)) / len(fast)
        root = np.tril(np.linalg.inv(np.linalg.cholesky(fast)))
        offset = root @ (found.mean - self.path[t].ravel())
        nothing = np.zeros((len(root), self.ways))
        return np.hstack([root, -root @ slow, nothing]), offset

    def _proposed(
        self, t: int, doubts: Doubts, own: Floats, to_next: Floats | None, linear: Floats
    ) -> None:
        """Adds what the frame's proposal says, and how its slow errors go on."""
        modes = self.modes.shape[1]
        if modes:
            rate = self.persistence.slow_rate
            size = 2 * self.path.shape[1]
            diagonal = np.arange(size, size + modes)
            own[diagonal, diagonal] += _in_a_row(rate, t > 0, to_next is not None)
            if to_next is not None:
                to_next[diagonal, diagonal] -= rate / (1 - rate**2)
        rooted = self._rooted(t, doubts)
        if rooted is not None:
            root, offset = rooted
            own += root.T @ root
            linear += root.T @ offset

    def _going_on(
        self,
        t: int,
        doubts: Doubts,
        calm: Floats | None,
        own: Floats,
        to_next: Floats,
        linear: Floats,
    ) -> None:
        """Adds what the step to the next frame has of the strengths of the ways, which go on."""
        if self.moves is None or calm is None or not self.ways:
            return
        last = np.arange(len(own) - self.ways, len(own))
        places = slice(0, 2 * self.path.shape[1])
        rates = self.moves.rates
        ways = self.moves.ways * self.sides[t]
        pulled = calm @ ways / self.step_variance(t, doubts)
        walked = (self.path[t + 1] - self.path[t]).ravel()
        own[places, last] += pulled
        own[last, places] += pulled.T
        own[np.ix_(last, last)] += ways.T @ pulled
        to_next[last, places] -= pulled.T
        linear[last] += pulled.T @ walked
        # The last frame takes no step: its strengths are of nothing.
        goes_on = t < len(self.path) - 2
        own[last, last] += _in_a_row(rates, t > 0, goes_on)
        if goes_on:
            to_next[last, last] -= rates / (1 - rates**2)

    def _link(self, t: int, doubts: Doubts, calm: Floats | None) -> tuple[Floats, Floats]:
        """Of the step to the next frame: its precision (2L, 2L), and that times where it leads
        from the path's own step (2L,)."""
        size = self.path.shape[1]
        walked = self.path[t + 1] - self.path[t]
        precision = np.zeros((2 * size, 2 * size))
        pull = np.zeros(2 * size)
        if calm is not None:
            precision += calm / self.step_variance(t, doubts)
            pull -= precision @ walked.ravel()
        seen = np.flatnonzero(np.isfinite(self.variances[t]))
        if len(seen):
            variances = self.variances[t, seen] * self.persistence.flow
            deviations = np.sqrt(variances)
            covariance = np.outer(deviations, deviations) * self.together[np.ix_(seen, seen)]
            # What is doubted errs by itself, and no neighbour with it.
            covariance[np.diag_indices(len(seen))] += variances * (doubts.flow[t, seen] - 1)
            sure = inverted(covariance)
            for axis in (0, 1):
                rows = 2 * seen + axis
                precision[np.ix_(rows, rows)] += sure
                pull[rows] += sure @ (self.flow[t, seen, axis] - walked[seen, axis])
        return precision, pull


def _in_a_row(rate: _Rate, before: bool, after: bool) -> _Rate | float:
    """What is in the diagonal of the precision of a sequence of standard normals, each of which
    correlates with the next by the rate."""
    kept = 1 - rate**2
    if before and after:
        return (1 + rate**2) / kept
    return 1 / kept if before or after else 1.0
