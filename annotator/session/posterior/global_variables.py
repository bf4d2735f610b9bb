"""What is believed of the whole object: yaw, roll, how far the mouth is open."""

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backends.shapes import Proposal, ShapeMixture
from backends.shapes.summaries.global_variables import variables
from projects.vocabulary import Evidence, Scheme
from projects.vocabulary.arrays import Floats

_DRAWN = 500
"""Shapes drawn from the belief: the mean of a variable is right to 5 % of its spread."""
_BINS = 24
_OUTSIDE = 0.005
"""The share of the proposal that lies below, and above, what is shown of a variable."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One variable of the shape, see `backends.shapes.summaries.global_variables`.

    mean: angles within half a turn of zero; low and high can lie beyond it.
    unit: the sign that follows its values. shares: (24,) of the belief in bins between low and
    high, which hold what was proposed before any click, so they stay while clicks come in.
    """

    name: str
    unit: str
    mean: float
    deviation: float
    low: float
    high: float
    shares: Floats


def readings(scheme: Scheme, proposal: Proposal, evidence: Sequence[Evidence]) -> list[Reading]:
    """None where the scheme has no such variables. evidence: in image pixels.

    Slow where there are many classes; touches nothing, so it may run in any thread.
    """
    known = variables(scheme)
    if not known:
        return []
    settled = proposal.settled(evidence)
    proposed, believed = (
        settled.box.to_image(drawn(mixture, _DRAWN))
        for mixture in (settled.mixture, settled.believed(evidence))
    )
    found = []
    for name, variable in known.items():
        # Openings are shares of a width; all else is an angle, whose values lie in a circle.
        opening = name.endswith("opening")
        before, values = variable(proposed), variable(believed)
        if not opening:
            middle = _circular_mean(before)
            before, values = _nearest_turn(before, middle), _nearest_turn(values, middle)
        low, high = np.quantile(before, (_OUTSIDE, 1 - _OUTSIDE))
        if not low < high:
            continue
        counts, _ = np.histogram(np.clip(values, low, high), bins=np.linspace(low, high, _BINS + 1))
        mean = float(values.mean())
        found.append(
            Reading(
                name,
                "" if opening else "\N{DEGREE SIGN}",
                mean if opening else math.remainder(mean, 360.0),
                float(values.std()),
                float(low),
                float(high),
                counts / _DRAWN,
            )
        )
    return found


def _circular_mean(degrees: Floats) -> float:
    return math.degrees(cmath.phase(np.exp(1j * np.radians(degrees)).mean()))


def _nearest_turn(degrees: Floats, middle: float) -> Floats:
    """The same angles within half a turn of the middle."""
    return np.asarray(middle + (degrees - middle + 180.0) % 360.0 - 180.0)


def drawn(mixture: ShapeMixture, count: int, seed: int = 0) -> Floats:
    """(count, L, 2) shapes of the mixture in its frame, residual and all.

    The same seed draws the same quantiles of every mixture, so what is shown of two beliefs
    differs by the beliefs alone.
    """
    random = np.random.default_rng(seed)
    leading = mixture.leading
    mass = np.cumsum(mixture.weights[leading])
    places = np.searchsorted(mass, random.uniform(0.0, mass[-1], count))
    values, vectors = np.linalg.eigh(mixture.residual)
    noise = random.normal(size=(count, len(values))) * np.sqrt(np.maximum(values, 0.0))
    centres = mixture.means(leading[np.minimum(places, len(leading) - 1)])
    return np.asarray(centres + (noise @ vectors.T).reshape(count, -1, 2), dtype=np.float64)
