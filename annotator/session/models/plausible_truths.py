"""Truths that a label leaves possible, so that models can be compared by labels that one of them
has proposed.

A person accepts a shape as soon as it is good enough, so where nobody placed a landmark the label
is off by what the model that proposed it was off by, s. That model agrees with its own error and
seems better than it is; one with errors of its own is charged with both, and seems worse. So models
are not judged by the label but by truths t as they may be, given what people placed and where the
judged model then is, m, at the distance r from the label l (root mean squares over landmarks that
nobody placed):

    t = l + a (m - l) + b x,    a = min(1/2, s^2 / (2 r^2)),    b^2 = s^2 - a^2 r^2

x is an error as the model believes it to err, given what people placed: drawn from its covariance
there, with mean square 1. So the label is off by s, whatever model is judged. A model nearer to the
label than that (r < s) is taken to be as good as the label: off by s as well. One that is farther
is off by r. Were its errors independent of the label's it would be off by less than r, and did it
repeat them and add its own, by more: models of the same images have about half in common.
"""

import math

import numpy as np

from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary import MODELLED, Evidence, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_SPREAD = 4 / math.pi
"""The mean square of a distance over the square of its mean, where both coordinates are normal."""


def plausible_truths(
    proposal: Proposal,
    label: Shape,
    length: float,
    off: float,
    random: np.random.Generator,
    count: int,
) -> list[Floats]:
    """Each (L, 2) image pixels: the label's own points where people or files placed them. Where
    they placed all, that is the only one.

    proposal: of the model that is judged. length: of the normaliser, in image pixels. off: percent
    of it by which accepted landmarks are off on average.
    """
    modelled = np.array([mark in MODELLED for mark in label.provenance]) & label.known
    own = np.flatnonzero(modelled)
    if not len(own):
        return [label.points.copy()]
    deviation = proposal.click_deviation
    placed = np.flatnonzero(label.known & ~modelled).tolist()
    clicks = [Evidence.click(j, label.points[j], deviation) for j in placed]
    apart = proposal.given(clicks).points[own] - label.points[own]
    error = _SPREAD * (off * length / 100) ** 2
    distance = float((apart**2).sum(axis=1).mean())
    towards = min(0.5, error / (2 * distance)) if distance else 0.5
    beside = math.sqrt(error - towards**2 * distance)
    truths = np.repeat(label.points[None], count, axis=0)
    errors = _errors(proposal.settled(clicks), clicks, own, random, count)
    truths[:, own] += towards * apart + beside * errors
    return list(truths)


def _errors(
    proposal: Proposal, clicks: list[Evidence], own: Ints, random: np.random.Generator, count: int
) -> Floats:
    """(count, m, 2) in image axes, each of mean square 1: how the proposal may be off after the
    clicks."""
    rows = (2 * own[:, None] + [0, 1]).ravel()
    covariance = proposal.believed(clicks).covariance[np.ix_(rows, rows)]
    drawn = random.multivariate_normal(np.zeros(len(rows)), covariance, count, method="eigh")
    box = proposal.box
    ends = box.to_image(drawn.reshape(-1, 2)) - box.to_image(np.zeros((1, 2)))
    errors = ends.reshape(count, -1, 2)
    sizes = (errors**2).sum(axis=2).mean(axis=1)
    return np.asarray(errors / np.sqrt(sizes)[:, None, None])
