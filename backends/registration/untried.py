"""How far to trust what is seen by a single label: there is no second one to try it on.

What flow carries and what the filters find are two ways to the same landmarks. Where they agree,
that is how far each may be off; where they lie further apart than a search that succeeds leaves
them, it may have failed, and then the object may be anywhere in its box, and lie there anyhow. The
less of the box is in reach of a search, the sooner: far from the object both may stay where they
began.
"""

from dataclasses import dataclass, replace

import numpy as np
from typing_extensions import override

from landmark_annotator.backends.learning.deviations import Deviations, joint_covariance
from landmark_annotator.backends.registration.calibration import Correlations, Trust
from landmark_annotator.backends.registration.coverage import INDEPENDENT
from landmark_annotator.backends.registration.search import REACH, Observation
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats

_OFF, _DEGREES = 0.5, 4.0
"""Before an image is seen: each is off by this share of what shapes vary by, and how many errors
that have been seen it counts as."""
_SHARE = 0.05
_TOGETHER = 0.5
_APART = 0.5
"""Each may be off as far as they are apart, for both look for what one label shows: of the squared
distance, the variance along an axis."""
ANYWHERE = 1 / 12
"""Variance along each axis of what is anywhere in the object, in squared sides."""
OUTSIDE = 0.05
"""That an ellipse may leave out."""


@dataclass(frozen=True, eq=False)
class Untried(Trust):
    @classmethod
    def of(cls, prior: ShapeMixture) -> "Untried":
        variances = np.trace(prior.landmark_covariances, axis1=1, axis2=2) / 2
        floor = _OFF * float(np.sqrt(variances.mean()))
        parts = np.array([1.0, _APART, 1.0])
        deviations = Deviations(parts, np.ones(prior.size), floor)
        correlation = Correlations.of(prior).assumed(_TOGETHER)
        degrees = _DEGREES + min(prior.size, INDEPENDENT)
        return cls(deviations, correlation, None, _SHARE, 1.0, degrees)

    @override
    def usual(self, observation: Observation) -> Floats:
        """By what was assumed and how far apart the two are in this image, each by how many errors
        it counts as (the conjugate estimate of a variance)."""
        apart = _APART * float((observation.scales**2).mean())
        seen = self.degrees - _DEGREES
        constant = (_DEGREES * self.deviations.floor**2 + seen * apart) / self.degrees
        here = replace(self.deviations, floor=float(np.sqrt(constant)))
        roots = here.roots(observation.spreads, observation.scales)
        return joint_covariance(roots, self.correlation)

    @override
    def mixture(self, prior: ShapeMixture, observation: Observation) -> ShapeMixture:
        return self._unless_lost(super().mixture(prior, observation), observation)

    @override
    def alone(self, prior: ShapeMixture, observation: Observation) -> ShapeMixture:
        return self._unless_lost(super().alone(prior, observation), observation)

    def lost(self, observation: Observation) -> float:
        """The probability that the search has failed. Before it is as likely as not, where all that
        there is room for is in reach. If it has, both ways end anywhere in the object, else each is
        as far off as was assumed."""
        near, far = 2 * self.deviations.floor**2, 2 * ANYWHERE
        # Of most landmarks: a leg that is bent is far off alone. The median of squared distances in
        # a plane is so much below their mean. Beyond the object itself more of it says no more.
        squared = min(float(np.median(observation.scales**2)) / np.log(2), 2 * far)
        # Each is off on its own: by a bivariate t, for how far was but assumed; by a normal one.
        if_found = (1 + squared / (near * _DEGREES)) ** -(_DEGREES / 2 + 1) / near
        if_lost = np.exp(-squared / (2 * far)) / far
        # Rounding may leave moments along one axis a little below nought.
        moments = np.maximum(np.linalg.eigvalsh(observation.room), 0.0)
        widths = np.sqrt(moments / ANYWHERE)
        reached = (2 * REACH / np.maximum(widths, 2 * REACH)).prod()
        return float(if_lost / (if_lost + reached * if_found * np.exp(observation.found)))

    def _unless_lost(self, found: ShapeMixture, observation: Observation) -> ShapeMixture:
        """Ellipses that hold 95 % in all: of what is found all, and of what is lost so much as it
        then takes, which is nothing where less than that is lost."""
        wider = 1 + np.log(self.lost(observation)) / np.log(1 / OUTSIDE)
        if wider <= 0:
            return found
        # What is anywhere has no tails.
        return found.with_residual(found.residual + wider * anywhere(found.mean, observation.room))


def anywhere(points: Floats, room: Floats) -> Floats:
    """(2L, 2L) second moments of how far landmarks (L, 2) are from there where the object is turned
    by any angle about its middle, and that is off by the second moments `room` (2, 2)."""
    away = points - points.mean(axis=0)
    size = len(points)
    inner = away @ away.T
    crossed = np.outer(away[:, 0], away[:, 1])
    crossed = crossed - crossed.T
    quarter = np.array([[0.0, 1.0], [-1.0, 0.0]])
    # On average over all angles a turn leaves of a moment its trace and what is skew in it.
    turned = (np.kron(inner, np.eye(2)) + np.kron(crossed, quarter)) / 2
    still = np.outer(away.ravel(), away.ravel())
    return np.asarray(turned + still + np.kron(np.ones((size, size)), room))
