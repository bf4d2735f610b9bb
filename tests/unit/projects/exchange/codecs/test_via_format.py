"""VIA projects that somebody else has written."""

import json
from pathlib import Path
from typing import Any

import pytest

from landmark_annotator.projects.exchange import sniff
from landmark_annotator.projects.exchange.codecs import via
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("bar", ("start", "end"))


@pytest.mark.parametrize("said", [True, 3, "start", [1]])
def test_a_region_of_which_nothing_can_be_known_is_passed_over(tmp_path: Path, said: Any) -> None:
    point = {"name": "point", "cx": 3, "cy": 4}
    regions = [
        {"shape_attributes": point, "region_attributes": said},
        {"shape_attributes": point, "region_attributes": {"landmark": "end"}},
    ]
    file = tmp_path / "via.json"
    file.write_text(json.dumps({"a": {"filename": "a.png", "size": 9, "regions": regions}}))

    [found] = via.read(file, SCHEME).instances

    assert found.shape.known.tolist() == [False, True]


HEAD = (
    "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,"
    "region_attributes\n"
)


def row(image: str, number: int, kind: dict[str, Any], said: dict[str, Any]) -> str:
    quoted = [json.dumps(part).replace('"', '""') for part in (kind, said)]
    return f'{image},9,"{{}}",2,{number},"{quoted[0]}","{quoted[1]}"\n'


@pytest.mark.parametrize("head", [HEAD, f"#{HEAD}", f"\ufeff{HEAD}"])
def test_its_tables_are_read_as_its_projects(tmp_path: Path, head: str) -> None:
    rectangle = {"name": "rect", "x": 0, "y": 0, "width": 9, "height": 8}
    text = head + row("a b.png", 0, rectangle, {})
    text += row("a b.png", 1, {"name": "point", "cx": 3, "cy": 4}, {"landmark": "end"})
    text += row("none.png", 0, {}, {})
    (tmp_path / "via.csv").write_text(text, encoding="utf-8")

    assert sniff(tmp_path / "via.csv").name == "via"
    found = via.read(tmp_path / "via.csv", SCHEME).instances

    assert found[0].image == tmp_path / "a b.png"
    assert found[0].shape.points[1].tolist() == [3, 4]
    assert found[0].box == Box.whole_image(9, 8)
    assert [each.shape.known.any() for each in found[1:]] in ([], [False])


def test_a_table_that_is_cut_short(tmp_path: Path) -> None:
    (tmp_path / "via.csv").write_text(HEAD + 'a.png,9,"{}",1,0,"{""na",{}\n')

    with pytest.raises(FormatError, match="line 2"):
        via.read(tmp_path / "via.csv", SCHEME)
