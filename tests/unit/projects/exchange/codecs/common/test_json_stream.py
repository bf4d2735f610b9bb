"""A JSON file an element at a time."""

import json
import random
from pathlib import Path

import pytest

from landmark_annotator.projects.exchange.codecs.common import json_stream
from landmark_annotator.projects.exchange.codecs.common.json_stream import BEGIN, elements
from landmark_annotator.projects.vocabulary.errors import FormatError

CONTENT = {
    "before": [{"a": [1, "]}"]}, None],
    "wanted": [{"a": {"b": [1.5, -2e-3]}}, 'a \\ " ] }', None, True, 7, [], {}, "ü\U0001f600"],
    "between": "x,y",
    "empty": [],
    "after": 1,
}


def found(file: Path, *lists: str) -> list[object]:
    return ["begins" if one is BEGIN else one for _, one in elements(file, lists)]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("block", [1, 7, 1 << 20])
def test_the_elements_of_the_lists_that_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, indent: int | None
) -> None:
    monkeypatch.setattr(json_stream, "_BLOCK", block)
    file = tmp_path / "large.json"
    file.write_text(json.dumps(CONTENT, indent=indent), encoding="utf-8-sig")
    assert found(file, "wanted", "empty") == ["begins", *CONTENT["wanted"], "begins"]  # type: ignore[misc]
    assert found(file, "after", "none") == [1]


def test_what_is_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    file, text = tmp_path / "cut.json", json.dumps(CONTENT)
    for end in random.Random(3).sample(range(len(text)), 60):
        file.write_text(text[:end])
        with pytest.raises(FormatError, match="is not JSON, or cut short"):
            found(file, "wanted", "after")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{} {}",
        '{"wanted": [1 2]}',
        '{"wanted": [1,]}',
        '{"wanted": [tru]}',
        '{"wanted" [1]}',
        '{"wanted": [1]]',
        "{wanted: [1]}",
        '{"a": {]}, "wanted": []}',
    ],
)
def test_what_is_no_json_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.json"
    file.write_text(text)
    with pytest.raises(FormatError, match="is not JSON"):
        found(file, "wanted", "a")


def test_an_entry_that_does_not_fit_into_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "_BLOCK", 8)
    monkeypatch.setattr(json_stream, "_LARGEST", 64)
    file = tmp_path / "large.json"
    file.write_text(json.dumps({"wanted": ["a" * 500]}))
    with pytest.raises(FormatError, match="one entry has more than"):
        found(file, "wanted")
