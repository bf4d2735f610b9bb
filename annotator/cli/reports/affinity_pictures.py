"""Pictures of affinities between landmarks: a matrix as a heat map, single pairs as curves."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from landmark_annotator.projects.images.written_picture import write_picture
from landmark_annotator.projects.vocabulary.arrays import Floats

_INK, _GREY = (20, 20, 20), (210, 210, 210)
_SIDE, _LEFT, _TOP, _BAR = 640, 60, 60, 24
_COLOURS = ((30, 90, 170), (200, 60, 40), (40, 130, 70), (140, 80, 160), (160, 120, 20))


def heat_map(path: Path, matrix: Floats, title: str, limit: float) -> None:
    """(L, L) values from -limit (red) over zero (white) to limit (green), as in the thesis: green
    is too much. Landmarks are numbered as in the scheme, from 0."""
    size = len(matrix)
    cell = max(_SIDE // size, 2)
    side = cell * size
    limit = max(limit, 1e-6)
    image = Image.new("RGB", (_LEFT + side + 40 + _BAR + 90, _TOP + side + 40), "white")
    shown = Image.fromarray(_coloured(matrix / limit)).resize(
        (side, side), Image.Resampling.NEAREST
    )
    image.paste(shown, (_LEFT, _TOP))
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(13)
    pen.text((_LEFT, 18), title, _INK, ImageFont.load_default(16))
    pen.rectangle((_LEFT - 1, _TOP - 1, _LEFT + side, _TOP + side), outline=_INK)
    for j in range(0, size, max(round(size / 14), 1)):
        middle = _TOP + (j + 0.5) * cell
        pen.text((_LEFT - 8, middle), str(j), _INK, font, anchor="rm")
        pen.text((_LEFT + (j + 0.5) * cell, _TOP + side + 8), str(j), _INK, font, anchor="ma")
    scale = _coloured(np.linspace(1, -1, side)[:, None])
    left = _LEFT + side + 40
    image.paste(Image.fromarray(scale).resize((_BAR, side)), (left, _TOP))
    for share in (1.0, 0.5, 0.0, -0.5, -1.0):
        at = _TOP + (1 - share) / 2 * side
        pen.text((left + _BAR + 8, at), f"{share * limit:+.3f}", _INK, font, anchor="lm")
    write_picture(image, path)


def _coloured(shares: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """(..., 3) bytes of values in -1..1."""
    strength = np.clip(np.abs(shares), 0, 1)[..., None]
    full = np.where(shares[..., None] > 0, np.array([20, 130, 60]), np.array([190, 40, 40]))
    return np.asarray((1 - strength) * 255 + strength * full).round().astype(np.uint8)


def curves(
    path: Path,
    lines: Mapping[str, Sequence[float]],
    levels: Mapping[str, float],
    names: Sequence[str],
) -> None:
    """Affinities in 0..1 of pairs, by stage or epoch; a dashed line is the truth's."""
    width, height = 900, 520
    image = Image.new("RGB", (width, height), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(13)
    left, top, right, bottom = 60, 50, width - 110, height - 110
    values = [v for line in lines.values() for v in line] + list(levels.values())
    low = np.floor(10 * min(values)) / 10
    high = max(np.ceil(10 * max(values)) / 10, low + 0.1)

    def at(index: float, value: float) -> tuple[float, float]:
        across = left + (right - left) * index / max(len(names) - 1, 1)
        return across, bottom - (bottom - top) * (value - low) / (high - low)

    pen.text((left, 18), "affinity of a pair; dashed: of the truth", _INK, font)
    for tick in np.linspace(low, high, 6):
        pen.line([at(0, tick), at(len(names) - 1, tick)], fill=_GREY)
        pen.text((left - 8, at(0, tick)[1]), f"{tick:.2f}", _INK, font, anchor="rm")
    step = max(round(len(names) / 8), 1)
    for index in range(0, len(names), step):
        x, _ = at(index, low)
        row = (index // step) % 2
        pen.text((x, bottom + 10 + 22 * row), names[index], _INK, font, anchor="ma")
    for number, (name, line) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        pen.line([at(i, v) for i, v in enumerate(line)], fill=colour, width=3)
        for i, v in enumerate(line):
            x, y = at(i, v)
            pen.ellipse((x - 3, y - 3, x + 3, y + 3), fill=colour)
        pen.text((right + 10, at(0, line[-1])[1]), name, colour, font, anchor="lm")
        y = at(0, levels[name])[1]
        for start in range(left, right, 14):
            pen.line([(start, y), (start + 7, y)], fill=colour)
    write_picture(image, path)
