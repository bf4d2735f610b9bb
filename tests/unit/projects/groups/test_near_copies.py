"""Near copies among pictures: which pairs join them, and that they are few."""

import numpy as np
import pytest

from landmark_annotator.projects.groups.likeness import NEAR_COPY, SIDE, near_copies
from landmark_annotator.projects.vocabulary.arrays import AnyFloats


def own_of(kinds: list[int], seed: int = 0) -> AnyFloats:
    """As `standing_out`; pictures of one kind are near copies."""
    random = np.random.default_rng(seed)
    basis = random.normal(size=(max(kinds) + 1, SIDE * SIDE))
    pictures = basis[kinds] + random.normal(scale=0.1, size=(len(kinds), SIDE * SIDE))
    return np.asarray(pictures / np.linalg.norm(pictures, axis=1, keepdims=True))


def joined(count: int, pairs: list[tuple[int, int]]) -> list[int]:
    """Of each the first one that pairs join it with."""
    first = list(range(count))
    for one, other in pairs:
        low, high = sorted((first[one], first[other]))
        first = [low if each == high else each for each in first]
    return first


def test_thousands_that_are_alike_make_as_many_pairs_and_not_millions() -> None:
    pairs = list(near_copies(own_of([0] * 2000)))

    assert len(pairs) == 1999
    assert joined(2000, pairs) == [0] * 2000


@pytest.mark.parametrize("seed", range(4))
def test_the_pairs_join_all_that_are_alike(seed: int) -> None:
    kinds = np.random.default_rng(seed).integers(0, 25, 1100).tolist()  # more than one block
    parts = np.random.default_rng(seed + 9).integers(0, 3, 1100).tolist()
    own = own_of(kinds, seed)
    alike = np.triu(own @ own.T >= NEAR_COPY, 1)
    apart = alike & (np.array(parts)[:, None] != np.array(parts))

    for found, every in (
        (list(near_copies(own)), alike),
        (list(near_copies(own, parts)), apart),
    ):
        expected = [(int(one), int(other)) for one, other in np.argwhere(every)]
        assert set(found) <= set(expected)
        assert {n for pair in found for n in pair} == {n for pair in expected for n in pair}
        assert joined(1100, found) == joined(1100, expected)
