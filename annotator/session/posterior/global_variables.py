"""What is believed of the whole object: yaw, roll, how far the mouth is open."""

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.summaries.global_variables import variables
from landmark_annotator.backends.shapes.summaries.samples import drawn_shapes
from landmark_annotator.projects.vocabulary import Evidence, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

_DRAWN = 500
"""Shapes drawn from the belief: the mean of a variable is right to 5 % of its spread."""
_BINS = 24
_OUTSIDE = 0.005
"""The share of the proposal that lies below, and above, what is shown of a variable."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One variable of the shape, see
    `landmark_annotator.backends.shapes.summaries.global_variables`.

    mean: angles within half a turn of zero, of a line within a quarter; low and high can lie
    beyond it. deviation: with what objects of the same value differ by, so that clicks alone do
    not make it zero.
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
        box.to_image(drawn_shapes(mixture, _DRAWN))
        for box, mixture in ((settled.box, settled.mixture), settled.likeliest(evidence))
    )
    found = []
    for name, variable in known.items():
        turn = variable.turn
        before, values = variable(proposed), variable(believed)
        together = values
        if turn is not None:
            middle = _circular_mean(before, turn)
            before = _nearest_turn(before, middle, turn)
            values = _nearest_turn(values, middle, turn)
            # Half a turn from what was proposed, half of them would be on the other side of it.
            together = _nearest_turn(values, _circular_mean(values, turn), turn)
        low, high = np.quantile(before, (_OUTSIDE, 1 - _OUTSIDE))
        if not low < high:
            continue
        counts, _ = np.histogram(np.clip(values, low, high), bins=np.linspace(low, high, _BINS + 1))
        mean = float(together.mean())
        found.append(
            Reading(
                name,
                "" if turn is None else "\N{DEGREE SIGN}",
                mean if turn is None else math.remainder(mean, turn),
                math.hypot(float(together.std()), variable.between),
                float(low),
                float(high),
                counts / _DRAWN,
            )
        )
    return found


def _circular_mean(degrees: Floats, turn: float) -> float:
    """turn: degrees after which an angle is the same again."""
    around = np.exp(2j * np.pi * degrees / turn)
    return cmath.phase(around.mean()) * turn / (2 * math.pi)


def _nearest_turn(degrees: Floats, middle: float, turn: float) -> Floats:
    """The same angles within half a turn of the middle."""
    return np.asarray(middle + (degrees - middle + turn / 2) % turn - turn / 2)
