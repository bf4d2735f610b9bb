"""What commands print."""

import io
import json
import math
import sys
from pathlib import Path

import pytest

from landmark_annotator.annotator.cli.support.output import answer, columns, counted, told


def test_json_is_one_object_with_paths_as_text_and_null_for_what_is_no_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer({"path": Path("a"), "nme": math.nan, "list": (1, 2.5)}, "for people", as_json=True)
    assert json.loads(capsys.readouterr().out) == {"path": "a", "nme": None, "list": [1, 2.5]}


def test_text_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    answer({"a": 1}, "one thing", as_json=False)
    assert capsys.readouterr().out == "one thing\n"


@pytest.mark.parametrize(("encoding", "text"), [("latin-1", "fl\u00fcgel ?\n"), ("ascii", None)])
def test_output_that_does_not_take_all_of_unicode_gets_what_it_takes(
    monkeypatch: pytest.MonkeyPatch, encoding: str, text: str | None
) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)
    with told.result_alone():
        answer({"name": "fl\u00fcgel \U0001f98b"}, "", as_json=True)
    out.seek(0)
    assert json.loads(out.read()) == {"name": "fl\u00fcgel \U0001f98b"}
    if text is not None:
        at = out.tell()
        answer({}, "fl\u00fcgel \U0001f98b", as_json=False)
        out.seek(at)
        assert out.read() == text


def test_columns_are_aligned() -> None:
    assert columns([("a", "1"), ("long", "22")]) == "a      1\nlong  22"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 boxes"), (1, "1 box"), (2, "2 boxes"), (1500, "1,500 boxes")]
)
def test_counts_have_their_plural(count: int, text: str) -> None:
    assert counted(count, "box", "boxes") == text
