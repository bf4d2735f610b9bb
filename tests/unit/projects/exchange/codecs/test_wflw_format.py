"""WFLW text: its columns, what is refused, and what is said to be lost."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.projects.exchange import sniff
from landmark_annotator.projects.exchange.codecs import wflw
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("line", ("one", "two"))
LINE = "1.5 2 30 40.25 1 2 31 41 0 1 0 0 0 0 7--Cheering/7 Cheering_1.jpg\n"


def read(tmp_path: Path, text: str) -> Contents:
    (tmp_path / "list.txt").write_text(text)
    return wflw.read(tmp_path / "list.txt", SCHEME)


def exported(tmp_path: Path, shape: Shape, box: Box | None = None) -> ExportedInstance:
    return ExportedInstance(tmp_path / "photos" / "a b.png", 50, 60, shape, box, "k")


def test_points_box_and_image_of_a_line(tmp_path: Path) -> None:
    (instance,) = read(tmp_path, LINE).instances

    assert instance.shape.points.tolist() == [[1.5, 2], [30, 40.25]]
    assert instance.box == Box.from_corner(0.5, 1.5, 30, 39)
    assert instance.image == tmp_path / "7--Cheering" / "7 Cheering_1.jpg"


def test_attributes_are_passed_over_and_noted(tmp_path: Path) -> None:
    assert "attributes" in read(tmp_path, LINE).notes[0]


def test_a_line_of_points_alone_has_no_box(tmp_path: Path) -> None:
    (instance,) = read(tmp_path, "1.5 2 30 40.25 a.jpg\n").instances

    assert instance.box is None
    assert instance.shape.complete


def test_the_documented_line(tmp_path: Path) -> None:
    shape = Shape(np.array([[1.5, 2.0], [30.0, 40.25]]), np.array([2, 1], dtype=np.int8))

    wflw.write(tmp_path / "o.txt", [exported(tmp_path, shape, Box(10, 20, 8, 9))], SCHEME)

    assert (tmp_path / "o.txt").read_text() == (
        "1.5 2.0 30.0 40.25 6 16 15 25 0 0 0 0 1 0 photos/a b.png\n"
    )


def test_what_is_lost_is_said(tmp_path: Path) -> None:
    shape = Shape(np.array([[1.5, 2.0], [30.0, 40.25]]), np.array([2, 1], dtype=np.int8))
    instances = [exported(tmp_path, shape, Box(10, 20, 8, 9)), exported(tmp_path, Shape.unknown(2))]

    written = wflw.write(tmp_path / "o.txt", instances, SCHEME)

    assert written.instances == 1
    for said in ("1 shape with unknown", "1 occluded landmark is", "1 box was replaced"):
        assert any(said in note for note in written.notes)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (LINE.replace("30 ", "", 1), "13 numbers; 2 landmarks take 4"),
        (LINE.replace("7--Cheering/7 Cheering_1.jpg", ""), "names no image"),
        (LINE.replace("40.25", "40,25"), '"40,25" is not a number'),
        (LINE.replace("40.25", "1e999"), "too large"),
        (LINE.replace("0 1 0", "0 3 0"), "neither 0 nor 1"),
        (LINE[:9], "names no image"),
    ],
)
def test_a_bad_line_is_reported_and_the_rest_is_read(
    tmp_path: Path, line: str, reason: str
) -> None:
    contents = read(tmp_path, f"{line.rstrip()}\n\n{LINE}")

    assert len(contents.instances) == 1
    assert contents.unreadable[0].reason.startswith("Line 1:")
    assert reason in contents.unreadable[0].reason


def test_a_box_without_sides_is_none(tmp_path: Path) -> None:
    (instance,) = read(tmp_path, LINE.replace("1 2 31 41", "1 2 1 41")).instances

    assert instance.box is None


def test_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="empty"):
        read(tmp_path, "\n")


@pytest.mark.parametrize("text", [LINE, "1 2 a.png\n"])
def test_a_file_is_known_by_its_content(tmp_path: Path, text: str) -> None:
    (tmp_path / "labels").write_text(text)

    assert sniff(tmp_path / "labels").name == "wflw"
