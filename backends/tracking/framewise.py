"""Frames that stand alone where all frames together are known to say worse."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.tracking.beliefs import Believed
from landmark_annotator.projects.vocabulary.arrays import Floats


@dataclass(frozen=True, eq=False)
class ClipPosterior:
    """points: (T, L, 2) image pixels, covariances: (T, L, 2, 2) squared pixels."""

    points: Floats
    covariances: Floats


@dataclass(frozen=True, eq=False)
class TimeTrust:
    """What variances at each landmark have to be multiplied with to be what is usually erred by.
    together: (L,) of all frames together; alone: (L,) of what a frame says by itself."""

    together: Floats
    alone: Floats


@dataclass(frozen=True, eq=False)
class Framewise:
    """points (T, L, 2), covariances (T, L, 2, 2): of each frame alone, in pixels; infinite where
    nothing is proposed. doubts: (T, L) what their variances are to be multiplied with besides,
    where they do not go with the rest: a proposal that is lost."""

    points: Floats
    covariances: Floats
    doubts: Floats
    trust: TimeTrust

    @classmethod
    def of(cls, found: Sequence[Believed | None], doubts: Floats, trust: TimeTrust) -> "Framewise":
        size = len(trust.alone)
        points = np.zeros((len(found), size, 2))
        covariances = np.full((len(found), size, 2, 2), np.inf)
        for t, each in enumerate(found):
            if each is not None:
                points[t], covariances[t] = each.mean.reshape(size, 2), each.blocks
        return cls(points, covariances, doubts, trust)

    def settled(self, posterior: ClipPosterior) -> ClipPosterior:
        """Of each landmark in each frame what is surer. posterior: of all frames together. Neither
        is told to be surer than it says itself."""
        honest = posterior.covariances * self.trust.together[:, None, None]
        claimed = self._trace(self.covariances) * self.trust.alone * self.doubts
        alone = claimed < self._trace(honest)
        own = self.covariances * np.maximum(self.trust.alone, 1.0)[:, None, None]
        return ClipPosterior(
            np.where(alone[..., None], self.points, posterior.points),
            np.where(alone[..., None, None], own, honest),
        )

    def settled_frame(self, frame: int, mean: Floats, covariance: Floats) -> tuple[Floats, Floats]:
        """The same of one frame: the mean (2L,) and the whole covariance (2L, 2L), in which
        landmarks correlate as before."""
        size = len(self.trust.together)
        own = np.einsum("iaib->iab", covariance.reshape(size, 2, size, 2))
        settled = self._one(frame).settled(ClipPosterior(mean.reshape(1, size, 2), own[None]))
        wider = np.sqrt(self._trace(settled.covariances)[0] / self._trace(own))
        widths = np.repeat(wider, 2)
        return settled.points.ravel(), covariance * np.outer(widths, widths)

    def _one(self, frame: int) -> "Framewise":
        one = slice(frame, frame + 1)
        return Framewise(self.points[one], self.covariances[one], self.doubts[one], self.trust)

    @staticmethod
    def _trace(covariances: Floats) -> Floats:
        return np.asarray(np.trace(covariances, axis1=-2, axis2=-1))
