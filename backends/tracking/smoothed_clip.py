"""A clip after smoothing, and what clicks in any of its frames say of all others.

Everything is one joint Gaussian, so a click changes it by a matrix of rank two: how all frames vary
with the clicked landmark is read off the chain once, and conditioned on as on a still.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking.beliefs import frame_axes, turned
from landmark_annotator.backends.tracking.chain import SolvedChain
from landmark_annotator.backends.tracking.framewise import ClipPosterior, Framewise
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.evidence import Evidence

TRACKING = "tracking"
"""The name of what is proposed by it, where others have the name of their backend."""
_LEAST_NOISE = 1e-3**2
"""Squared pixels that a click is off by at least."""

Clicks = Mapping[int, Sequence[Evidence]]
"""By frame, in image pixels."""


@dataclass(frozen=True, eq=False)
class SmoothedClip:
    """path: (T, L, 2) that the chain measures from; boxes, degrees: of each frame's proposal.
    alone: the frames of which nothing but the own proposal is known, with that. framewise: what
    takes the place of all frames together where that is surer. hidden: by frame, of the frame's own
    proposal, for what is hidden in a frame is seen in its neighbours. variances: by the frames that
    show nothing of what the model has learned, the total variance, in the frame of the box, of what
    would be believed if they did."""

    chain: SolvedChain
    path: Floats
    boxes: Sequence[Box]
    degrees: Sequence[float]
    alone: Mapping[int, Proposal] = field(default_factory=dict)
    framewise: Framewise | None = None
    hidden: Mapping[int, Floats] = field(default_factory=dict)
    variances: Mapping[int, float] = field(default_factory=dict)
    _columns: dict[tuple[int, int], tuple[int, AnyFloats]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.path)

    @property
    def size(self) -> int:
        """L."""
        return int(self.path.shape[1])

    def given(self, clicks: Clicks) -> ClipPosterior:
        """All frames after the clicks. Their order does not matter."""
        posterior = self.together(clicks)
        return posterior if self.framewise is None else self.framewise.settled(posterior)

    def together(self, clicks: Clicks) -> ClipPosterior:
        """The same, whether or not a frame alone is surer."""
        size = self.size
        points, covariances = self._unclicked.points.copy(), self._unclicked.covariances.copy()
        found = self._gained(clicks)
        if found is None:
            return ClipPosterior(points, covariances)
        reached, pulled, first = found
        last = first + len(reached)
        points[first:last] += (reached @ pulled).reshape(-1, size, 2)
        x, y = reached[:, ::2], reached[:, 1::2]
        both = (x * y).sum(axis=2)
        covariances[first:last, :, 0, 0] -= (x * x).sum(axis=2)
        covariances[first:last, :, 1, 1] -= (y * y).sum(axis=2)
        covariances[first:last, :, 0, 1] -= both
        covariances[first:last, :, 1, 0] -= both
        return ClipPosterior(points, covariances)

    @cached_property
    def _unclicked(self) -> ClipPosterior:
        size, frames = self.size, len(self)
        points = self.path + self.chain.means[:, : 2 * size].reshape(frames, size, 2)
        rows = 2 * np.arange(size)[:, None, None] + np.arange(2)[:, None]
        columns = 2 * np.arange(size)[:, None, None] + np.arange(2)
        return ClipPosterior(points, self.chain.covariances[:, rows, columns].astype(np.float64))

    def proposal(self, frame: int, clicks: Clicks) -> Proposal:
        """Of one frame, given the clicks in all others: conditioned on its own, as any proposal is,
        it is what all of them say together."""
        elsewhere = {t: pieces for t, pieces in clicks.items() if t != frame and pieces}
        if frame in self.alone and not elsewhere:
            return self.alone[frame]
        rows = slice(0, 2 * self.size)
        mean = self.path[frame].ravel() + self.chain.means[frame, rows]
        covariance = self.chain.covariances[frame, rows, rows].astype(np.float64)
        found = self._gained(elsewhere)
        if found is not None and 0 <= frame - found[2] < len(found[0]):
            reached = found[0][frame - found[2]]
            mean = mean + reached @ found[1]
            covariance = covariance - reached @ reached.T
        if self.framewise is not None:
            mean, covariance = self.framewise.settled_frame(frame, mean, covariance)
        box = self.boxes[frame]
        framed = turned(covariance, frame_axes(box))
        framed = (framed + framed.T) / 2
        mixture = ShapeMixture(np.zeros(1), box.to_frame(mean.reshape(1, -1, 2)), framed)
        hidden, familiar = self.hidden.get(frame), self.variances.get(frame, np.inf)
        widened = max(float(np.trace(framed)) / familiar, 1.0)
        return Proposal(box, mixture, TRACKING, self.degrees[frame], hidden, widened=widened)

    def falls(self, clicks: Clicks) -> Floats:
        """(T, D, c): by the clicks the covariance of frames t and s falls by falls_t falls_sᵀ."""
        width = self.chain.means.shape[1]
        found = self._gained(clicks)
        if found is None:
            return np.zeros((len(self), width, 0))
        reached, _, first = found
        falls = np.zeros((len(self), width, reached.shape[2]))
        falls[first : first + len(reached), : 2 * self.size] = reached
        return falls

    def _gained(self, clicks: Clicks) -> tuple[AnyFloats, Floats, int] | None:
        """A root (n, 2L, 2E) of what the covariances fall by, from a first frame on; (2E,) what
        that is multiplied with to move the points; and that frame. None without clicks."""
        pieces = [
            (t, piece)
            for t in sorted(clicks)
            for piece in sorted(clicks[t], key=lambda p: (p.landmark, *p.position.tolist()))
        ]
        if not pieces:
            return None
        columns = [self._varying_with(t, piece.landmark) for t, piece in pieces]
        first = min(start for start, _ in columns)
        last = max(start + len(values) for start, values in columns)
        together = np.zeros((last - first, 2 * self.size, 2 * len(pieces)))
        for i, (start, values) in enumerate(columns):
            together[start - first : start - first + len(values), :, 2 * i : 2 * i + 2] = values
        spread = np.empty((2 * len(pieces), 2 * len(pieces)))
        surprise = np.empty(2 * len(pieces))
        for i, (t, piece) in enumerate(pieces):
            rows = slice(2 * piece.landmark, 2 * piece.landmark + 2)
            own = slice(2 * i, 2 * i + 2)
            spread[own] = together[t - first, rows]
            spread[own, own] += piece.covariance + _LEAST_NOISE * np.eye(2)
            believed = self.path[t, piece.landmark] + self.chain.means[t, rows]
            surprise[own] = piece.position - believed
        root = np.linalg.cholesky((spread + spread.T) / 2)
        inverse = np.tril(np.linalg.inv(root))
        return together @ inverse.T, inverse @ surprise, first

    def _varying_with(self, frame: int, landmark: int) -> tuple[int, AnyFloats]:
        """How all frames vary with one landmark of one frame; see `SolvedChain.across`."""
        key = frame, landmark
        if key not in self._columns:
            chosen = np.zeros((self.chain.means.shape[1], 2))
            chosen[2 * landmark, 0] = chosen[2 * landmark + 1, 1] = 1.0
            start, values = self.chain.across(frame, chosen)
            self._columns[key] = start, values[:, : 2 * self.size].copy()
        return self._columns[key]
