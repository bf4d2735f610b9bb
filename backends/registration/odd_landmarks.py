"""Which landmarks of an image are trusted less than its others: those whose own filter finds less
than it does in labelled images. A leg that is bent as none of these has it, or an antenna beyond
the photograph's border, is not where the others say, and what is seen there looks like nothing that
was learned. `reliability` has what whole images say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.registration.reliability import LEAST_ANSWER
from landmark_annotator.backends.registration.search import Observation
from landmark_annotator.projects.vocabulary.arrays import Floats

_USUAL = 1.0
"""Deviations below the usual answer that mean nothing."""
_STRANGEST = 40.0
_LEAST_SPREAD = 0.03
"""Of an answer's log: it is known no better."""
_SLOPES = np.linspace(0.0, 0.6, 25)
"""By which power of e squared errors grow with each deviation further."""
_SLOPE, _SURE = 0.2, 0.1
"""What the slope mostly is, and how far from that it is."""
_DEGREES = 4.0
"""Of the t distribution of errors."""


@dataclass(frozen=True, eq=False)
class OddLandmarks:
    """usual: (L,) log of the answer that each filter mostly finds, against the others of its image.
    spread: of these logs, from image to image. slope: see above."""

    usual: Floats
    spread: float
    slope: float

    def signs(self, observation: Observation) -> Floats:
        """(L,) by how many deviations less than usual is found of each; at least 0."""
        below = self.usual - _against_others(observation)
        return np.asarray(np.clip(below / self.spread - _USUAL, 0.0, _STRANGEST))

    def factors(self, observation: Observation) -> Floats:
        """(L,) by which the covariance of each is larger than usual."""
        return np.asarray(np.exp(self.slope * self.signs(observation)))

    @classmethod
    def of(cls, observations: Sequence[Observation]) -> "OddLandmarks":
        """Of labelled images, each by the others. The slope is the usual one."""
        logs = np.stack([_against_others(each) for each in observations])
        usual = np.median(logs, axis=0)
        spread = 1.4826 * float(np.median(np.abs(logs - usual)))
        # About a middle that is known from them alone.
        spread *= np.sqrt(len(logs) / max(len(logs) - 1, 1))
        return cls(usual, max(spread, _LEAST_SPREAD), _SLOPE)

    def learned(self, signs: Floats, squared: Floats) -> "OddLandmarks":
        """With the likeliest slope. signs: (N, L); squared: (N, L) errors in units of what is usual
        of other landmarks, NaN where unknown."""
        known = np.isfinite(squared)
        grown, sizes = signs[known], squared[known]

        def unlikely(slope: float) -> float:
            tails = np.log1p(sizes * np.exp(-slope * grown) / _DEGREES)
            each = slope * grown + (_DEGREES / 2 + 1) * tails
            return float(each.sum() + ((slope - _SLOPE) / _SURE) ** 2 / 2)

        return OddLandmarks(self.usual, self.spread, min(_SLOPES.tolist(), key=unlikely))


def _against_others(observation: Observation) -> Floats:
    """(L,) the log of each filter's answer less that of most of the image: how much an image shows
    of all, `reliability` goes by."""
    logs = np.log(np.maximum(observation.answers, LEAST_ANSWER))
    return np.asarray(logs - np.median(logs))
