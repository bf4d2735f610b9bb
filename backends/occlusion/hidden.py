"""How probable it is that a photograph does not show a landmark: signs of it, calibrated.

The distillation module was never told what is hidden, so what its map P says is a sign, no
probability. Logistic regression on labels, or on faces that were covered on purpose, makes it one.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from landmark_annotator.projects.vocabulary.arrays import Bools, Floats

_PSEUDO_SAMPLES = 20.0
"""How many landmarks a landmark's own offset counts the common one as."""


@dataclass(frozen=True, eq=False)
class HiddenCalibration:
    """slopes: (F,) of the signs, none below nought: the stronger a sign, the more probable it is
    that a landmark is hidden. offsets: (L,) of each landmark, for some are hidden often."""

    slopes: Floats
    offsets: Floats

    def probabilities(self, signs: Floats) -> Floats:
        """(..., L) from the signs (..., L, F)."""
        return np.asarray(expit(signs @ self.slopes + self.offsets))


def fit_hidden(signs: Floats, hidden: Bools, known: Bools) -> HiddenCalibration:
    """The likeliest calibration of N observations, its offsets held together by a quadratic prior.

    signs: (N, L, F); hidden, known: (N, L), whether each landmark is hidden, and whether that is
    known at all.
    """
    landmarks, count = signs.shape[1:]
    # In units of their own deviations, so that one prior and one start suit all signs.
    sizes = np.maximum(signs[known].std(axis=0), 1e-9)
    middles = signs[known].mean(axis=0)
    features = (signs - middles) / sizes
    rate = (hidden[known].sum() + 0.5) / (known.sum() + 1.0)
    common = float(np.log(rate / (1.0 - rate)))
    looseness = _PSEUDO_SAMPLES * rate * (1.0 - rate)

    def unlikely(values: Floats) -> tuple[float, Floats]:
        """The negative log posterior, and its gradient."""
        slopes, middle, own = values[:count], values[count], values[count + 1 :]
        logits = features @ slopes + middle + own
        losses = np.where(known, np.logaddexp(0.0, logits) - hidden * logits, 0.0)
        away = np.where(known, expit(logits) - hidden, 0.0)
        gradient = np.concatenate(
            [
                np.einsum("nl,nlf->f", away, features) + slopes,
                [away.sum()],
                away.sum(axis=0) + looseness * own,
            ]
        )
        prior = (slopes @ slopes + looseness * own @ own) / 2
        return float(losses.sum() + prior), gradient

    start = np.concatenate([np.full(count, 0.1), [common], np.zeros(landmarks)])
    bounds = [(0.0, None)] * count + [(None, None)] * (1 + landmarks)
    found = minimize(unlikely, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    slopes = found[:count] / sizes
    offsets = found[count] + found[count + 1 :] - float(middles @ slopes)
    return HiddenCalibration(slopes, offsets)
