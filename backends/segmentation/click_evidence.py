"""What clicks say of the pixels around them.

A Gaussian process over the log odds of a region, whose mean the network has given: a click says on
which side of nought they are where it is, and the least change that makes all clicks true is the
answer (the margin of a support vector machine without an offset). What is near a click, has its
colour and was thought to be the same follows it; clicks that are true already change nothing, and
the order of clicks that do not contradict each other does not matter.

After Zhou et al., "Interactive segmentation as Gaussian process classification", CVPR 2023.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from landmark_annotator.backends.segmentation.hints import Click
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels

_LEAST, _SURE = 1e-6, 1.0
"""A probability that counts as none, and log odds of what a person said."""
_REACH, _ALIKE, _SHADE = 0.4, 4.0, 20.0
"""How far a click reaches: in sides of the crop, in log odds, and in colours of CIELAB, of 255."""
_MEDIAN = 5
"""Pixels over which a colour is taken, which has noise."""
_SAID = 2.0
"""Pixels around a click in which the person's word stands against all else."""
_ROUNDS, _CLOSE, _RIDGE = 200, 1e-4, 1e-6
"""Of the solution, which is found a click at a time."""


def heeded(likely: AnyFloats, seen: Pixels, clicks: Sequence[Click]) -> AnyFloats:
    """The probabilities (R + 1, C, C), none of the regions first, as they are when clicks are true.

    seen: (C, C, 3). clicks: in its pixels, in order: what was said last of a place holds.
    """
    said = _standing(clicks)
    within = [click for click in said if _cell(click, len(seen)) is not None]
    if within:
        lab = cv2.cvtColor(cv2.medianBlur(seen, _MEDIAN), cv2.COLOR_RGB2LAB).astype(np.float32)
        logs = np.log(likely.clip(_LEAST))
        for label in sorted({click.label for click in within}):
            logs[label] += _change(logs, lab, label, within)
        moved = np.exp(logs - logs.max(axis=0))
        likely = np.asarray(moved / moved.sum(axis=0))
    for click in said:
        _insist(likely, click)
    return likely


def _standing(clicks: Sequence[Click]) -> list[Click]:
    """Without those that a later one at the same place takes back, in an order of their own."""
    kept: list[Click] = []
    for click in reversed(clicks):
        if not any(_contradict(click, later) for later in kept):
            kept.append(click)
    return sorted(kept, key=lambda click: (click.belongs, click.label, click.y, click.x))


def _contradict(one: Click, other: Click) -> bool:
    near = (one.x - other.x) ** 2 + (one.y - other.y) ** 2 <= (2 * _SAID) ** 2
    if one.belongs and other.belongs:
        return near and one.label != other.label
    return near and one.label == other.label and one.belongs != other.belongs


def _cell(click: Click, size: int) -> tuple[int, int] | None:
    """Row and column; None outside of the crop."""
    row, column = round(click.y), round(click.x)
    return (row, column) if 0 <= row < size and 0 <= column < size else None


def _change(logs: AnyFloats, lab: AnyFloats, label: int, clicks: Sequence[Click]) -> AnyFloats:
    """(C, C) what is added to the logarithms of a region: a click on another one says that it is
    not this one."""
    cells, signs = [], []
    for click in clicks:
        cell = _cell(click, len(lab))
        if cell is not None and (click.label == label or click.belongs):
            cells.append(cell)
            signs.append(1.0 if click.belongs and click.label == label else -1.0)
    odds = logs[label] - np.delete(logs, label, axis=0).max(axis=0)
    rows, columns = np.array(cells).T
    alike = np.stack([_alike(odds, lab, row, column) for row, column in cells])
    sides = np.array(signs)
    weights = _weights(alike[:, rows, columns], sides, _SURE - sides * odds[rows, columns])
    return np.asarray(np.tensordot(weights * sides, alike, 1).astype(logs.dtype))


def _alike(odds: AnyFloats, lab: AnyFloats, row: int, column: int) -> AnyFloats:
    """(C, C) how much each pixel follows this one."""
    size = len(odds)
    places = np.arange(size, dtype=np.float32)
    apart = np.hypot(places - column, (places - row)[:, None]) / (_REACH * size)
    unlike = (odds - odds[row, column]) ** 2 / _ALIKE**2
    unlike = unlike + ((lab - lab[row, column]) ** 2).sum(axis=2) / _SHADE**2
    return np.asarray(np.exp(-apart - unlike / 2))


def _weights(alike: AnyFloats, sides: Floats, lacking: Floats) -> Floats:
    """(N,) of the clicks, none negative, of the least change that gives each what it lacks.

    Hildreth's method: each click in turn is given what it still lacks.
    """
    matrix = alike * np.outer(sides, sides) + _RIDGE * np.eye(len(sides))
    weights = np.zeros(len(sides))
    for _ in range(_ROUNDS):
        before = weights.copy()
        for index, row in enumerate(matrix):
            step = (lacking[index] - row @ weights) / row[index]
            weights[index] = max(weights[index] + step, 0.0)
        if abs(weights - before).max() < _CLOSE:
            break
    return weights


def _insist(likely: AnyFloats, click: Click) -> None:
    """Writes what a person said about a pixel into the probabilities (R + 1, C, C)."""
    low = np.clip(np.round([click.x - _SAID, click.y - _SAID]).astype(int), 0, likely.shape[2])
    high = np.clip(np.round([click.x + _SAID, click.y + _SAID]).astype(int) + 1, 0, likely.shape[2])
    rows, columns = np.mgrid[low[1] : high[1], low[0] : high[0]]
    disk = (columns - click.x) ** 2 + (rows - click.y) ** 2 <= _SAID**2
    part = likely[:, low[1] : high[1], low[0] : high[0]]
    if click.belongs:
        part[:, disk] = 0.0
        part[click.label, disk] = 1.0
    else:
        part[click.label, disk] = 0.0
        part[:, disk] /= part[:, disk].sum(axis=0).clip(1e-9)
