"""Programs that count pixels from the corner of the first one: 0.5 is its centre.

Adding the half in binary would round away the last digits of a coordinate, so that an own export
read back would differ from the project. In decimals, with as many digits as it takes, a float64
comes back as it was.
"""

import json
import math
import uuid
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

from landmark_annotator.projects.exchange.codecs.common.text import NUMBER, read_text
from landmark_annotator.projects.vocabulary.errors import FormatError, why

_EXACT = Context(prec=60)
_HALF = Decimal("0.5")
_FINEST = Decimal("1e-40")
_PERCENT_DIGITS = (17, 20, 25, 45)
"""Tried one after the other, until a percentage gives the very coordinate back."""


def from_centre(value: float) -> Decimal:
    """0-based, centre of the first pixel at 0, to the count from its corner."""
    return _EXACT.add(Decimal(repr(value)), _HALF)


def to_centre(value: Any) -> float:
    """The inverse of `from_centre`. value: a number, or its text.

    Raises FormatError where it is not a finite number.
    """
    return _finite(_EXACT.subtract, _decimal(value), _HALF)


def number(value: Any) -> float:
    """A finite number as it is, or of its text. Raises FormatError."""
    return _finite(_EXACT.add, _decimal(value), Decimal(0))


def to_percent(value: float, size: int) -> Decimal:
    """Of an extent of `size` pixels, from its corner: 0 is the first pixel's edge, 100 the last's.

    With the fewest digits that `from_percent` makes the same float64 of.
    """
    exact = _EXACT.divide(_EXACT.multiply(from_centre(value), Decimal(100)), Decimal(size))
    for digits in _PERCENT_DIGITS:
        short = Context(prec=digits).plus(exact)
        if from_percent(short, size) == value:
            return short
    return exact


def from_percent(value: Any, size: int) -> float:
    """The inverse of `to_percent`. Raises FormatError where it is not a finite number."""
    part = _finite_decimal(_EXACT.multiply, _decimal(value), Decimal(size))
    # A third of a pixel has no last decimal: what is left of it is not a distance from zero.
    exact = _finite_decimal(_EXACT.quantize, _EXACT.divide(part, Decimal(100)), _FINEST)
    return to_centre(exact)


def _decimal(value: Any) -> Decimal:
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if not number and not (isinstance(value, str) and NUMBER.fullmatch(value.strip())):
        raise FormatError(f"{value!r} is not a number.")
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise FormatError(f"{value} is not a finite number.")
    return exact


def _finite_decimal(operation: Any, one: Decimal, other: Decimal) -> Decimal:
    try:
        return Decimal(operation(one, other))
    except ArithmeticError as error:
        raise FormatError(f"{one} is too large for a coordinate.") from error


def _finite(operation: Any, one: Decimal, other: Decimal) -> float:
    value = float(_finite_decimal(operation, one, other))
    if not math.isfinite(value):
        raise FormatError(f"{one} is too large for a coordinate.")
    return value


def text(number: Decimal) -> str:
    return format(number, "f")


def dump_json(content: Any) -> str:
    """JSON in which a Decimal is a number with all its digits."""
    mark = uuid.uuid4().hex  # in no text of the content
    dumped = json.dumps(
        content,
        ensure_ascii=False,
        allow_nan=False,
        default=lambda number: f"{mark}{text(number)}{mark}",
    )
    return dumped.replace(f'"{mark}', "").replace(f'{mark}"', "")


def read_json(source: Path) -> Any:
    """Numbers with a point are Decimals. Raises FormatError."""
    try:
        return json.loads(read_text(source), parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise FormatError(
            f"{source} is not JSON, or cut short: {why(error)}.", remedy="Copy the file again."
        ) from error
