"""An evaluation in parts: what is written down, and what is made of it."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS
from landmark_annotator.annotator.session.shards.checked_values import Unfit
from landmark_annotator.annotator.session.shards.evaluation_shards import (
    AllParts,
    OnePart,
    PartDone,
)
from landmark_annotator.annotator.session.shards.manifest import Shard
from landmark_annotator.annotator.session.shards.plain_values import of_plain, plain
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError

ASKED = {"protocol": "accuracy", "settings": {"seed": 0}}


@dataclass(frozen=True, eq=False)
class Found:
    errors: Floats
    clicked: tuple[int, ...]
    degrees: float = math.inf


class Squares:
    """Work that counts how often it is done."""

    identity = "a model"
    done = 0

    def make(self) -> Any:
        def do(task: int) -> dict[tuple[str, str], Found]:
            Squares.done += 1
            found = Found(np.array([[task**2, np.nan, np.inf]]), (task,), task / 3)
            return {("mixture", "worst"): found}

        return do


def one_part(folder: Path, number: int, of: int = 3, **asked: Any) -> PartDone:
    shard = Shard(number, of)
    part = OnePart({**ASKED, **asked}, [Found], folder, shard, THIS_PROCESS, SILENT)
    with pytest.raises(PartDone) as done:
        list(part.results(Squares(), range(8)))
    return done.value


def all_parts(folder: Path, **asked: Any) -> list[Any]:
    parts = AllParts({**ASKED, **asked}, [Found], folder)
    return list(parts.results(Squares(), range(8)))


def test_all_parts_together_are_the_undivided_evaluation(tmp_path: Path) -> None:
    assert sum(one_part(tmp_path, number).tasks for number in (2, 3, 1)) == 8
    for task, found in enumerate(all_parts(tmp_path)):
        [(key, one)] = found.items()
        assert key == ("mixture", "worst")
        np.testing.assert_array_equal(one.errors, [[task**2, np.nan, np.inf]])
        assert (one.clicked, one.degrees) == ((task,), task / 3)


def test_a_finished_part_is_not_computed_again(tmp_path: Path) -> None:
    one_part(tmp_path, 1)
    done = Squares.done
    assert one_part(tmp_path, 1).before
    assert Squares.done == done


def test_missing_parts_are_named(tmp_path: Path) -> None:
    one_part(tmp_path, 2)
    with pytest.raises(ActionableError, match="2 are missing: parts 1, 3"):
        all_parts(tmp_path)
    with pytest.raises(ActionableError, match="no parts"):
        all_parts(tmp_path / "nothing")
    one_part(tmp_path, 1, of=2)
    with pytest.raises(ActionableError, match="two numbers of parts"):
        all_parts(tmp_path)


def test_parts_of_another_evaluation_are_refused(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        one_part(tmp_path, number)
    with pytest.raises(ActionableError, match="its protocol is accuracy, not clicks"):
        all_parts(tmp_path, protocol="clicks")
    other = OnePart(
        {**ASKED, "settings": {"seed": 1}}, [], tmp_path, Shard(1, 3), THIS_PROCESS, SILENT
    )
    with pytest.raises(ActionableError, match="its settings"):
        list(other.results(Squares(), range(8)))


def test_a_damaged_part_makes_no_figures(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        one_part(tmp_path, number)
    file = Shard(2, 3).file(tmp_path)
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(ActionableError, match="damaged"):
        all_parts(tmp_path)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.tuples(st.text(), st.integers(0, 9)), inner)
    ),
    max_leaves=10,
)


@given(PLAIN)
def test_what_is_written_down_is_read_again_to_the_last_bit(value: Any) -> None:
    # `repr` tells -0.0 from 0.0, and is the same for two that are no numbers.
    assert repr(of_plain(plain(value), {})) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        {"of": "Found", "fields": {}},
        {"of": "Path", "fields": {"a": 1}},
        {"array": "AAAA", "shape": [2]},
        {"array": "", "shape": [-1]},
        {"float": "1"},
        {"dict": [[{"dict": []}, 1]]},
        {},
    ],
)
def test_what_nobody_wrote_down_is_refused(value: Any) -> None:
    with pytest.raises(Unfit):
        of_plain(value, {"Found": Found})
