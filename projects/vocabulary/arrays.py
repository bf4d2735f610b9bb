"""Array types, and numbers as they come from whoever calls.

Shape letters in docstrings: K exemplars, L landmarks, N images, E pieces of evidence.
"""

import operator
from typing import Any

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.errors import ActionableError

Floats = npt.NDArray[np.float64]
AnyFloats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
"""(height, width, 3) RGB, upright (EXIF orientation already applied)."""


def floats(values: npt.ArrayLike, what: str) -> Floats:
    """A copy, NaN where a masked array hides a value. what: it is for, for the error. Raises
    ActionableError where they are no numbers, or not in rows of one length."""
    try:
        if type(values) is np.ndarray:
            return values.astype(np.float64)
        rows = values if isinstance(values, list | tuple) else (values,)
        if any(isinstance(row, np.ma.MaskedArray) for row in rows):
            return np.asarray(np.ma.array(values, dtype=np.float64).filled(np.nan))
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ActionableError(f"{what} needs numbers, not {str(values)[:80]}.") from error


def whole(value: object, what: str, *, least: int | None = None, remedy: str = "") -> int:
    """As an int: one of numpy's, and 3.0 too. what: it is, for the error. Raises ActionableError
    for all else, and below `least`."""
    try:
        exact = isinstance(value, float | np.floating) and value.is_integer()
        number = int(value) if exact else operator.index(value)  # type: ignore[call-overload, arg-type]
    except TypeError:
        number = None
    if number is None or (least is not None and number < least):
        above = "" if least is None else f" from {least} on"
        raise ActionableError(f"{what} is a whole number{above}, not {value!a:.40}.", remedy=remedy)
    return int(number)
