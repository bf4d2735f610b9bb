"""Scheme files with values of another kind than they should be: refused in a sentence."""

import json
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import SchemeError
from landmark_annotator.projects.vocabulary.region import regions_of_file

GOOD: dict[str, Any] = {"name": "pair", "landmarks": ["one", "two"], "edges": [["one", "two"]]}


@pytest.mark.parametrize(
    "odd",
    [
        {"version": [1]},
        {"version": 10**30},
        {"version": -1},
        {"version": float("inf")},
        {"edges": 7},
        {"edges": [7]},
        {"edges": [[None, {}]]},
        {"partners": [[0, float("nan")]]},
        {"normaliser": [[0], [1]]},
        {"heading": 3},
        {"colours": [1]},
        {"colours": {"one": ["#00ff80"]}},
        {"definitions": ["here"]},
        {"definitions": {"one": ""}},
        {"definitions": {"one": "here\nand there"}},
        {"definitions": {"one": "here" * 1000}},
        {"definitions": {"nobody": "here"}},
        {"curves": [{"name": "c", "landmarks": [{}, []]}]},
        {"landmarks": ["", "two"]},
        {"landmarks": ["\ud800", "two"]},
        {"landmarks": {"one": 1}},
        {"landmarks": ["one", ["two"]]},
        {"name": "\0"},
    ],
)
def test_odd_values_are_refused(tmp_path: Path, odd: dict[str, Any]) -> None:
    file = tmp_path / "scheme.json"
    file.write_text(json.dumps({**GOOD, **odd}))

    with pytest.raises(SchemeError):
        Scheme.load(file)


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ({"edges": 3}, "edges is a list, not 3"),
        ({"edges": [[0, 1.7]]}, "a landmark of edges is a whole number, not 1.7"),
        ({"normaliser": [0, True]}, "normaliser has True in place of a landmark"),
        ({"heading": ["one"]}, "is not a pair of landmarks, as heading needs it"),
        ({"version": 1.5}, "its version is a whole number, not 1.5"),
        ({"version": "x"}, "its version is a whole number, not 'x'"),
        (
            {"curves": [{"name": "jaw", "landmarks": ["one", "two"], "closed": "no"}]},
            "closed of curve .jaw. is true or false, not 'no'",
        ),
        (
            {"curves": [{"name": "jaw", "landmarks": ["one", "two"], "close": True}]},
            'has no entry "close". Did you mean "closed"',
        ),
        (
            {"regions": [{"name": "hair", "overlaps": "no"}]},
            "overlaps of region .hair. is true or false",
        ),
    ],
)
def test_what_is_odd_is_told_with_its_entry_and_the_file(
    tmp_path: Path, odd: dict[str, Any], told: str
) -> None:
    file = tmp_path / "scheme.json"
    file.write_text(json.dumps({**GOOD, **odd}))

    with pytest.raises(SchemeError, match=rf"The scheme file .*scheme\.json: .*{told}"):
        Scheme.load(file)


@pytest.mark.parametrize("text", ["[" * 100_000, "1" * 5_000, "[]", "7", '"x"'])
def test_odd_files_are_refused(tmp_path: Path, text: str) -> None:
    for name in ("scheme.json", "scheme.toml"):
        (tmp_path / name).write_text(text)
        with pytest.raises(SchemeError):
            Scheme.load(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("scheme.toml", 'name = "pair"\r\nlandmarks = ["one", "two"]\r\nregions = ["hair"]\r\n'),
        ("scheme.json", '{"name": "pair", "landmarks": ["one", "two"], "regions": ["hair"]}'),
    ],
)
def test_files_that_windows_has_marked_as_utf_8_are_read(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_bytes(text.encode("utf-8-sig"))

    assert Scheme.load(tmp_path / name).landmarks == ("one", "two")
    assert [region.name for region in regions_of_file(tmp_path / name)] == ["hair"]


def test_a_pipe_is_no_scheme_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "scheme.json")

    with pytest.raises(SchemeError, match="it is no file"):
        Scheme.load(tmp_path / "scheme.json")


def test_20_000_landmarks_are_found_by_name() -> None:
    names = [f"landmark {number}" for number in range(20_000)]
    content = {
        "name": "many",
        "landmarks": names,
        "edges": [list(pair) for pair in pairwise(names)],
    }

    scheme = Scheme.from_dict(content)

    assert [scheme.index(name) for name in names] == list(range(20_000))


def test_of_a_file_that_is_not_there_no_number_of_an_error_is_told(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match=r"not\.toml cannot be read: No such file or directory\."):
        Scheme.load(tmp_path / "not.toml")
