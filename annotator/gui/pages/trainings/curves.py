"""The curves of one training, or of two on the same axes."""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.annotator.gui.style.plots import LINE, MARK, Plot
from landmark_annotator.annotator.session.models.training_record import Curve, TrainingRecord

_TONES = (LINE, MARK)
_SYMBOLS = ("o", "s")
_LOSS = "loss"
_HELD_OUT = "held-out loss"


def draw_losses(plot: Plot, records: Sequence[TrainingRecord]) -> None:
    """What the network itself learns by; dashed those of what learns beside it, with dots the same
    on instances that were held out."""
    curves = [[(n, c) for n, c in one.curves.items() if n.startswith(_LOSS)] for one in records]
    if not any(curves):
        plot.say("Nothing was measured of what is chosen.")
        return
    plot.begin()
    highest = 0.0
    for place, (record, named) in enumerate(zip(records, curves, strict=True)):
        for order, (_, points) in enumerate(named):
            highest = max(highest, _draw(plot, points, place, dashed=order > 0))
        for name, points in record.curves.items():
            if name.startswith(_HELD_OUT):
                highest = max(highest, _draw(plot, points, place, dotted=True))
                curves[place].append((name, points))
        if named and len(records) > 1:
            _name(plot, record, named[0][1])
    # A log likelihood may be below zero.
    if all(value >= 0 for named in curves for _, points in named for _, value in points):
        plot.from_zero(highest)
    else:
        plot.item.enableAutoRange(axis="y")


def draw_errors(plot: Plot, records: Sequence[TrainingRecord]) -> None:
    """On instances that were held out, while the network learns."""
    curves = [one.curves.get("held-out error", ()) for one in records]
    if not any(curves):
        plot.say("It is not measured while this kind of model learns, or has not been yet.")
        return
    plot.begin()
    highest = 0.0
    for place, (record, points) in enumerate(zip(records, curves, strict=True)):
        if points:
            highest = max(highest, _draw(plot, points, place, dotted=True))
            if len(records) > 1:
                _name(plot, record, points)
    plot.from_zero(highest)


def _draw(
    plot: Plot, points: Curve, place: int, *, dashed: bool = False, dotted: bool = False
) -> float:
    """The highest value."""
    x, y = np.array(points, dtype=float).T
    plot.line(x, y, _TONES[place], dashed=dashed)
    if dotted or len(x) == 1:
        plot.dots(x, y, _TONES[place], size=7, symbol=_SYMBOLS[place])
    return float(y.max())


def _name(plot: Plot, record: TrainingRecord, points: Curve) -> None:
    epoch, value = points[-1]
    plot.label(epoch, value, f"{record.number}", anchor=(1, 1))
