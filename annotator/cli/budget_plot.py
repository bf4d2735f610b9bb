"""The picture of `annotator budget`: c-hat by points on the left, error by hours on the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from annotator.session.planning import Offer
from annotator.session.recommending import Recommendation
from projects.budgets.known_formats import Comparison
from projects.vocabulary.errors import ActionableError

_SIZE = (1300, 560)
_INK, _GREY, _BAND = (20, 20, 20), (150, 150, 150), (205, 220, 240)
_LINE, _MARK, _KNOWN = (30, 90, 170), (200, 60, 40), (40, 130, 70)
_TICKS = 5

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class _Axes:
    """A part of the picture, and the ranges of x and y that it shows."""

    left: int
    top: int
    right: int
    bottom: int
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        across = (x - self.x[0]) / max(self.x[1] - self.x[0], 1e-9)
        up = (y - self.y[0]) / max(self.y[1] - self.y[0], 1e-9)
        return (
            self.left + across * (self.right - self.left),
            self.bottom - up * (self.bottom - self.top),
        )


def draw(
    path: Path, offer: Offer, chosen: Recommendation, known: Sequence[Comparison] = ()
) -> None:
    """Raises ActionableError where the file cannot be written."""
    image = Image.new("RGB", _SIZE, "white")
    pen = ImageDraw.Draw(image)
    curve = offer.curve
    axes = _Axes(80, 50, 620, 490, (0, max(curve.sizes)), (0.0, 1.0))
    _frame(pen, axes, "points that are clicked", "c-hat: smallest affinity", "{:.0f}", "{:.2f}")
    if offer.spread is not None:
        middle, width = offer.spread.mean, offer.spread.deviation
        upper = [axes.at(m, min(v, 1)) for m, v in zip(curve.sizes, middle + width, strict=True)]
        lower = [axes.at(m, max(v, 0)) for m, v in zip(curve.sizes, middle - width, strict=True)]
        pen.polygon([*upper, *lower[::-1]], fill=_BAND)
    _line(pen, axes, list(zip(curve.sizes, curve.c_hat, strict=True)))
    for m in curve.jumps:
        _label(pen, axes, (m, curve.at(m).c_hat), f"jump, {m}", _INK)
    for one in known:
        _label(pen, axes, (one.known.m, one.c), one.known.name, _KNOWN)
    _label(pen, axes, (chosen.m, curve.at(chosen.m).c_hat), "", _MARK)
    bought = [(p.hours, p.error, p.m) for p in offer.purchases if p.error is not None]
    if bought:
        most = max(error for _, error, _ in bought)
        axes = _Axes(760, 50, 1270, 490, (0, max(h for h, _, _ in bought)), (0, most * 1.05))
        _frame(pen, axes, "hours for all that wait", "held-out error, NME %", "{:.4g}", "{:.1f}")
        _line(pen, axes, [(hours, error) for hours, error, _ in bought])
        for hours, error, m in bought:
            if m in (0, chosen.m, bought[-1][2]):
                colour = _MARK if m == chosen.m else _INK
                _label(pen, axes, (hours, error), f"m{m}", colour)
    try:
        image.save(path, format="PNG")
    except OSError as error:
        raise ActionableError(
            f"The plot cannot be written to {path}: {error.strerror}.",
            remedy="Give another path to --plot.",
        ) from error


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _frame(
    pen: ImageDraw.ImageDraw, axes: _Axes, below: str, above: str, x_form: str, y_form: str
) -> None:
    pen.line(
        [(axes.left, axes.top), (axes.left, axes.bottom), (axes.right, axes.bottom)], fill=_INK
    )
    font = _font(15)
    for i in range(_TICKS + 1):
        share = i / _TICKS
        x = axes.x[0] + share * (axes.x[1] - axes.x[0])
        y = axes.y[0] + share * (axes.y[1] - axes.y[0])
        across, up = axes.at(x, axes.y[0])[0], axes.at(axes.x[0], y)[1]
        pen.line([(across, axes.bottom), (across, axes.bottom + 5)], fill=_INK)
        pen.text((across, axes.bottom + 8), x_form.format(x), _INK, font, anchor="ma")
        pen.line([(axes.left - 5, up), (axes.left, up)], fill=_INK)
        pen.text((axes.left - 8, up), y_form.format(y), _INK, font, anchor="rm")
        if i:
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
) -> None:
    x, y = axes.at(*point)
    pen.ellipse((x - 5, y - 5, x + 5, y + 5), fill=colour)
    if x > axes.right - 40:
        pen.text((x - 2, y - 8), text, colour, _font(14), anchor="rd")
    else:
        pen.text((x + 9, y + 5), text, colour, _font(14))
