"""Values of a line that somebody else may have written."""

import base64
import binascii
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError

_STORED = "<f8"
_LONGEST_TEXT = 2_000


class Unfit(ValueError):
    """A value is not what it should be; says which, and how."""


def packed(array: Floats) -> str:
    return base64.b64encode(np.ascontiguousarray(array, _STORED).tobytes()).decode()


def array(
    line: Mapping[str, Any],
    name: str,
    shape: tuple[int, ...],
    *,
    gaps: bool = False,
    infinite: bool = False,
) -> Floats:
    """Finite numbers. gaps: or NaN, where something is unknown. infinite: or that. Raises Unfit."""
    packed_ = line.get(name)
    if not isinstance(packed_, str):
        raise Unfit(f"{name} is no text")
    try:
        content = base64.b64decode(packed_, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unfit(f"{name} is not base64") from error
    if len(content) != 8 * math.prod(shape):
        raise Unfit(f"{name} has not {math.prod(shape)} numbers")
    found = np.frombuffer(content, _STORED).reshape(shape).astype(np.float64)
    allowed = np.isfinite(found) | (gaps & np.isnan(found)) | (infinite & np.isinf(found))
    if not allowed.all():
        raise Unfit(f"{name} has a number that is not finite")
    return found


def number(line: Mapping[str, Any], name: str, least: float = -math.inf) -> float:
    """Finite. Raises Unfit."""
    value = line.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(f"{name} is no number")
    if not math.isfinite(value) or value < least:
        raise Unfit(f"{name} is out of range")
    return float(value)


def whole(line: Mapping[str, Any], name: str) -> int:
    value = line.get(name)
    if type(value) is not int or not 0 <= value < 2**63:
        raise Unfit(f"{name} is no whole number")
    return value


def text(line: Mapping[str, Any], name: str) -> str:
    value = line.get(name)
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise Unfit(f"{name} is no text of that length")
    return value


def box(value: Any) -> Box:
    """Raises Unfit."""
    if not isinstance(value, list) or len(value) != 5:
        raise Unfit("a box has not five numbers")
    if any(isinstance(each, bool) or not isinstance(each, int | float) for each in value):
        raise Unfit("a box has something that is no number")
    try:
        return Box(*map(float, value))
    except (ActionableError, OverflowError) as error:
        raise Unfit("a box is none") from error
