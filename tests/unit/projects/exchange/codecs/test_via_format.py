"""VIA projects that somebody else has written."""

import json
from pathlib import Path
from typing import Any

import pytest

from landmark_annotator.projects.exchange.codecs import via
from landmark_annotator.projects.vocabulary import Scheme

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
