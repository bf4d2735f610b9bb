"""The picture of the `campaign` protocol: clicks an image as a set grows."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from landmark_annotator.projects.images.written_picture import write_picture
from landmark_annotator.projects.vocabulary.errors import ActionableError

_PANEL = (460, 320)
_LEFT, _TOP, _RIGHT, _BOTTOM = 50, 40, 20, 45
_INK, _GREY = (20, 20, 20), (200, 200, 200)
_COLOURS = ((30, 90, 170), (200, 60, 40), (40, 130, 70), (150, 90, 160))
_WINDOW = 0.15
"""Share of the images that each point of a curve averages over."""


def draw(path: Path, curves: Mapping[str, Mapping[str, Sequence[int]]]) -> None:
    """curves: of each set, of each variant, the clicks that each image took in turn.

    Raises ActionableError where the file cannot be written.
    """
    columns = min(2, len(curves))
    rows = -(-len(curves) // columns)
    image = Image.new("RGB", (columns * _PANEL[0], rows * _PANEL[1]), "white")
    pen = ImageDraw.Draw(image)
    for index, (name, variants) in enumerate(curves.items()):
        corner = (index % columns * _PANEL[0], index // columns * _PANEL[1])
        _panel(pen, corner, name, variants)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_picture(image, path)
    except OSError as error:
        why = error.strerror
        raise ActionableError(f"The picture cannot be written to {path}: {why}.") from error


def smoothed(clicks: Sequence[int]) -> list[float]:
    """Averages over a window that moves along the images, without the first one: that one is
    clicked completely by hand."""
    rest = np.array(clicks[1:], dtype=np.float64)
    width = max(1, round(_WINDOW * len(rest)))
    return [float(rest[max(0, i + 1 - width) : i + 1].mean()) for i in range(len(rest))]


def _panel(
    pen: ImageDraw.ImageDraw,
    corner: tuple[int, int],
    name: str,
    variants: Mapping[str, Sequence[int]],
) -> None:
    lines = {variant: smoothed(clicks) for variant, clicks in variants.items()}
    highest = max([max(line, default=0.0) for line in lines.values()] + [1.0])
    longest = max(len(line) for line in lines.values())
    x0, y0 = corner[0] + _LEFT, corner[1] + _TOP
    width, height = _PANEL[0] - _LEFT - _RIGHT, _PANEL[1] - _TOP - _BOTTOM
    font = ImageFont.load_default(13)
    for step in range(5):
        y = y0 + height - height * step / 4
        pen.line([(x0, y), (x0 + width, y)], fill=_GREY)
        pen.text((x0 - 6, y), f"{highest * step / 4:.3g}", fill=_INK, font=font, anchor="rm")
        x = x0 + width * step / 4
        label = f"{1 + longest * step / 4:.0f}"
        pen.text((x, y0 + height + 6), label, fill=_INK, font=font, anchor="mt")
    pen.text((x0, corner[1] + 18), f"{name}: clicks an image", fill=_INK, font=font, anchor="lm")
    pen.text((x0 + width / 2, y0 + height + 32), "image", fill=_INK, font=font, anchor="mm")
    for order, (variant, line) in enumerate(lines.items()):
        colour = _COLOURS[order % len(_COLOURS)]
        places = [
            (x0 + width * i / max(longest - 1, 1), y0 + height - height * value / highest)
            for i, value in enumerate(line)
        ]
        if len(places) > 1:
            pen.line(places, fill=colour, width=2)
        pen.text(
            (x0 + width - 4, y0 + 8 + 15 * order), variant, fill=colour, font=font, anchor="rm"
        )
