"""Long columns of numbers as one text: a million rows, one by one, take ten times as long."""

from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, func


def in_one_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """column: of texts. NULL is left out."""
    return func.aggregate_strings(column, ",")


def numbers(text: str | None, kind: npt.DTypeLike) -> npt.NDArray[Any]:
    """The inverse, of the text that was read."""
    return np.fromstring(text or "", dtype=kind, sep=",")
