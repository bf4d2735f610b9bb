"""The numbers and dates that stand on a plot's axes: what was drawn, in the unit that is named."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import pyqtgraph as pg
from PySide6.QtGui import QFontMetricsF
from typing_extensions import override

_MINUTE, _HOUR, _DAY = 60, 60 * 60, 24 * 60 * 60
"""Seconds."""
_WITHIN_A_DAY = [m * _MINUTE for m in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)]
_DAYS = [_DAY * days for days in (1, 2, 7, 14)]
_MONTH = 30 * _DAY
_MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200]

_ROOM_ACROSS, _ROOM_UP = 1.7, 2.2
"""What a number needs, in widths and heights of its letters, with the gap to the next."""


class NumberAxis(pg.AxisItem):  # type: ignore[misc]
    """Steps of 1, 2 or 5 times a power of ten, as many as can be written side by side.

    whole: of what is counted; there is no half image, and none below zero.
    """

    def __init__(self, orientation: str, *, whole: bool = False) -> None:
        self._whole = whole
        super().__init__(orientation)
        self.autoSIPrefix = False

    def updateAutoSIPrefix(self) -> None:
        """Nothing. pyqtgraph's own multiplies the numbers by a thousand where all are below one,
        and does so whenever it is called, even to switch it off."""

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float, list[float]]]:
        low, high = sorted((minVal, maxVal))
        if not (math.isfinite(low) and math.isfinite(high)) or high <= low or size <= 0:
            return []
        power = math.floor(math.log10((high - low) / max(size, 2)))
        for exponent in range(power, power + 6):
            for factor in (1, 2, 5):
                step = float(factor * 10.0**exponent)
                if self._whole and step < 1:
                    continue
                first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
                first = max(first, 0) if self._whole else first
                if (high - low) / step * self._least_room(step, low, high) <= size:
                    return [(step, [n * step for n in range(first, last + 1)])]
        return []

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        decimals = max(0, -math.floor(math.log10(spacing) + 1e-9))
        # Adding zero takes the sign off a zero that has one.
        return [f"{round(value, decimals) + 0.0:,.{decimals}f}" for value in values]

    def _least_room(self, step: float, low: float, high: float) -> float:
        """Pixels from one number to the next, so that both can be read."""
        return self._room(self.tickStrings([low, high], 1.0, step))

    def _room(self, written: Sequence[str]) -> float:
        metrics = QFontMetricsF(self.style["tickFont"] or self.label.font())
        if self.orientation in ("left", "right"):
            return _ROOM_UP * metrics.height()
        return _ROOM_ACROSS * max(metrics.horizontalAdvance(text) for text in written)


class DateAxis(NumberAxis):
    """Days with their month: a number alone does not say that it is one. Seconds since 1970.

    Where the steps are shorter than a day, the first and every midnight say which day it is.
    """

    @override
    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float, list[float]]]:
        low, high = sorted((minVal, maxVal))
        if not (math.isfinite(low) and math.isfinite(high)) or high <= low or size <= 0:
            return []
        room = self._room(["29 Sep", "23:59"])
        for step in (*_WITHIN_A_DAY, *_DAYS):
            if (high - low) / step * room <= size:
                return [(float(step), _moments(low, high, step))]
        room = self._room(["Sep 2026"])
        for months in _MONTHS:
            if (high - low) / (months * _MONTH) * room <= size:
                return [(float(months * _MONTH), _months(low, high, months))]
        return []

    @override
    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        times = [datetime.fromtimestamp(value) for value in values]
        if spacing >= 12 * _MONTH:
            return [f"{time:%Y}" for time in times]
        if spacing >= _MONTH:
            return [f"{time:%b %Y}" for time in times]
        days = [f"{time.day} {time:%b}" for time in times]
        if spacing >= _DAY:
            return days
        return [
            f"{time:%H:%M}\n{day}" if n == 0 or time.hour == time.minute == 0 else f"{time:%H:%M}"
            for n, (time, day) in enumerate(zip(times, days, strict=True))
        ]


def _moments(low: float, high: float, step: int) -> list[float]:
    """Every so many seconds by the clock on the wall, which summer time moves."""
    midnight = datetime.fromtimestamp(low).replace(hour=0, minute=0, second=0, microsecond=0)
    found, days = [], 0
    while (begin := midnight + timedelta(days=days)).timestamp() <= high:
        if step < _DAY:
            # A few of a thousand minutes; an hour more on both sides, which summer time moves.
            first = max(0, int(low - begin.timestamp() - _HOUR) // step * step)
            last = min(_DAY, int(high - begin.timestamp() + 2 * _HOUR))
            found += [(begin + timedelta(seconds=s)).timestamp() for s in range(first, last, step)]
        elif begin.toordinal() % (step // _DAY) == 0:
            found.append(begin.timestamp())
        days += 1
    return [moment for moment in found if low <= moment <= high]


def _months(low: float, high: float, months: int) -> list[float]:
    """The first of every so many months."""
    begin, end = datetime.fromtimestamp(low), datetime.fromtimestamp(high)
    every = range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month, 1)
    firsts = [datetime(n // 12, n % 12 + 1, 1).timestamp() for n in every if n % months == 0]
    return [first for first in firsts if low <= first <= high]
