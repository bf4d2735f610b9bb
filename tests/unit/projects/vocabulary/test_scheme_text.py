"""A scheme written as a scheme file, and names with left and right."""

from pathlib import Path

import pytest

from landmark_annotator.projects.vocabulary import Region, Scheme
from landmark_annotator.projects.vocabulary.scheme import built_in_names
from landmark_annotator.projects.vocabulary.scheme_text import scheme_text
from landmark_annotator.projects.vocabulary.sides import partners_by_name

ODD = Scheme(
    'a "b" \\ \x7f',
    ("left lobe", "Blatt\u00fcbergang\n\t", "right lobe"),
    edges=((0, 1),),
    partners=((0, 2),),
    normaliser=(0, 2),
    heading=(1, 2),
    title="Leaf = [x]",
    version=3,
    colours=((1, "#00ff80"),),
    definitions=((0, 'the "left" lobe\'s tip = \\'), (1, "Wo das Blatt \u00fcbergeht")),
    regions=(Region('the "leaf"'), Region("wet", "#0000ff"), Region("dust", overlaps=True)),
)


@pytest.mark.parametrize("scheme", [ODD, *map(Scheme.named, built_in_names())], ids=str)
def test_a_scheme_file_is_read_as_what_was_written(scheme: Scheme, tmp_path: Path) -> None:
    file = tmp_path / "scheme.toml"
    file.write_text(scheme_text(scheme), encoding="utf-8")
    assert Scheme.load(file) == scheme


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("left eye", "right eye"),
        ("Eye_Left", "eye_right"),
        ("eyeL", "eyeR"),
        ("LEye", "REye"),
        ("L ear 2", "R ear 2"),
        ("ear-l", "ear-r"),
        ("l1", "r1"),
    ],
)
def test_names_that_differ_in_the_side_alone_are_partners(left: str, right: str) -> None:
    assert partners_by_name((right, "nose", left)) == ((2, 0),)


@pytest.mark.parametrize(
    "names", [("lip", "rip"), ("left eye", "left ear"), ("bright", "nose"), ("tail", "tair")]
)
def test_other_names_are_no_partners(names: tuple[str, ...]) -> None:
    assert partners_by_name(names) == ()
