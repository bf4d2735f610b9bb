"""Groups as numbers."""

from collections.abc import Hashable, Sequence

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Ints


def numbered(groups: Sequence[Hashable], fewest: int = 1) -> Ints:
    """(n,) the groups as numbers, counted from 0 in the order in which they first appear. Where
    there are fewer groups than `fewest`, each instance has a number of its own."""
    numbers: dict[Hashable, int] = {}
    found = [numbers.setdefault(group, len(numbers)) for group in groups]
    return np.array(found if len(numbers) >= fewest else range(len(found)), dtype=np.int64)
