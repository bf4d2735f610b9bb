"""A text file with one name a line is a scheme of these landmarks."""

from pathlib import Path

import pytest

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.setup.new_project import typed_scheme
from landmark_annotator.projects.exchange import scheme_from
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.errors import FormatError, SchemeError


@pytest.mark.parametrize(
    "content",
    [
        b"stem\nleft lobe\n\n  \nright lobe\ntip\n",
        b"\xef\xbb\xbfstem\r\n  left lobe \r\nright lobe\r\ntip",
        "stem\nleft lobe\nright lobe\ntip\n".encode("utf-16"),
        b"stem, left lobe\nright lobe,\ntip",
    ],
)
def test_it_is_read_as_what_is_typed_in_the_wizard(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "leaf.txt"
    path.write_bytes(content)
    found = scheme_from(path)
    assert found == typed_scheme("leaf", "stem\nleft lobe\nright lobe\ntip")
    assert found.landmarks == ("stem", "left lobe", "right lobe", "tip")
    assert found.partners == ((1, 2),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no landmarks"),
        ("\n \n\n", "no landmarks"),
        ("tip\nstem\ntip\n", "more than once: tip."),
        ("\n".join([f"p{n}" for n in range(9)] * 2), "p4 and 4 more."),
    ],
)
def test_what_is_no_scheme_is_told_in_three_parts(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "leaf.txt"
    path.write_text(text)
    with pytest.raises(SchemeError) as raised:
        scheme_from(path)
    error = raised.value
    assert said in error.happened
    assert str(path) in error.happened
    assert error.kept
    assert error.remedy


def test_rows_of_numbers_are_no_names(tmp_path: Path) -> None:
    path = tmp_path / "labels.txt"
    path.write_text("0 0.5 0.5 0.2 0.2\n1 0.25 0.5 0.2 0.2\n")
    with pytest.raises(FormatError, match="known kind"):
        scheme_from(path)


def test_a_file_that_is_not_there_is_told_of_as_one(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"leaf\.txt"):
        scheme_from(tmp_path / "leaf.txt")


def test_one_landmark_is_a_scheme_as_in_a_scheme_file(tmp_path: Path) -> None:
    path = tmp_path / "pupil.txt"
    path.write_text("pupil\n")
    assert scheme_from(path) == typed_scheme("pupil", "pupil")
    assert scheme_from(path).landmarks == ("pupil",)


def test_a_new_project_takes_it(tmp_path: Path) -> None:
    path = tmp_path / "leaf.txt"
    path.write_text("stem\n\ntip\n")
    assert run(["new", str(tmp_path / "leaves"), "--scheme", str(path)]) == 0
    with Project.open(tmp_path / "leaves") as project:
        assert project.scheme.landmarks == ("stem", "tip")
