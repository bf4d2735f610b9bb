"""A scheme made by a script, of whatever it has at hand."""

from typing import Any

import numpy as np
import pytest

from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import SchemeError

NAMES = ("base", "fork", "tip")


@pytest.mark.parametrize("given", ["xy", "", 5, None, [1, 2]])
def test_what_is_no_list_of_names_is_refused(given: Any) -> None:
    """Of "xy" there was a landmark for every letter."""
    with pytest.raises(SchemeError, match="no list of the names"):
        Scheme("wing", given)


def test_lists_and_arrays_make_the_scheme_that_tuples_make() -> None:
    plain = Scheme("wing", NAMES, edges=((0, 1),), partners=((1, 2),), normaliser=(0, 2))
    of_lists: Any = list(NAMES), [[0, 1]], [[1, 2]], [0, 2]
    of_arrays: Any = tuple(map(np.array, of_lists))
    for given in (of_lists, of_arrays):
        made = Scheme("wing", *given)
        assert made == plain
        assert hash(made) == hash(plain)
        assert made.to_dict() == plain.to_dict()
        assert {type(number) for edge in made.edges for number in edge} == {int}


@pytest.mark.parametrize(
    "given", [{"edges": [("base", "tip")]}, {"edges": (0, 1)}, {"partners": 3}, {"heading": 2}]
)
def test_pairs_are_numbers(given: dict[str, Any]) -> None:
    with pytest.raises(SchemeError, match="not a pair of two landmarks"):
        Scheme("wing", NAMES, **given)
