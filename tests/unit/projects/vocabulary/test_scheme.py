import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.errors import SchemeError

FACE = Scheme.named("face68")

WING = """
name = "wing"
landmarks = ["base", "tip", "left vein", "right vein"]
edges = [["base", "tip"]]
partners = [["left vein", "right vein"]]
normaliser = ["base", "tip"]
heading = ["base", "tip"]
"""


def test_face68_normalises_by_the_outer_eye_corners() -> None:
    assert FACE.normaliser == (36, 45)
    assert len(FACE) == 68


def test_mirroring_twice_is_the_identity() -> None:
    mirror = np.array(FACE.mirror)
    assert (mirror[mirror] == np.arange(68)).all()
    assert mirror[36] == 45
    assert mirror[30] == 30


def test_the_face_has_nine_parts() -> None:
    assert [len(group) for group in FACE.groups] == [17, 5, 5, 4, 5, 6, 6, 12, 8]


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_a_scheme_file_says_the_same_in_toml_and_json(tmp_path: Path, suffix: str) -> None:
    toml = tmp_path / "wing.toml"
    toml.write_text(WING)
    scheme = Scheme.load(toml)
    path = tmp_path / f"copy{suffix}"
    path.write_text(WING if suffix == ".toml" else json.dumps(scheme.to_dict()))
    assert Scheme.load(path) == scheme
    assert scheme.heading == (0, 1)
    assert scheme.mirror == (0, 1, 3, 2)


def test_the_dictionary_form_is_a_round_trip() -> None:
    assert Scheme.from_dict(json.loads(json.dumps(FACE.to_dict()))) == FACE


def test_an_unknown_landmark_name_suggests_the_closest() -> None:
    with pytest.raises(SchemeError, match='Did you mean "nose tip"'):
        FACE.index("nose tipp")


def test_an_unknown_built_in_scheme_suggests_the_closest() -> None:
    with pytest.raises(SchemeError, match='Did you mean "face68"'):
        Scheme.named("face86")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"landmarks": ["a", "a"]}, "used twice"),
        ({"landmarks": []}, "at least one landmark"),
        ({"edges": [["a", "x"]]}, 'no landmark "x"'),
        ({"edges": [[0, 9]]}, "not a pair"),
        ({"partners": [["a", "b"], ["b", "c"]]}, "two left/right partners"),
        ({"landmark": ["a"]}, 'Did you mean "landmarks"'),
    ],
)
def test_a_contradictory_scheme_says_what_is_wrong(change: dict, message: str) -> None:
    with pytest.raises(SchemeError, match=message):
        Scheme.from_dict({"name": "s", "landmarks": ["a", "b", "c"], **change})


def test_a_scheme_file_that_is_no_toml_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("name = ")
    with pytest.raises(SchemeError, match="cannot be read"):
        Scheme.load(path)


def test_errors_are_divided_by_the_normaliser_or_else_the_box_diagonal() -> None:
    points = np.full((68, 2), np.nan)
    box = Box(0, 0, 30, 40)
    assert FACE.normaliser_length(points, box) == 50
    points[36], points[45] = (0, 0), (6, 8)
    assert FACE.normaliser_length(points, box) == 10
    assert FACE.divisor == "the normaliser"
    assert replace(FACE, normaliser=None).divisor == "the box's diagonal"
