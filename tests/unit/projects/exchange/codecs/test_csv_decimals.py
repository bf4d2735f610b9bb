"""Tables as European spreadsheets write them: other delimiters, commas before decimals."""

from pathlib import Path

import pytest

from landmark_annotator.projects.exchange.codecs import csv_table
from landmark_annotator.projects.exchange.codecs.common.entries import Contents
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("pair", ("nose, tip", "tail"))
POINTS = [[207.733, 8.5], [1000.25, 0.125]]
EUROPEAN = "image;x0;y0;x1;y1\r\na.png;207,733;8,5;1000,25;0,125\r\n"


def read(tmp_path: Path, text: str, encoding: str = "utf-8") -> Contents:
    source = tmp_path / "labels.csv"
    source.write_bytes(text.encode(encoding))
    assert csv_table.sniff(source)
    return csv_table.read(source, SCHEME)


def points(contents: Contents) -> list[list[float]]:
    assert contents.unreadable == []
    (found,) = contents.instances
    return found.shape.points.tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_decimals_with_a_comma(tmp_path: Path, delimiter: str) -> None:
    contents = read(tmp_path, EUROPEAN.replace(";", delimiter))

    assert points(contents) == POINTS
    assert any("before decimals" in note for note in contents.notes)


def test_between_commas_a_number_with_one_is_a_mistake_of_its_row(tmp_path: Path) -> None:
    contents = read(tmp_path, 'image,x0,y0,x1,y1\na.png,"7,3",1.5,2,3\nb.png,1.5,2,3,4\n')

    assert [found.image.name for found in contents.instances] == ["b.png"]
    assert "decimals with a point" in contents.unreadable[0].reason


def test_between_commas_quoted_decimals_are_read_where_all_rows_have_them(tmp_path: Path) -> None:
    text = 'image,x0,y0,x1,y1\na.png,"207,733","8,5","1000,25","0,125"\nb.png,1,2,3,"4,5"\n'

    contents = read(tmp_path, text)

    assert contents.unreadable == []
    assert contents.instances[0].shape.points.tolist() == POINTS
    assert contents.instances[1].shape.points.tolist() == [[1, 2], [3, 4.5]]
    assert any("before decimals" in note for note in contents.notes)


def test_between_commas_thousands_are_not_taken_for_decimals(tmp_path: Path) -> None:
    contents = read(tmp_path, 'image,x0,y0,x1,y1\na.png,"1,234","2,345",3,4\n')

    assert contents.instances == []
    assert "nothing between thousands" in contents.unreadable[0].reason


def test_a_row_a_landmark(tmp_path: Path) -> None:
    text = "image;landmark;x;y\na.png;nose, tip;207,733;8,5\na.png;tail;1000,25;0,125\n"

    assert points(read(tmp_path, text)) == POINTS


def test_landmarks_with_commas_in_their_names_part_nothing(tmp_path: Path) -> None:
    text = "image;nose, tip.x;nose, tip.y\na.png;207,733;8,5\n"

    assert points(read(tmp_path, text))[0] == POINTS[0]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_first_line_of_excel_says_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    contents = read(tmp_path, f"sep={delimiter}\r\n" + EUROPEAN.replace(";", delimiter))

    assert points(contents) == POINTS


def test_lines_are_numbered_with_the_one_of_the_delimiter(tmp_path: Path) -> None:
    contents = read(tmp_path, "sep=;\n" + EUROPEAN + "b.png;1;2;3;none\n")

    assert "Line 4" in contents.unreadable[0].reason


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    assert points(read(tmp_path, EUROPEAN, encoding)) == POINTS


def refusal(tmp_path: Path, row: str) -> str:
    with pytest.raises(FormatError) as caught:
        read(tmp_path, f"image;x0;y0;x1;y1\na.png;{row}\n")
    return str(caught.value)


@pytest.mark.parametrize("row", ["1,234;1,500;1,001;7", "1,234;5;6;7", "1,234;120,500;;"])
def test_commas_that_may_part_thousands_are_refused(tmp_path: Path, row: str) -> None:
    said = refusal(tmp_path, row)

    assert 'thousands cannot be told (line 2: x0 is "1,234")' in said


def test_one_number_tells_of_all(tmp_path: Path) -> None:
    contents = read(tmp_path, "image;x0;y0;x1;y1\na.png;120,500;99,125;1,0;7\n")

    assert points(contents) == [[120.5, 99.125], [1, 7]]


@pytest.mark.parametrize("row", ["12,5;13.5;1;2", "1.234,5;7,5;1;2", "1,234.5;7.5;1;2"])
def test_commas_and_points_in_numbers_are_refused(tmp_path: Path, row: str) -> None:
    assert "with commas and with points (line 2: x0" in refusal(tmp_path, row)


def test_a_coordinate_beyond_all_images_has_decimals(tmp_path: Path) -> None:
    contents = read(tmp_path, "image;x0;y0;x1;y1\na.png;401,250;99,125;12,000;1,500\n")

    assert points(contents) == [[401.25, 99.125], [12, 1.5]]


def test_cells_with_commas_that_are_no_numbers_say_nothing_of_them(tmp_path: Path) -> None:
    contents = read(tmp_path, "image;x0;y0;x1;y1\na.png;1,5;2;3;4\nb.png;torn, lost;2;3;4\n")

    assert points(Contents(contents.instances))[0] == [1.5, 2]
    assert 'x0 is "torn, lost"' in contents.unreadable[0].reason


def test_decimal_commas_between_commas_are_named(tmp_path: Path) -> None:
    contents = read(tmp_path, "image,x0,y0,x1,y1\na.png,12,5,13,5,1,0,2,0\n")

    assert "decimals have a point" in contents.unreadable[0].reason
