"""What a mixture becomes when landmarks are observed.

Every class keeps the shared residual covariance, so all K means move by one gain matrix
(Gaussian conditioning), and the classes are reweighted by how well they predicted the evidence.
"""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.shapes.engine.class_weights import Likelihood
from landmark_annotator.backends.shapes.engine.likelihood_cache import Piece
from landmark_annotator.backends.shapes.mixture import ShapeMixture, Shift
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.evidence import Evidence

_LEAST_NOISE = 1e-7**2 * np.eye(2)
"""Squared box frame units that every observation is off by at least, so that evidence without
error stays solvable."""


def condition(mixture: ShapeMixture, evidence: Sequence[Evidence]) -> ShapeMixture:
    """The posterior given all the evidence, which is in the mixture's frame.

    log w_k += log N(y_E; mu_kE, S_EE + R); mean_k += S_.E (S_EE + R)^-1 (y_E - mu_kE);
    S -= S_.E (S_EE + R)^-1 S_E. . The order of the evidence does not matter, nor whether it
    comes at once or one by one. Raises IndexError where a landmark is not in the shape.
    """
    if not evidence:
        return mixture
    observed, position, noise, pieces = observed_in(mixture, evidence)
    shift = mixture.shift
    residual = mixture.residual
    # The inverse of the root itself, not a triangular solver: that one is threaded, and with a
    # busy core beside it takes a hundred times as long as everything else here.
    across = residual[observed]
    whiten = np.tril(np.linalg.inv(np.linalg.cholesky(across[:, observed] + noise)))
    reached = whiten @ across
    gain = reached.T @ whiten

    # The observed coordinates of class k are x_k - gain x_k[rows] + offset at `observed`: a
    # linear function of few of its exemplar's coordinates, and only those are read.
    place = np.full(2 * mixture.size, -1)
    place[shift.rows] = np.arange(len(shift.rows))
    rows = np.concatenate([shift.rows, observed[place[observed] < 0]])
    place[rows] = np.arange(len(rows))
    seen = np.zeros((len(observed), len(rows)))
    seen[:, : len(shift.rows)] = -shift.gain[observed]
    seen[np.arange(len(observed)), place[observed]] += 1.0
    expected = position - shift.offset[observed]

    # Measured from the clicks, so that coordinates and not their differences are rounded.
    reference = np.zeros(len(rows))
    reference[place[observed]] = position
    target = whiten @ (expected - seen @ reference)
    likelihood = Likelihood(rows, reference, whiten @ seen, target, pieces)
    moved = gain @ seen
    moved[:, : len(shift.rows)] += shift.gain
    return mixture.reweighed(
        likelihood,
        reached,
        Shift(rows, moved, shift.offset + gain @ expected),
    )


def condition_hard(
    mixture: ShapeMixture, evidence: Sequence[Evidence], radius: float
) -> ShapeMixture:
    """The paper's rule: keep the classes Omega(E) near every click, renormalise (equation 10).

    radius: in the mixture's frame. Where no class is near enough, the nearest one is kept. The
    residual and the means of the classes stay as they are.
    """
    if not evidence:
        return mixture
    distance = np.zeros(mixture.classes)
    for piece in evidence:
        offsets = means_of(mixture, piece.landmark) - piece.position[:, None]
        np.maximum(distance, np.hypot(*offsets), out=distance)
    # A class without weight stays without: the nearest is sought among the others.
    possible = np.isfinite(mixture.log_weights)
    inside = distance <= max(radius, float(distance[possible].min()))
    log_weights = np.where(inside, mixture.log_weights, -np.inf)
    return ShapeMixture(log_weights, mixture.exemplars, mixture.residual, mixture.shift)


def means_of(mixture: ShapeMixture, landmark: int) -> Floats:
    """(2, K) the mean of one landmark in every class, without computing the others."""
    if not 0 <= landmark < mixture.size:
        raise IndexError(f"{landmark} is not a landmark among 0..{mixture.size - 1}")
    own = slice(2 * landmark, 2 * landmark + 2)
    shift, columns = mixture.shift, mixture.exemplars.columns
    means = columns[own].astype(np.float64) + shift.offset[own, None]
    for row, along in zip(shift.rows, shift.gain[own].T, strict=True):
        means -= along[:, None] * columns[row]
    return means


def observed_in(
    mixture: ShapeMixture, evidence: Sequence[Evidence]
) -> tuple[Ints, Floats, Floats, tuple[Piece, ...]]:
    """The coordinates that are observed (2E,), where (2E,), the covariance (2E, 2E) of that, and
    each landmark's piece of it (E).

    In the order that spares the mixture most, and else in that of the landmarks. What is observed
    of one landmark several times becomes one observation, weighted by precision, or two that
    agree would be an unsolvable pair.
    """
    by_landmark = _by_landmark(evidence)
    if min(by_landmark) < 0 or max(by_landmark) >= mixture.size:
        raise IndexError(f"evidence names a landmark outside 0..{mixture.size - 1}")
    merged = [_merged(same) for same in by_landmark.values()]
    pieces = [
        (landmark, position.tobytes() + covariance.tobytes())
        for landmark, (position, covariance) in zip(by_landmark, merged, strict=True)
    ]
    order = mixture.steps.order(pieces)
    noise = np.zeros((2 * len(order), 2 * len(order)))
    for i, at in enumerate(order):
        noise[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = merged[at][1]
    landmarks = np.array([pieces[at][0] for at in order])
    rows = np.repeat(2 * landmarks, 2)
    rows[1::2] += 1
    position = np.concatenate([merged[at][0] for at in order])
    return rows, position, noise, tuple(pieces[at] for at in order)


def one_each(evidence: Sequence[Evidence]) -> list[Evidence]:
    """What is observed of one landmark several times as one observation, see `observed_in`."""
    return [
        same[0] if len(same) == 1 else Evidence(landmark, *_merged(same))
        for landmark, same in _by_landmark(evidence).items()
    ]


def _by_landmark(evidence: Sequence[Evidence]) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = {}
    for piece in evidence:
        found.setdefault(piece.landmark, []).append(piece)
    return found


def _merged(same: Sequence[Evidence]) -> tuple[Floats, Floats]:
    """Position (2,) and covariance (2, 2) of what was observed of one landmark."""
    position = np.array(same[0].position, dtype=np.float64)
    covariance = same[0].covariance + _LEAST_NOISE
    for piece in same[1:]:
        other = piece.covariance + _LEAST_NOISE
        share = np.linalg.solve(covariance + other, covariance).T
        position = position + share @ (piece.position - position)
        covariance = share @ other
        covariance = (covariance + covariance.T) / 2
    return position, covariance
