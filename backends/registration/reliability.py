"""Which images are trusted less than usual: what is seen of one image tells how far it may be off.

Two signs say so on all kinds of images: a shape that the prior did not expect, and filters that
find nothing like what they learned. How much each says is learned from the labelled images, and
from few of them it stays near what it mostly is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, stdtrit

from landmark_annotator.backends.registration.search import Observation
from landmark_annotator.backends.shapes.fusion import surprise
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats

_SLOPES = np.array([0.6, 4.0])
"""By which power of the surprise, and of one over the filters' answer, squared errors grow."""
_STEEPEST = np.array([2.0, 8.0])
_USUAL_SPREAD = np.array([1.0, 0.25])
"""Of the signs' logs from image to image."""
_BEFORE = 6.0
"""Images that differ so from the others, and agree with the slopes above, count before any."""
LEAST_ANSWER = 0.1
_REACH = (-1.0, 12.0)
"""Of the log of the factor."""
_STRANGEST = 3.0
"""Logs of signs beyond that teach no more about the slopes."""
_USUAL = 0.98
"""Of images like the labelled ones that are to be familiar."""
_MOST_APART = 3.0
"""In usual spreads: one label on nothing makes no other image familiar."""
_OWN = 8.0, 4.0
"""Independent errors in one image, and how many usual ones count before them."""


def signs(prior: ShapeMixture, observation: Observation, covariance: Floats) -> Floats:
    """(2,) logs of the surprise and of one over the filters' answer. covariance: (2L, 2L) usual
    errors of what is seen."""
    unlikely = surprise(prior, observation.points, covariance)
    answer = max(observation.answer, LEAST_ANSWER)
    return np.array([np.log(unlikely), -np.log(answer)])


@dataclass(frozen=True)
class UsualAnswers:
    """What the filters answer in one more image like the labelled ones: the predictive t of a
    normal of their logs, by its middle, its width and its degrees of freedom."""

    middle: float
    width: float
    degrees: float

    @classmethod
    def of(cls, answers: Sequence[float]) -> "UsualAnswers":
        """Of N images that they answered so in, with `_BEFORE` images of the usual spread before
        any."""
        logs, spread = np.log(np.maximum(answers, LEAST_ANSWER)), float(_USUAL_SPREAD[1])
        count, degrees, middle = len(logs), len(logs) - 1 + _BEFORE, float(np.median(logs))
        apart = np.clip(logs - middle, -_MOST_APART * spread, _MOST_APART * spread)
        variance = (float((apart**2).sum()) + _BEFORE * spread**2) / degrees
        return cls(middle, float(np.sqrt(variance * (1 + 1 / count))), degrees)

    @property
    def least(self) -> float:
        """What they answer at least in all but a few."""
        return float(np.exp(self.middle - stdtrit(self.degrees, _USUAL) * self.width))

    def log_density(self, answer: float) -> float:
        """Of the log of an answer."""
        away = (np.log(max(answer, LEAST_ANSWER)) - self.middle) / self.width
        half = (self.degrees + 1) / 2
        size = gammaln(half) - gammaln(self.degrees / 2) - np.log(np.pi * self.degrees) / 2
        return float(size - np.log(self.width) - half * np.log1p(away**2 / self.degrees))


@dataclass(frozen=True, eq=False)
class Reliability:
    """usual: (2,) what the signs are in most images; slopes: (2,) see above."""

    usual: Floats
    slopes: Floats

    def factor(self, seen: Floats) -> float:
        """Of the covariance of an image with these signs (2,)."""
        return float(np.exp(np.clip((seen - self.usual) @ self.slopes, *_REACH)))


def fit_reliability(seen: Sequence[Floats], sizes: Floats) -> tuple[Reliability, Floats]:
    """From the signs of N images and the mean squares (N,) of their errors in units of the usual
    ones. Also (N,) by what each image's squared errors differ from the usual ones: as its signs
    say, and as far beyond as its errors say that go their own way.
    """
    all_signs = np.stack(seen)
    usual = np.median(all_signs, axis=0)
    strange = np.clip(all_signs - usual, -_STRANGEST, _STRANGEST)
    logs = np.log(np.maximum(sizes, 1e-6) / np.median(sizes))
    units = strange / _USUAL_SPREAD
    precision = units.T @ units + _BEFORE * np.eye(2)
    further = np.linalg.solve(precision, units.T @ (logs - strange @ _SLOPES)) / _USUAL_SPREAD
    slopes = np.clip(_SLOPES + further, 0.0, _STEEPEST)
    reliability = Reliability(usual, slopes)
    expected = np.array([reliability.factor(each) for each in seen])
    errors, before = _OWN
    factors = expected * (errors * np.exp(logs) / expected + before) / (errors + before)
    return reliability, np.asarray(factors / np.median(factors))
