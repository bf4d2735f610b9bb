"""The picture of `annotator budget`: how well the rest follows, by points; error, by hours."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from landmark_annotator.annotator.cli.reports.plot_files import save_plot
from landmark_annotator.annotator.session.planning.offer import Offer
from landmark_annotator.annotator.session.planning.recommendation import Recommendation
from landmark_annotator.projects.budgets.known_formats import Comparison

_SIZE = (1300, 560)
_INK, _BAND = (20, 20, 20), (205, 220, 240)
_LINE, _MARK, _KNOWN = (30, 90, 170), (200, 60, 40), (40, 130, 70)
_STEPS = 8

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class _Axes:
    """A part of the picture, and the ticks of x and y, from 0 to the largest that it shows."""

    left: int
    top: int
    right: int
    bottom: int
    x: Sequence[float]
    y: Sequence[float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (
            self.left + x / self.x[-1] * (self.right - self.left),
            self.bottom - y / self.y[-1] * (self.bottom - self.top),
        )


def draw(
    path: Path, offer: Offer, chosen: Recommendation, known: Sequence[Comparison] = ()
) -> None:
    """Raises ActionableError where the file cannot be written."""
    image = Image.new("RGB", _SIZE, "white")
    pen = ImageDraw.Draw(image)
    curve = offer.curve
    axes = _Axes(80, 50, 620, 490, round_ticks(max(curve.sizes)), round_ticks(1.0))
    _frame(pen, axes, "points that are clicked", "how well the rest follows (c-hat)")
    if offer.spread is not None:
        middle, width = offer.spread.mean, offer.spread.deviation
        upper = [axes.at(m, min(v, 1)) for m, v in zip(curve.sizes, middle + width, strict=True)]
        lower = [axes.at(m, max(v, 0)) for m, v in zip(curve.sizes, middle - width, strict=True)]
        pen.polygon([*upper, *lower[::-1]], fill=_BAND)
    _line(pen, axes, list(zip(curve.sizes, curve.c_hat, strict=True)))
    for m in curve.jumps:
        _label(pen, axes, (m, curve.at(m).c_hat), f"jump, {m}", _INK)
    parts = [one for one in known if len(one.known.within) < len(curve.affinity)]
    for n, one in enumerate(known):
        # By turns above and below: formats of like size lie close together.
        place = (one.known.m, one.c)
        _label(pen, axes, place, one.known.name, _KNOWN, above=n % 2 == 0, hollow=one in parts)
    if parts:
        inside = f"rings: for {len(parts[0].known.within)} landmarks alone"
        pen.text((axes.right, axes.bottom - 8), inside, _KNOWN, _font(14), anchor="rd")
    if chosen.m:
        _label(pen, axes, (chosen.m, curve.at(chosen.m).c_hat), f"m{chosen.m}", _MARK, above=True)
    bought = [(p.hours, p.error, p.m) for p in offer.purchases if p.error is not None]
    if bought:
        most, longest = (max(column) for column in list(zip(*bought, strict=True))[1::-1])
        axes = _Axes(760, 50, 1270, 490, round_ticks(longest), round_ticks(most))
        _frame(pen, axes, "hours for all that wait", "held-out error, NME %")
        _line(pen, axes, [(hours, error) for hours, error, _ in bought])
        for hours, error, m in bought:
            if m in (0, chosen.m, bought[-1][2]):
                bought_so = m == chosen.m and (m > 0 or chosen.as_proposed)
                colour = _MARK if bought_so else _INK
                _label(pen, axes, (hours, error), f"m{m}", colour, above=True)
    save_plot(image, path)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def round_ticks(highest: float) -> list[float]:
    """From 0 to `highest` or just beyond, at most eight steps of 1, 2 or 5 times a power of ten."""
    highest = max(highest, 1e-6)
    power = 10.0 ** math.floor(math.log10(highest / _STEPS))
    step = next(s * power for s in (1, 2, 5, 10) if highest <= s * power * _STEPS * (1 + 1e-9))
    return [i * step for i in range(math.ceil(highest / step - 1e-9) + 1)]


def _frame(pen: ImageDraw.ImageDraw, axes: _Axes, below: str, above: str) -> None:
    pen.line(
        [(axes.left, axes.top), (axes.left, axes.bottom), (axes.right, axes.bottom)], fill=_INK
    )
    font = _font(15)
    for x in axes.x:
        across, _ = axes.at(x, 0)
        pen.line([(across, axes.bottom), (across, axes.bottom + 5)], fill=_INK)
        pen.text((across, axes.bottom + 8), f"{x:.6g}", _INK, font, anchor="ma")
    for y in axes.y:
        _, up = axes.at(0, y)
        pen.line([(axes.left - 5, up), (axes.left, up)], fill=_INK)
        pen.text((axes.left - 8, up), f"{y:.6g}", _INK, font, anchor="rm")
        if y:
            pen.line([(axes.left + 1, up), (axes.right, up)], fill=(232, 232, 232))
    pen.text(((axes.left + axes.right) / 2, axes.bottom + 32), below, _INK, _font(17), anchor="ma")
    pen.text((axes.left, axes.top - 30), above, _INK, _font(17))


def _line(pen: ImageDraw.ImageDraw, axes: _Axes, points: Points) -> None:
    places = [axes.at(x, y) for x, y in points]
    pen.line(places, fill=_LINE, width=2)
    for x, y in places:
        pen.ellipse((x - 2, y - 2, x + 2, y + 2), fill=_LINE)


def _label(
    pen: ImageDraw.ImageDraw,
    axes: _Axes,
    point: tuple[float, float],
    text: str,
    colour: tuple[int, int, int],
    *,
    above: bool = False,
    hollow: bool = False,
) -> None:
    x, y = axes.at(*point)
    inside = "white" if hollow else colour
    pen.ellipse((x - 5, y - 5, x + 5, y + 5), fill=inside, outline=colour, width=2)
    if x > axes.right - 40:
        pen.text((x - 2, y - 8), text, colour, _font(14), anchor="rd")
    elif above:
        pen.text((x + 7, y - 5), text, colour, _font(14), anchor="ld")
    else:
        pen.text((x + 9, y + 5), text, colour, _font(14))
