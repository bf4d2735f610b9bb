"""Numbers of JSON files. `true` is none there, which Python and NumPy would count as 1."""

from itertools import chain
from typing import Any

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import FormatError


def one_number(value: Any) -> float:
    """Raises FormatError for true and false, and as `float` does."""
    return float(without_truths(value))


def numbers(values: Any) -> Floats:
    """A list of numbers, or of lists of them. Raises FormatError for true and false, and as
    `np.array` does."""
    return np.array(without_truths(values), dtype=np.float64)


def without_truths(values: Any) -> Any:
    """The same number, list, or list of lists. Raises FormatError where one is true or false."""
    several = values if isinstance(values, list | tuple) else (values,)
    each = chain.from_iterable(v if isinstance(v, list | tuple) else (v,) for v in several)
    if bool in set(map(type, each)):
        raise FormatError("it has true or false where a number belongs.")
    return values
