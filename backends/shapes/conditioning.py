"""What a mixture becomes when landmarks are observed.

Every class keeps the shared residual covariance, so all K means move by one gain matrix
(Gaussian conditioning), and the classes are reweighted by how well they predicted the evidence.
"""

from collections.abc import Sequence

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from backends.shapes.mixture import ShapeMixture, Shift
from projects.vocabulary.arrays import Floats, Ints
from projects.vocabulary.evidence import Evidence

_LEAST_DEVIATION = 1e-7
"""Box frame units added to every observation, so that evidence without error stays solvable."""


def condition(mixture: ShapeMixture, evidence: Sequence[Evidence]) -> ShapeMixture:
    """The posterior given all the evidence, which is in the mixture's frame.

    log w_k += log N(y_E; mu_kE, S_EE + R); mean_k += S_.E (S_EE + R)^-1 (y_E - mu_kE);
    S -= S_.E (S_EE + R)^-1 S_E. . The order of the evidence does not matter, nor whether it
    comes at once or one by one. Raises IndexError where a landmark is not in the shape.
    """
    if not evidence:
        return mixture
    rows = _rows(mixture, evidence)
    observed = np.concatenate([piece.position for piece in evidence])
    noise = np.zeros((len(rows), len(rows)))
    for i, piece in enumerate(evidence):
        noise[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = piece.covariance
    noise += np.eye(len(rows)) * _LEAST_DEVIATION**2

    cross = mixture.residual[:, rows]
    innovation = cho_factor(cross[rows] + noise, lower=True)
    surprise = observed - _means_at(mixture, rows)
    whitened = cho_solve(innovation, surprise.T).T
    log_weights = mixture.log_weights - 0.5 * np.einsum("ke,ke->k", surprise, whitened)

    gain = cho_solve(innovation, cross.T).T
    # A product with the selection matrix, not an indexed update: rows repeat where two pieces
    # observe one landmark.
    selection = np.zeros((len(rows), 2 * mixture.size))
    selection[np.arange(len(rows)), rows] = 1.0
    keep = np.eye(2 * mixture.size) - gain @ selection
    shift = _compose(mixture.shift, keep, gain @ observed)
    # Joseph's form: stays symmetric and positive where the short form would not.
    residual = keep @ mixture.residual @ keep.T + gain @ noise @ gain.T
    return ShapeMixture(log_weights, mixture.exemplars, residual, shift)


def condition_hard(
    mixture: ShapeMixture, evidence: Sequence[Evidence], radius: float
) -> ShapeMixture:
    """The paper's rule: keep the classes Omega(E) near every click, renormalise (equation 10).

    radius: in the mixture's frame. Where no class is near enough, the nearest one is kept. The
    residual and the means of the classes stay as they are.
    """
    if not evidence:
        return mixture
    rows = _rows(mixture, evidence)
    observed = np.concatenate([piece.position for piece in evidence])
    offsets = (_means_at(mixture, rows) - observed).reshape(mixture.classes, -1, 2)
    distance = np.linalg.norm(offsets, axis=2).max(axis=1)
    inside = distance <= max(radius, float(distance.min()))
    log_weights = np.where(inside, mixture.log_weights, -np.inf)
    return ShapeMixture(log_weights, mixture.exemplars, mixture.residual, mixture.shift)


def _rows(mixture: ShapeMixture, evidence: Sequence[Evidence]) -> Ints:
    """Flat coordinates (x, y of each piece) that the evidence observes."""
    landmarks = np.array([piece.landmark for piece in evidence])
    if landmarks.min() < 0 or landmarks.max() >= mixture.size:
        raise IndexError(f"evidence names a landmark outside 0..{mixture.size - 1}")
    return np.stack([2 * landmarks, 2 * landmarks + 1], axis=1).ravel()


def _means_at(mixture: ShapeMixture, rows: Ints) -> Floats:
    """(K, n) the coordinates `rows` of every class mean, without computing the others."""
    flat = mixture.exemplars.reshape(mixture.classes, -1)
    if mixture.shift is None:
        return flat[:, rows].astype(np.float64)
    matrix = mixture.shift.matrix[rows].astype(flat.dtype)
    return (flat @ matrix.T).astype(np.float64) + mixture.shift.offset[rows]


def _compose(earlier: Shift | None, matrix: Floats, offset: Floats) -> Shift:
    if earlier is None:
        return Shift(matrix, offset)
    return Shift(matrix @ earlier.matrix, matrix @ earlier.offset + offset)
