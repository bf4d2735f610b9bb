"""Where an object is looked for again once people have placed landmarks of it."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from landmark_annotator.backends.registration.coverage import ellipse_scale
from landmark_annotator.backends.registration.filters import LEVELS
from landmark_annotator.backends.registration.gains import gain_of, slope_of
from landmark_annotator.backends.registration.search import Observation
from landmark_annotator.backends.registration.untried import ANYWHERE, OUTSIDE
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.evidence import Evidence


def places(proposal: Proposal, evidence: Sequence[Evidence]) -> list[Floats]:
    """(L, 2) each, in image pixels: where the evidence leaves the landmarks; and where they were
    without it, where one that nobody has placed is led out of the filters' reach. A leg that is
    bent alone would take all others along, where it was open whether they had been found."""
    led, first = proposal.given(evidence).points, proposal.given([]).points
    placed = [piece.landmark for piece in evidence]
    moved = np.delete(np.linalg.norm(led - first, axis=1), placed)
    out_of_reach = moved.size > 0 and moved.max() > LEVELS[0].window * proposal.box.side
    return [led, first] if out_of_reach else [led]


def likelier(
    proposal: Proposal,
    evidence: Sequence[Evidence],
    looks: Sequence[Observation],
    gains: Floats,
) -> tuple[int, Observation]:
    """Which of the looks at `places` the object is seen in, by what the filters answer and what the
    evidence says of its kind; and that, with how much sooner it is found there than in the other.
    gains: as of `slope_of`."""
    if len(looks) == 1:
        return 0, looks[0]
    led, first = looks
    odds = slope_of(gains) * gain_of(first.answer, led.answer) + _said(proposal, evidence)
    best = int(odds > 0)
    return best, replace(looks[best], found=abs(odds))


def _said(proposal: Proposal, evidence: Sequence[Evidence]) -> float:
    """How much less the evidence surprises, as a difference of logs, where the object is as it was
    shown, with landmarks that are off alone: than where it is of the kind that the evidence leads
    to, or anywhere else, which no more than `OUTSIDE` was left to; nought at most."""
    first, led = proposal.mixture.leading[0], proposal.believed(evidence).leading[0]
    squared, size = squared_distances(proposal, evidence)
    degrees = proposal.degrees
    if math.isinf(degrees):
        tails = squared / 2
    else:
        tails = (degrees / 2 + 1) * np.log1p(ellipse_scale(degrees) * squared / degrees)
    if first != led:
        return float(tails[led].sum() - tails[first].sum())
    elsewhere = math.log(OUTSIDE) + float(np.log(size / ANYWHERE).sum())
    return min(-float(tails[first].sum()) - elsewhere, 0.0)


def squared_distances(proposal: Proposal, evidence: Sequence[Evidence]) -> tuple[Floats, Floats]:
    """(K, E) of each piece of the evidence from each class, in units of the covariance, and (E,)
    how wide that is: the root of its determinant, in squared sides."""
    mixture, box = proposal.mixture, proposal.box
    rows = [piece.landmark for piece in evidence]
    placed = box.to_frame(np.array([piece.position for piece in evidence]))
    apart = placed - mixture.means()[:, rows]
    own = np.einsum("iaib->iab", mixture.residual.reshape(mixture.size, 2, mixture.size, 2))
    spreads = own[rows] + [box.covariance_to_frame(piece.covariance) for piece in evidence]
    squared = (apart * np.linalg.solve(spreads, apart[..., None])[..., 0]).sum(axis=-1)
    return np.asarray(squared), np.sqrt(np.linalg.det(spreads))
