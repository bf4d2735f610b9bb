"""What a function was passed and does not take, told where it breaks over it, and only then."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest

from landmark_annotator.projects.vocabulary import ActionableError, Box, Provenance, Visibility
from landmark_annotator.projects.vocabulary.arguments import (
    check_fields,
    member,
    tell_methods,
    told,
)
from landmark_annotator.projects.vocabulary.arrays import Floats


@told
def doing(
    numbers: Collection[int] = (),
    *,
    order: Sequence[int] = (),
    named: Mapping[int, Box] | None = None,
    place: Path | str = "",
    length: float = 1.0,
    points: Floats | None = None,
    mark: Visibility = Visibility.VISIBLE,
) -> None:
    raise KeyError("all of it breaks")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"numbers": 1}, "doing takes as numbers a list of whole numbers, not 1."),
        ({"numbers": "12"}, "numbers"),
        ({"numbers": b"12"}, "numbers"),
        ({"numbers": [1, 2.5]}, "numbers"),
        ({"numbers": [2**63]}, "numbers"),
        ({"order": {1, 2}}, "order"),
        ({"named": {1: 2}}, "named a dict or None"),
        ({"named": {"a": Box(1, 1, 1, 1)}}, "named"),
        ({"place": 5}, "place a path or a text"),
        ({"length": "1"}, "length a number"),
        ({"points": 5}, "points an array or None"),
        ({"mark": 3}, "mark one of not_labelled, occluded, visible"),
    ],
)
def test_an_argument_that_it_does_not_take_is_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ActionableError, match=said) as caught:
        doing(**given)
    assert isinstance(caught.value.__cause__, KeyError)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"numbers": {1, 2}, "order": np.array([1, 2]), "named": {1: Box(1, 1, 1, 1)}},
        {"numbers": iter("ab"), "place": Path("a"), "length": np.float32(2), "mark": 1},
        {"numbers": [np.int64(1), 2.0], "points": [[1, 2]], "named": None, "length": 3},
    ],
)
def test_where_it_was_passed_what_it_takes_the_error_stays(given: dict[str, Any]) -> None:
    with pytest.raises(KeyError, match="all of it breaks"):
        doing(**given)


class Shelf:
    def one(self, number: int) -> int:
        return 10 // number

    def wrong_inside(self, number: int) -> int:
        return self.one(str(number))  # type: ignore[arg-type] # a mistake of our own

    def by_another_name(self, of: int) -> int:
        return self.one(of)

    def each(self, numbers: Collection[int]) -> Iterator[int]:
        for number in numbers:
            yield 10 // number


tell_methods(Shelf)


def test_the_names_are_those_of_the_function_that_was_called() -> None:
    with pytest.raises(ActionableError, match="by_another_name takes as of a whole number"):
        Shelf().by_another_name("2")  # type: ignore[arg-type] # what scripts pass
    with pytest.raises(TypeError, match="unsupported operand"):
        Shelf().wrong_inside(2)
    with pytest.raises(ZeroDivisionError):
        Shelf().one(0)


def test_what_is_made_one_by_one_is_told_when_it_breaks() -> None:
    assert list(Shelf().each([1, 2])) == [10, 5]
    wrong: Any = [1, "2"]
    found = Shelf().each(wrong)
    assert next(found) == 10
    with pytest.raises(ActionableError, match="each takes as numbers"):
        next(found)


def test_a_member_goes_by_its_value_and_its_name() -> None:
    assert member(Provenance, "clicked", "provenance") is Provenance.CLICKED
    assert member(Visibility, "occluded", "visibility") is Visibility.OCCLUDED
    assert member(Visibility, np.int8(2), "visibility") is Visibility.VISIBLE
    for wrong in ("cliked", None, [1], 2.5):
        with pytest.raises(ActionableError, match="no provenance"):
            member(Provenance, wrong, "provenance")


class Slow(Protocol):
    @property
    def odds(self) -> float: ...


@dataclass(frozen=True)
class Holder:
    sight: Slow | None

    def __post_init__(self) -> None:
        check_fields(self)


class Asked:
    """See `Slow`."""

    def __init__(self) -> None:
        self.times = 0

    @property
    def odds(self) -> float:
        self.times += 1
        return 1.0


class ByInstance:
    """See `Slow`; its class knows nothing of the name."""

    def __getattr__(self, name: str) -> float:
        if name != "odds":
            raise AttributeError(name)
        return 1.0


def test_what_a_field_can_be_asked_is_not_asked_to_see_whether_it_can() -> None:
    asked = Asked()
    Holder(asked)
    assert asked.times == 0
    Holder(ByInstance())
    wrong: Any = "sight"
    with pytest.raises(ActionableError, match="Holder takes as sight"):
        Holder(wrong)
