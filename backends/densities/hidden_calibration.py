"""How probable it is that a photograph does not show a landmark: signs of it, calibrated.

What a network gives is a sign that a landmark is hidden, and no probability: log odds that were
learned from crops in which more is covered than in photographs, or a map that nobody has told what
is hidden. Logistic regression on images that were kept out of training makes it one (Platt 1999,
with an offset of its own for each landmark).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats

Shown = TypeVar("Shown")

FEWEST = 20
"""Hidden landmarks, and others, below which nothing can be learned."""
_PSEUDO_SAMPLES = 20.0
"""How many landmarks a landmark's own offset counts the common one as."""
_COVERED_EACH = 4
"""Times that each patch is covered, where the labels do not say what is hidden."""


@dataclass(frozen=True, eq=False)
class HiddenCalibration:
    """slopes: (F,) of the signs, none below nought: the stronger a sign, the more probable it is
    that a landmark is hidden. offsets: (L,) of each landmark, for some are hidden often."""

    slopes: Floats
    offsets: Floats

    def probabilities(self, signs: Floats) -> Floats:
        """(..., L) from the signs (..., L, F)."""
        return np.asarray(1 / (1 + np.exp(-(signs @ self.slopes + self.offsets))))


def judged(
    learned: Sequence[Patch],
    held_out: Sequence[Patch],
    show: Callable[[Patch], Shown],
    cover: Callable[[Patch], tuple[Shown, Bools]],
) -> tuple[list[Shown], Floats, float | None]:
    """What a network is shown of patches that it has not learned from, (N, L) what is hidden there:
    1, else 0, NaN where there is no landmark; and the rate, as of `fit_hidden`.

    As they are where enough labels say it, else with something drawn over them: cover gives which
    landmarks lie under it as well. More lies there than photographs hide, so the rate is that of
    all labels then.
    """
    told = [(patch, patch.hidden) for patch in held_out if patch.hidden is not None]
    truths = [_where_known(patch, hidden) for patch, hidden in told]
    enough = sum(int(np.count_nonzero(truth == 1)) for truth in truths) >= FEWEST
    if enough:
        return [show(patch) for patch, _ in told], np.array(truths), None
    shown, truths = [], []
    for patch in list(held_out) * _COVERED_EACH:
        seen, covered = cover(patch)
        # What the label says is hidden is so beside the cover, too.
        hidden = covered if patch.hidden is None else covered | (patch.hidden == 1)
        shown.append(seen)
        truths.append(_where_known(patch, hidden))
    return shown, np.array(truths), label_rate([*learned, *held_out])


def label_rate(patches: Sequence[Patch]) -> float:
    """The share of labelled landmarks that labels say are hidden, of those of which anybody has
    said it; all count as seen where nobody ever has. Above nought: what was not met may come."""
    told = [patch for patch in patches if patch.hidden is not None] or patches
    known = np.concatenate([np.isfinite(patch.points[:, 0]) for patch in told])
    nobody = np.zeros(len(told[0].points))
    hidden = np.concatenate([nobody if p.hidden is None else p.hidden for p in told])
    return _rate(float(hidden[known].sum()), int(known.sum()))


def _rate(hidden: float, known: int) -> float:
    return (hidden + 0.5) / (known + 1.0)


def _where_known(patch: Patch, hidden: Bools | Floats) -> Floats:
    return np.where(np.isfinite(patch.points[:, 0]), hidden, np.nan)


def fit_hidden(signs: Floats, truths: Floats, rate: float | None = None) -> HiddenCalibration:
    """The likeliest calibration of N observations, its offsets held together by a quadratic prior.

    signs: (N, L, F); truths: (N, L), 1 where the landmark is hidden, 0 where not, NaN where that is
    not known. rate: the share that is hidden where it is to be used, if that is another one than
    among the N: of what is drawn over images most people's photographs show nothing. The signs
    keep what they say, the odds are those of that share (Saerens, Latinne and Decaestecker 2002).
    """
    from scipy.optimize import minimize  # here: nobody who only proposes is to wait for it
    from scipy.special import expit

    known = np.isfinite(truths)
    hidden = np.where(known, truths, 0.0)
    landmarks, count = signs.shape[1:]
    # In units of their own deviations, so that one prior and one start suit all signs.
    sizes = np.maximum(signs[known].std(axis=0), 1e-9)
    middles = signs[known].mean(axis=0)
    features = (signs - middles) / sizes
    among = _rate(float(hidden[known].sum()), int(known.sum()))
    common = _log_odds(among)
    looseness = _PSEUDO_SAMPLES * among * (1.0 - among)

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
    if rate is not None:
        offsets = offsets + _log_odds(rate) - common
    return HiddenCalibration(slopes, offsets)


def _log_odds(rate: float) -> float:
    return float(np.log(rate / (1.0 - rate)))
