"""A project may begin with the template that names the points of WebMorph's `.tem` files."""

import json
from pathlib import Path
from typing import Any

import pytest

from landmark_annotator.projects.exchange import scheme_from
from landmark_annotator.projects.exchange.curve_files import read_curves
from landmark_annotator.projects.vocabulary.errors import FormatError, SchemeError

NAMES = ("left eye", "right eye", "tip", "side", "side", "chin")
POINTS = [{"n": number, "name": name} for number, name in enumerate(NAMES)]
for _one, _other in ((0, 1), (3, 4), (2, 2)):
    POINTS[_one]["sym"], POINTS[_other]["sym"] = _other, _one
TEMPLATE = {
    "name": ["leaf"],
    "align_pts": [0, 1],
    "points": POINTS,
    "lines": [[0, 0], [2, 3, 5, 4, 2], [0, 2, 1], [5, 0], [3, 5]],
}


def written(tmp_path: Path, **changed: Any) -> Path:
    path = tmp_path / "template.json"
    path.write_text(json.dumps({**TEMPLATE, **changed}))
    return path


def test_points_partners_and_lines_are_those_of_the_template(tmp_path: Path) -> None:
    scheme = scheme_from(written(tmp_path))
    assert scheme.name == "leaf"
    assert scheme.landmarks == ("left eye", "right eye", "tip", "side 3", "side 4", "chin")
    assert scheme.partners == ((0, 1), (3, 4))
    assert scheme.normaliser == (0, 1)
    assert [(c.landmarks, c.closed) for c in scheme.curves] == [((2, 3, 5, 4), True),
                                                                ((0, 2, 1), False)]  # fmt: skip
    assert scheme.edges == ((5, 0),), "the others lie on curves"
    assert scheme.lines == ((5, 0), (2, 3), (3, 5), (5, 4), (4, 2), (0, 2), (2, 1)), "all are drawn"


def test_of_a_real_template_it_has_the_contours_of_the_real_labels(landmark_data: Path) -> None:
    folder = landmark_data / "london189"
    scheme = scheme_from(folder / "frl189-names.json")
    assert len(scheme) == 189
    assert scheme.landmarks[0] == "left pupil"
    assert scheme.curves == read_curves(min(folder.glob("*.tem")), 189)
    assert (0, 1) in scheme.partners
    assert (100, 102) in scheme.partners
    assert max(map(len, scheme.groups)) == 55, "the outline and the ears"
    assert len(scheme.groups) == 23


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"points": [*POINTS[1:], POINTS[0]]}, "not numbered 0 to 5"),
        ({"points": [*POINTS[:5], {"n": 5, "name": "chin", "sym": 0}]}, "does not mirror 5"),
        ({"points": [*POINTS[:5], {"n": 5, "name": "chin", "sym": 6}]}, "sym of point 5"),
        ({"points": [*POINTS[:5], {"n": 5, "name": "chin", "sym": "4"}]}, "sym of point 5"),
        ({"lines": [[0, 1], [2, 7]]}, "line 2"),
        ({"lines": {"a": 1}}, "lines is no list"),
        ({"align_pts": [0, -1]}, "align_pts"),
    ],
)
def test_what_contradicts_itself_is_named(tmp_path: Path, changed: dict[str, Any], said: str):
    with pytest.raises(FormatError, match=said):
        scheme_from(written(tmp_path, **changed))


@pytest.mark.parametrize("text", ["{", "[1]", '{"points": []}', '{"points": [{"n": 0}]}'])
def test_what_is_neither_is_told_as_a_scheme_that_cannot_be_read(tmp_path: Path, text: str):
    path = tmp_path / "odd.json"
    path.write_text(text)
    with pytest.raises(SchemeError):
        scheme_from(path)
