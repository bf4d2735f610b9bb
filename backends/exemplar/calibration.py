"""Temperature, blend and residual covariance, from images the network was not trained on."""

from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints

_LEADING = 48
"""Classes an observation's responsibilities are computed over: its likeliest."""
_EM_ROUNDS = 8
FOLDS = 4
_INVERSE_TEMPERATURES = (0.5, 1.0, 2.0, 4.0, 8.0)
_BLENDS = (0.0, 0.4, 0.6, 0.75, 0.9, 1.0)
_ENOUGH = 1.01
_PSEUDO_SAMPLES = 60.0
"""How many samples the assumed pattern of the residual counts as, beside the held-out ones."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """N held-out observations: scores (N, K) before temperature, truths (N, L, 2) in the refined
    boxes, groups (N,) of those of one instance, which stay on one side of every split; regressed
    (N, L, 2) where the pose regressors put the landmarks, None where there are none yet."""

    scores: Floats
    truths: Floats
    groups: Ints
    regressed: Floats | None = None

    def blended(self, blend: float) -> "HeldOut":
        """With what the regressed shapes already explain taken off the truths."""
        if self.regressed is None or blend == 0.0:
            return self
        return replace(self, truths=self.truths - blend * self.regressed)


@dataclass(frozen=True, eq=False)
class Calibration:
    """A class mean is (1 - blend) exemplar + blend regressed shape. temperature: what scores are
    divided by. residual: (2L, 2L) around every class mean."""

    temperature: float
    blend: float
    residual: Floats


def calibrate(held_out: HeldOut, exemplars: AnyFloats, pattern: Floats) -> Calibration:
    """The temperature under which held-out truths are likeliest, by cross-validation, after the
    blend with the least error: a likelihood would weigh most the directions in which shapes hardly
    vary, where a regressed shape is rougher than a class, but which nobody sees.

    pattern: (2L, 2L) the residual as it would be with few samples, up to its scale: how training
    shapes differ from their nearest exemplar.
    """

    def likelihood(inverse: float, blend: float) -> float:
        rest = held_out.blended(blend)
        return _cross_validated(rest, exemplars * (1 - blend), pattern, inverse)

    inverse, blend = max(_INVERSE_TEMPERATURES, key=lambda i: likelihood(i, 0.0)), 0.0
    if held_out.regressed is not None:
        blend = _least_error(held_out, exemplars, inverse)
        inverse = max(_INVERSE_TEMPERATURES, key=lambda i: likelihood(i, blend))
    rest = held_out.blended(blend)
    residual = _fit_residual(_Prepared.of(rest, exemplars * (1 - blend), inverse), pattern)
    return Calibration(1.0 / inverse, blend, residual)


def _least_error(held_out: HeldOut, exemplars: AnyFloats, inverse: float) -> float:
    """The smallest share of the regressed shape, so that the classes keep a say, with an error of
    the expected shape within a hundredth of the least."""
    assert held_out.regressed is not None
    weights = np.exp((held_out.scores - held_out.scores.max(axis=1, keepdims=True)) * inverse)
    weights /= weights.sum(axis=1, keepdims=True)
    expected = np.einsum("nk,kla->nla", weights, exemplars, optimize=True)
    errors = [
        float(np.nanmean(np.linalg.norm(rest, axis=2)))
        for rest in (held_out.truths - (1 - b) * expected - b * held_out.regressed for b in _BLENDS)
    ]
    return next(b for b, e in zip(_BLENDS, errors, strict=True) if e <= _ENOUGH * min(errors))


def _fit_residual(prepared: "_Prepared", pattern: Floats) -> Floats:
    """EM for the one covariance shared by all classes, maximum a posteriori."""
    covariance = prepared.scaled(pattern, prepared.offsets[:, 0])
    for _ in range(_EM_ROUNDS):
        share = prepared.responsibilities(covariance)[0]
        weighted = prepared.offsets * np.sqrt(share)[..., None]
        flat = weighted.reshape(-1, weighted.shape[-1])
        scatter = flat.T @ flat
        target = prepared.scaled(pattern, None, float(np.trace(scatter)) / len(share))
        covariance = (scatter + _PSEUDO_SAMPLES * target) / (len(share) + _PSEUDO_SAMPLES)
    return covariance


def _cross_validated(
    held_out: HeldOut, exemplars: AnyFloats, pattern: Floats, inverse: float
) -> float:
    """Mean log likelihood of the truths in folds that the residual was not fitted to."""
    total = 0.0
    prepared = _Prepared.of(held_out, exemplars, inverse)
    names = np.unique(held_out.groups)
    for fold in range(FOLDS):
        outside = np.isin(held_out.groups, names[fold::FOLDS])
        if outside.all() or not outside.any():
            continue
        fitted = _fit_residual(prepared.part(~outside), pattern)
        total += float(prepared.part(outside).responsibilities(fitted)[1].sum())
    return total


@dataclass(frozen=True, eq=False)
class _Prepared:
    """offsets: (N, n, 2L) truth less exemplar, log_weights: (N, n), over the leading classes."""

    offsets: Floats
    log_weights: Floats

    @classmethod
    def of(cls, held_out: HeldOut, exemplars: AnyFloats, inverse: float) -> "_Prepared":
        scaled = held_out.scores * inverse
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        log_weights = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        count = min(_LEADING, log_weights.shape[1])
        leading = np.argpartition(-log_weights, count - 1, axis=1)[:, :count]
        order = np.argsort(-np.take_along_axis(log_weights, leading, axis=1), axis=1)
        leading = np.take_along_axis(leading, order, axis=1)
        flat = exemplars.reshape(len(exemplars), -1)
        truths = held_out.truths.reshape(len(held_out.truths), 1, -1)
        # Unknown landmarks of a truth neither pull nor push.
        offsets = np.nan_to_num(truths - flat[leading])
        return cls(offsets, np.take_along_axis(log_weights, leading, axis=1))

    def part(self, chosen: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> "_Prepared":
        return _Prepared(self.offsets[chosen], self.log_weights[chosen])

    def scaled(self, pattern: Floats, offsets: Floats | None, trace: float = 0.0) -> Floats:
        """The pattern with the trace of the offsets (N, 2L), or with the trace given."""
        wanted = trace if offsets is None else float((offsets**2).sum(axis=1).mean())
        return pattern * (wanted / float(np.trace(pattern)))

    def responsibilities(self, covariance: Floats) -> tuple[Floats, Floats]:
        """(N, n) of the classes for each truth, and the log likelihood (N,) of each truth."""
        lower = np.linalg.cholesky(covariance)
        flat = self.offsets.reshape(-1, self.offsets.shape[-1])
        whitened = flat @ np.linalg.inv(lower).T
        squared = (whitened**2).sum(axis=1).reshape(self.log_weights.shape)
        joint = self.log_weights - 0.5 * squared
        highest = joint.max(axis=1, keepdims=True)
        total = highest + np.log(np.exp(joint - highest).sum(axis=1, keepdims=True))
        log_determinant = 2.0 * float(np.log(np.diag(lower)).sum())
        return np.exp(joint - total), total[:, 0] - 0.5 * log_determinant
