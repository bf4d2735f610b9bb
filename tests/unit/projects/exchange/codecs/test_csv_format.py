"""CSV: both layouts, choice of annotator, and what is refused."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.projects.exchange.codecs import csv_table
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("pair", ("nose, tip", "tail.end"), version=3)
WIDE = "image,x0,y0,x1,y1\n"


def read(tmp_path: Path, text: str, annotator: str | None = None) -> Contents:
    (tmp_path / "labels.csv").write_text(text, encoding="utf-8")
    return csv_table.read(tmp_path / "labels.csv", SCHEME, annotator=annotator)


def refusal(tmp_path: Path, text: str, annotator: str | None = None) -> str:
    with pytest.raises(FormatError) as caught:
        read(tmp_path, text, annotator)
    return str(caught.value)


def test_a_row_says_all_of_an_instance_but_its_covariances(tmp_path: Path) -> None:
    shape = Shape(
        np.array([[0.1, 1 / 3], [np.nan, np.nan]]),
        np.array([2, 1], dtype=np.int8),
        (Provenance.CLICKED, None),
    )
    instance = ExportedInstance(
        tmp_path / "photos" / "a.png", 9, 9, shape, Box(1.5, 2.5, 3.0, 4.0, 0.1), "key#1"
    )

    csv_table.write(tmp_path / "out.csv", [instance], SCHEME)

    (back,) = csv_table.read(tmp_path / "out.csv", SCHEME).instances
    assert back.shape == shape
    assert (back.box, back.source, back.image) == (instance.box, "key#1", instance.image)


def test_the_documented_columns(tmp_path: Path) -> None:
    instance = ExportedInstance(
        tmp_path / "a.png", 9, 9, Shape(np.array([[1.0, 2.0], [3.0, 4.5]])), None, "k", "ada"
    )

    csv_table.write(tmp_path / "out.csv", [instance], SCHEME)

    assert (tmp_path / "out.csv").read_text() == (
        "image,source,annotator,labelled_at,scheme,scheme_version,"
        "box_centre_x,box_centre_y,box_width,box_height,box_angle,"
        '"nose, tip.x","nose, tip.y","nose, tip.visibility","nose, tip.provenance",'
        "tail.end.x,tail.end.y,tail.end.visibility,tail.end.provenance\n"
        "a.png,k,ada,,pair,3,,,,,,1.0,2.0,2,,3.0,4.5,2,\n"
    )


def test_images_are_named_relative_to_the_file_so_both_can_move(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "labels").mkdir(parents=True)
    shape = Shape(np.zeros((2, 2)))
    instance = ExportedInstance(old / "photos" / "a.png", 9, 9, shape, None, "k")

    csv_table.write(old / "labels" / "out.csv", [instance], SCHEME)
    old.rename(new)

    (back,) = csv_table.read(new / "labels" / "out.csv", SCHEME).instances
    assert back.image == new / "photos" / "a.png"


def test_landmarks_that_the_file_does_not_name_are_unknown(tmp_path: Path) -> None:
    (instance,) = read(tmp_path, "image,tail.end.y,tail.end.x\na.png,4,3\n").instances

    assert instance.shape.known.tolist() == [False, True]
    assert instance.shape.points[1].tolist() == [3, 4]


def test_a_landmark_of_another_name_is_refused_with_the_closest(tmp_path: Path) -> None:
    message = refusal(tmp_path, "image,tail end.x,tail end.y\na.png,3,4\n")

    assert 'Did you mean "tail.end"?' in message


def test_another_version_of_the_scheme_is_noted(tmp_path: Path) -> None:
    contents = read(tmp_path, "image,scheme_version,tail.end.x,tail.end.y\na.png,2,3,4\n")

    assert "version 2" in contents.notes[0]


def test_an_unknown_provenance_is_reported_with_the_closest(tmp_path: Path) -> None:
    header = "image,tail.end.x,tail.end.y,tail.end.provenance\n"

    contents = read(tmp_path, header + "a.png,3,4,clickd\n")

    assert 'Did you mean "clicked"?' in contents.unreadable[0].reason


def test_wide(tmp_path: Path) -> None:
    contents = read(tmp_path, WIDE + "a.png,1.5,2,,nan\n")

    (instance,) = contents.instances
    assert instance.image == tmp_path / "a.png"
    assert instance.shape.known.tolist() == [True, False]
    assert instance.shape.points[0].tolist() == [1.5, 2.0]
    assert instance.shape.provenance == (Provenance.IMPORTED, None)


@pytest.mark.parametrize("unknown", ["NA", "NaN", ""])
def test_what_a_table_says_is_unknown_is_not_refused(tmp_path: Path, unknown: str) -> None:
    """Of a table that R has written every row with a missing landmark was left out."""
    contents = read(tmp_path, WIDE + f"a.png,1.5,2,{unknown},{unknown}\n")

    assert contents.unreadable == []
    assert contents.instances[0].shape.known.tolist() == [True, False]


def test_wide_may_count_from_one(tmp_path: Path) -> None:
    (pair,) = read(tmp_path, "image,x1,y1,x2,y2\na.png,1,2,3,4\n").instances

    np.testing.assert_array_equal(pair.shape.points, [[1, 2], [3, 4]])
    said = refusal(tmp_path, "image,x1,y1,x3,y3\na.png,1,2,3,4\n")
    assert "for 2 landmarks" in said
    assert "from x1 to y2" in said


def test_wide_of_another_number_of_landmarks(tmp_path: Path) -> None:
    assert "for 3 landmarks" in refusal(tmp_path, "image,x0,y0,x1,y1,x2,y2\na.png,1,2,3,4,5,6\n")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a.png,1,2,3", "Line 3: 4 cells, the header has 5"),
        ('a.png,"1,5",2,3,4', "Line 3: x0"),
        ("a.png,1,inf,3,4", "Line 3: y0"),
        ("a.png,1,2,three,4", "Line 3: x1"),
        ("a.png,1,1_0,3,4", "Line 3: y0"),
        (" ,1,2,3,4", "Line 3: it names no image."),
    ],
)
def test_a_bad_row_is_reported_with_its_line_and_the_rest_is_read(
    tmp_path: Path, row: str, reason: str
) -> None:
    contents = read(tmp_path, WIDE + f"b.png,1,2,3,4\n{row}\nc.png,1,2,3,4\n")

    assert [i.image.name for i in contents.instances] == ["b.png", "c.png"]
    assert reason in contents.unreadable[0].reason


def test_a_box_without_sides_is_reported(tmp_path: Path) -> None:
    header = "image,box_centre_x,box_centre_y,box_width,box_height,tail.end.x,tail.end.y\n"

    contents = read(tmp_path, header + "a.png,1,1,0,5,3,4\n")

    assert "Line 2" in contents.unreadable[0].reason


def test_semicolons_are_read_as_commas_are(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(WIDE.replace(",", ";") + "a.png;1;2;3;4\n")

    (found,) = csv_table.read(tmp_path / "a.csv", SCHEME).instances

    assert found.shape.points.tolist() == [[1, 2], [3, 4]]


def test_a_header_without_an_image_is_refused_with_what_is_expected(tmp_path: Path) -> None:
    assert "commas" in refusal(tmp_path, "a;b\na.png;1\n")


def test_a_column_twice(tmp_path: Path) -> None:
    assert "x0 twice" in refusal(tmp_path, "image,x0,x0,x1,y1\na.png,1,2,3,4\n")


def test_empty_file(tmp_path: Path) -> None:
    assert "no rows" in refusal(tmp_path, "")


BY_TWO = "image,annotator,x0,y0,x1,y1\na.png,mean,1,1,1,1\na.png,anna,2,2,2,2\nb.png,anna,3,3,3,3\n"


def test_the_mean_of_annotators_is_read_unless_another_is_asked_for(tmp_path: Path) -> None:
    contents = read(tmp_path, BY_TWO)

    assert [i.shape.points[0, 0] for i in contents.instances] == [1]
    assert 'annotator "mean"' in contents.notes[0]


def test_the_annotator_asked_for(tmp_path: Path) -> None:
    contents = read(tmp_path, BY_TWO, annotator="anna")

    assert [i.shape.points[0, 0] for i in contents.instances] == [2, 3]


def test_an_unknown_annotator(tmp_path: Path) -> None:
    assert 'Did you mean "anna"?' in refusal(tmp_path, BY_TWO, annotator="ana")


def test_no_mean_among_several(tmp_path: Path) -> None:
    said = refusal(tmp_path, BY_TWO.replace("mean", "bert"))
    assert "(Whose, or --annotator): bert, anna" in said


def test_an_annotator_of_a_file_that_names_none(tmp_path: Path) -> None:
    assert "no column annotator" in refusal(tmp_path, WIDE + "a.png,1,2,3,4\n", annotator="anna")


def test_rows_of_one_image_have_keys_of_their_own(tmp_path: Path) -> None:
    contents = read(tmp_path, WIDE + "a.png,1,2,3,4\na.png,5,6,7,8\n")

    assert [i.source for i in contents.instances] == [
        "labels.csv:a.png#0",
        "labels.csv:a.png#1",
    ]
