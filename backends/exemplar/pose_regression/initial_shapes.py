"""Initial shapes for training, as wrong as the classifier is on images that it has not seen.

The classifier's error on its own training images is far too small to learn a correction from, so
errors are taken from held-out images: how far the classifier draws a shape towards the mean (a
slope for each mode of variation) and, beside that, the whole errors as they occurred. Resampled
whole they keep their heavy tails and what landmarks have in common.
"""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes.fitting.gaussian_fit import fit_gaussian
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.scheme import Scheme

_MODES = 20
_DOUBT = 0.1
"""Share by which slopes are shrunk: held-out images are few."""


@dataclass(frozen=True, eq=False)
class HeldOutErrors:
    """initial = truth + slope of its modes + one of the errors. Shapes are flattened to (2L,).

    mean: (2L,) and covariance: (2L, 2L) of the training shapes; modes: (2L, m) orthonormal;
    slopes: (m,); errors: (E, 2L).
    """

    mean: Floats
    covariance: Floats
    modes: Floats
    slopes: Floats
    errors: Floats

    @classmethod
    def measured(
        cls, initial: Floats, truths: Floats, training: Floats, scheme: Scheme
    ) -> "HeldOutErrors":
        """From the classifier's expected shapes (H, L, 2) and the truths (H, L, 2) of held-out
        observations, in the refined boxes, and from the training shapes (N, L, 2), NaN where
        unknown."""
        if scheme.partners:
            initial, truths, training = (
                np.concatenate([s, s[:, list(scheme.mirror)] * [-1.0, 1.0]])
                for s in (initial, truths, training)
            )
        mean, covariance = fit_gaussian(training)
        modes = np.linalg.eigh(covariance)[1][:, ::-1][:, :_MODES]
        bare = cls(mean.ravel(), covariance, modes, np.zeros(modes.shape[1]), np.empty((0, 0)))
        whole = bare._completed(truths)
        errors = np.nan_to_num(initial.reshape(whole.shape) - whole)
        strengths, along = (whole - bare.mean) @ modes, errors @ modes
        squares = (strengths**2).sum(axis=0)
        slopes = (strengths * along).sum(axis=0) / np.maximum(squares * (1 + _DOUBT), 1e-12)
        rest = errors - (strengths * slopes) @ modes.T
        return cls(bare.mean, covariance, modes, slopes, rest)

    def draw(self, truths: Floats, count: int, random: np.random.Generator) -> Floats:
        """(N, count, L, 2) initial shapes for the truths (N, L, 2); complete where truths are not.

        A missing landmark starts from where the others let expect it.
        """
        whole = self._completed(truths)
        drawn_in = ((whole - self.mean) @ self.modes * self.slopes) @ self.modes.T
        chosen = random.integers(0, len(self.errors), (len(whole), count))
        initial = (whole + drawn_in)[:, None] + self.errors[chosen]
        return np.asarray(initial.reshape(len(whole), count, -1, 2))

    def _completed(self, shapes: Floats) -> Floats:
        """(n, 2L) with missing coordinates at their conditional mean given the others."""
        flat = shapes.reshape(len(shapes), -1).copy()
        for row in np.flatnonzero(~np.isfinite(flat).all(axis=1)):
            there = np.flatnonzero(np.isfinite(flat[row]))
            gone = np.setdiff1d(np.arange(flat.shape[1]), there)
            gain = np.linalg.solve(
                self.covariance[np.ix_(there, there)], flat[row, there] - self.mean[there]
            )
            flat[row, gone] = self.mean[gone] + self.covariance[np.ix_(gone, there)] @ gain
        return flat
