"""What commands print."""

import json
import math
from pathlib import Path

import pytest

from landmark_annotator.annotator.cli.support.output import answer, columns, counted


def test_json_is_one_object_with_paths_as_text_and_null_for_what_is_no_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer({"path": Path("a"), "nme": math.nan, "list": (1, 2.5)}, "for people", as_json=True)
    assert json.loads(capsys.readouterr().out) == {"path": "a", "nme": None, "list": [1, 2.5]}


def test_text_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    answer({"a": 1}, "one thing", as_json=False)
    assert capsys.readouterr().out == "one thing\n"


def test_columns_are_aligned() -> None:
    assert columns([("a", "1"), ("long", "22")]) == "a      1\nlong  22"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 boxes"), (1, "1 box"), (2, "2 boxes"), (1500, "1,500 boxes")]
)
def test_counts_have_their_plural(count: int, text: str) -> None:
    assert counted(count, "box", "boxes") == text
