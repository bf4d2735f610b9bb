"""How freely an object moves beside what is assumed of its steps.

A leg rests and leaps, and its steps are not those of one normal distribution: what is assumed of
them pulls landmarks to where they have never been. A clip shows that by itself. What a piece of
evidence moves a mean by has the variance that it takes away (the normalised innovation squared,
Bar-Shalom, Li and Kirubarajan, "Estimation with Applications to Tracking and Navigation", 2001,
section 5.4). Wherever the steps move a landmark by more, they claim to know too much.
"""

from dataclasses import replace

import numpy as np

from landmark_annotator.backends.tracking.chain import SolvedChain, solved
from landmark_annotator.backends.tracking.joint_steps import Doubts, JointEvidence
from landmark_annotator.backends.tracking.momentum import Momentum
from landmark_annotator.projects.vocabulary.arrays import Floats

_FREER = 4.0
_MOST = 4.0**6
"""Beyond which next to nothing is assumed."""
_CHI_MEDIAN = 0.6931
"""Of half a squared normal in the plane."""


def freed(
    evidence: JointEvidence, doubts: Doubts, chain: SolvedChain, steps: Floats, moves: Floats
) -> tuple[float, JointEvidence, SolvedChain]:
    """What the covariance `moves` of the steps is to be multiplied with, and evidence and chain
    then: so that no landmark is moved by more, on the median over the frames, than the assumption
    takes from its variance. 1, and the same ones, where that is so.

    chain: as the evidence says, with steps of that covariance. steps: (T - 1, 2L) in sides of the
    object; moves: (2L, 2L).
    """
    bare = solved(replace(evidence, moves=None).steps(doubts))
    factor = 1.0
    while factor < _MOST and _claims_too_much(bare, chain, evidence.path.shape[1]):
        factor *= _FREER
        evidence = replace(evidence, moves=Momentum.of(steps, factor * moves))
        chain = solved(evidence.steps(doubts), chain.covariances.dtype.type)
    return factor, evidence, chain


def _claims_too_much(bare: SolvedChain, chain: SolvedChain, size: int) -> bool:
    apart = (chain.means[:, : 2 * size] - bare.means[:, : 2 * size]).reshape(-1, size, 2)
    moved = (apart**2).sum(axis=2)
    taken = _variances(bare, size) - _variances(chain, size)
    return bool((np.median(moved, axis=0) > _CHI_MEDIAN * np.median(taken, axis=0)).any())


def _variances(chain: SolvedChain, size: int) -> Floats:
    """(T, L) along both axes together."""
    own = np.einsum("tii->ti", chain.covariances)[:, : 2 * size]
    return np.asarray(own.reshape(-1, size, 2).sum(axis=2), dtype=np.float64)
