"""The picture of `annotator evaluate latency`: milliseconds by the number of classes."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from landmark_annotator.annotator.cli.reports.plot_files import save_plot
from landmark_annotator.projects.vocabulary.errors import ActionableError

_SIZE = (900, 560)
_LEFT, _TOP, _RIGHT, _BOTTOM = 90, 50, 660, 480
_INK, _GRID = (20, 20, 20), (232, 232, 232)
_COLOURS = ((30, 90, 170), (200, 60, 40), (40, 130, 70))
_TITLES = {
    "click_ms": "a click",
    "click_query_ms": "with the next query",
    "first_click_ms": "the first on an image",
}


def draw(path: Path, figures: Mapping[str, Any]) -> None:
    """Both axes by powers of ten. Raises ActionableError where the figures are of another
    protocol, or the file cannot be written."""
    if "latency/classes" not in figures:
        raise ActionableError(
            "Only the latency protocol has something to plot.", remedy="Leave --plot out."
        )
    classes: list[float] = figures["latency/classes"]
    lines: dict[str, list[float]] = {name: figures[f"latency/{name}"] for name in _TITLES}
    image = Image.new("RGB", _SIZE, "white")
    pen = ImageDraw.Draw(image)
    values = [value for line in lines.values() for value in line]
    across = _Scale(classes, _LEFT, _RIGHT)
    up = _Scale(values, _BOTTOM, _TOP)
    for power in across.powers:
        x = across.at(10**power)
        pen.line([(x, _TOP), (x, _BOTTOM)], fill=_GRID)
        pen.text((x, _BOTTOM + 8), f"{10**power:,}", _INK, _font(15), anchor="ma")
    for power in up.powers:
        y = up.at(10**power)
        pen.line([(_LEFT, y), (_RIGHT, y)], fill=_GRID)
        pen.text((_LEFT - 8, y), f"{10.0**power:g}", _INK, _font(15), anchor="rm")
    pen.line([(_LEFT, _TOP), (_LEFT, _BOTTOM), (_RIGHT, _BOTTOM)], fill=_INK)
    pen.text(((_LEFT + _RIGHT) / 2, _BOTTOM + 32), "classes", _INK, _font(17), anchor="ma")
    pen.text((_LEFT, _TOP - 30), "milliseconds, median", _INK, _font(17))
    for index, ((name, line), colour) in enumerate(zip(lines.items(), _COLOURS, strict=True)):
        places = [(across.at(k), up.at(value)) for k, value in zip(classes, line, strict=True)]
        pen.line(places, fill=colour, width=2)
        for x, y in places:
            pen.ellipse((x - 4, y - 4, x + 4, y + 4), fill=colour)
        # Lines may end close together, so their names stand in a list of their own.
        pen.text((_RIGHT + 25, _TOP + 26 * index), _TITLES[name], colour, _font(16))
    save_plot(image, path)


class _Scale:
    """From numbers to places between `start` and `end`, by their logarithms, over whole powers of
    ten."""

    def __init__(self, numbers: Sequence[float], start: int, end: int) -> None:
        lowest = math.floor(math.log10(max(min(numbers), 1e-3)))
        highest = max(math.ceil(math.log10(max(*numbers, 1e-3))), lowest + 1)
        self.powers = range(lowest, highest + 1)
        self._start = start
        self._step = (end - start) / (highest - lowest)

    def at(self, number: float) -> float:
        return self._start + self._step * (math.log10(max(number, 1e-3)) - self.powers[0])


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
