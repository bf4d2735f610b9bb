"""What a model owes to labels that it has proposed itself.

A person accepts a shape as soon as it is good enough, so where nobody placed a landmark the label
is off by what the model that proposed it was off by. That model agrees with its own error and
seems better than it is; one with errors of its own is charged with both, and seems worse.

In squares, a model's distance d to a label that is off by s is d^2 = e^2 + s^2 - 2 c, with e what
the model is really off by and c what both errors have in common. c is learned, label by label, from
how near the model comes to it once it is told what people placed there, r: taken to be about as
good as the label (e = s), it has c / s^2 = 1 - r^2 / (2 s^2) of the error in common, all where it
proposed the label itself. So e^2 = d^2 + (2 c - s^2).

A model that stays farther from the label than the label is from the truth (r > s) is independent of
it or worse than it is, the farther the surer worse. Models of the same images err alike: one that
is far worse has nearly all of the label's error in common with it, and is worse than it seems.
"""

import math
from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary import MODELLED, Evidence, Shape
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats

_SPREAD = 4 / math.pi
"""The mean square of a distance over the square of its mean, where both coordinates are normal."""
_ALIKE = 0.85
"""Of the squared error of labels, what models that are far worse have in common with them,
chosen by labelling jobs on Helen's and London's faces and on flies."""


def owed(
    proposals: Sequence[Proposal], labels: Sequence[Shape], lengths: Sequence[float], off: float
) -> list[Floats]:
    """Of each label (L,) what to add to the squared errors of a model there, in squared percent:
    nothing where people or files placed the landmark.

    proposals: of the model, for each label. lengths: of the normaliser, in image pixels. off:
    percent of it by which accepted landmarks are off on average.
    """
    squared = off**2
    found = []
    for proposal, label, length in zip(proposals, labels, lengths, strict=True):
        apart = _apart(proposal, label, length) ** 2 / (_SPREAD * squared)
        shared = _shared(float(apart.mean())) if len(apart) else 0.0
        found.append(np.where(_modelled(label), (2 * shared - 1) * squared, 0.0))
    return found


def _shared(apart: float) -> float:
    """c / s^2, from r^2 / s^2."""
    return 1 - apart / 2 if apart < 1 else min(apart / 2, _ALIKE)


def _apart(proposal: Proposal, label: Shape, length: float) -> Floats:
    """(m,) percent between the landmarks that a model placed in the label, and where this one has
    them given those that it did not place."""
    modelled = _modelled(label)
    placed = np.flatnonzero(label.known & ~modelled).tolist()
    deviation = proposal.click_deviation
    points = proposal.given([Evidence.click(j, label.points[j], deviation) for j in placed]).points
    distances = np.linalg.norm(points - label.points, axis=1)[modelled]
    return np.asarray(100 * distances / length)


def _modelled(label: Shape) -> Bools:
    marks = np.array([mark in MODELLED for mark in label.provenance])
    return np.asarray(marks & label.known)
