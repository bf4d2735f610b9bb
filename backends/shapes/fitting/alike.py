"""Rows of an array that are the same. `numpy.unique` makes a record of a field a column of them,
which for the hundreds of columns of a shape takes longer than what is then done with the rows."""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Ints


def alike(rows: Floats | Bools) -> list[Ints]:
    """The numbers of the rows (n, d) of each kind; the kinds by what they hold, from small to
    large, whatever the order of the rows."""
    kinds: dict[tuple[float, ...], list[int]] = {}
    for number, row in enumerate(rows.tolist()):
        kinds.setdefault(tuple(row), []).append(number)
    return [np.array(kinds[kind]) for kind in sorted(kinds)]
