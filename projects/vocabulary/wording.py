"""Numbers, times and shares in the words that people use; rounded here and nowhere else."""

import math
from collections.abc import Sequence
from datetime import datetime


def rounded(number: float, digits: int = 4) -> str:
    """With so many digits, or as a whole number: never as a power of ten."""
    return f"{number:,.0f}" if abs(number) >= 10 ** (digits - 1) else f"{number:.{digits}g}"


def fine(number: float, decimals: int = 2) -> str:
    """With so many decimals, and where these have no two digits with as many as have: what is seen
    through a microscope is off by 0.0042 mm, and not by 0.00."""
    if number == 0 or not math.isfinite(number):
        return f"{number:.{decimals}f}"
    return f"{number:.{max(decimals, 1 - math.floor(math.log10(abs(number))))}f}"


_DIGITS = 6
"""Of minutes, before they are rounded: 150 s by another sum may be a little more or less."""


def duration(seconds: float) -> str:
    """Such as "45 s", "6 min", "1 h 20 min" or "140 h": no more exact than anyone plans by."""
    if round(seconds) < 100:
        return f"{seconds:.0f} s"
    minutes = round(round(seconds / 60, _DIGITS))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 10 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{seconds / 3600:,.0f} h"


def time_each(seconds: float) -> str:
    """Of one of many, beside what all of them take: "4.8 s", for with "5 s" it would not be that
    many times as much. From ten seconds on as `duration`."""
    return f"{round(seconds, 1):g} s" if seconds < 9.95 else duration(seconds)


def moment(then: datetime, now: datetime | None = None) -> str:
    """Such as "08:15", and of another day than today "28 November, 08:15", by the clock on the
    wall. now: what today is told by, the clock's own."""
    local, today = then.astimezone(), (now or datetime.now()).astimezone().date()
    if local.date() == today:
        return f"{local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {local:%B}{year}, {local:%H:%M}"


def say_once(said: list[str], sentence: str) -> None:
    """One more that is said, but where it is the last one again: the objects of an image come one
    after the other, and it cannot be read for any of them."""
    if said[-1:] != [sentence]:
        said.append(sentence)


HOURS_FROM = 2.0
"""Hours from which on a plot or a column of times is in hours; below it is in minutes."""


def percent(part: float, whole: float) -> int:
    """The share that is done. Rounded down: 100 only where nothing is left."""
    return math.floor(100 * part / whole) if whole else 0


def brief_percent(error: float) -> str:
    """In the room that "88.8 %" takes: of what is longer the first digit alone would be seen."""
    if error >= 999.5:
        return ">999"
    return f"{error:.1f} %" if error < 99.95 else f"{error:.0f} %"


def count(number: float) -> str:
    """Of a figure that is expected and not counted: "1.6", "14", "1,007"; 0 only where it is."""
    if number >= 10:
        return f"{number:,.0f}"
    return f"{number:.1g}" if 0 < number < 0.1 else f"{number:.1f}".removesuffix(".0")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Such as "1 image" or "1,007 images". plural: where it is not the noun with an s."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def first_few(names: Sequence[str], most: int, of: int | None = None) -> str:
    """Such as "a, b, c and 14 more": so many of them at most by name. of: how many there are, where
    `names` are the first of them."""
    left = (len(names) if of is None else of) - len(names[:most])
    more = f" and {left:,} more" if left else ""
    return f"{', '.join(names[:most])}{more}"
