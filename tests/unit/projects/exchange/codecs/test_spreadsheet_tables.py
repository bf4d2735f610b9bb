"""DeepLabCut's tables and lists of points after a European spreadsheet has saved them."""

from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import sniff
from landmark_annotator.projects.exchange.codecs import csv_table, deeplabcut
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.exchange.curve_files import read_curves
from landmark_annotator.projects.vocabulary import Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("mouse", ("nose", "tail"))
POINTS = [[207.733, 8.5], [1000.25, 0.125]]
TABLE = """scorer;Müller, A.;Müller, A.;Müller, A.;Müller, A.
bodyparts;nose;nose;tail;tail
coords;x;y;x;y
a.png;207,733;8,5;1000,25;0,125
b.png;;;;
c.png;1,5;2;;
;;;;
"""


def read(tmp_path: Path, text: str, encoding: str = "utf-8") -> Contents:
    source = tmp_path / "CollectedData_anna.csv"
    source.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert sniff(source).name == "deeplabcut"
    return deeplabcut.read(source, SCHEME)


def quoted(text: str) -> str:
    """Commas between cells, and quotes about all of them."""
    rows = (line.split(";") for line in text.splitlines())
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "text", [TABLE, "sep=;\n" + TABLE, TABLE.replace(";", "\t"), quoted(TABLE)]
)
def test_a_table_of_deeplabcut(tmp_path: Path, text: str, encoding: str) -> None:
    contents = read(tmp_path, text, encoding)

    first, second, third = contents.instances
    assert contents.unreadable == []
    assert first.shape.points.tolist() == POINTS
    assert (first.image.name, first.annotator) == ("a.png", "Müller, A.")
    assert not second.shape.known.any()
    assert third.shape.points[0].tolist() == [1.5, 2.0]
    assert any("before decimals" in note for note in contents.notes)


def test_semicolons_and_points(tmp_path: Path) -> None:
    contents = read(tmp_path, TABLE.replace("Müller, A.", "anna").replace(",", "."))

    assert contents.instances[0].shape.points.tolist() == POINTS
    assert contents.notes == []


def test_what_spreadsheets_leave_round_a_table_is_passed_over(tmp_path: Path) -> None:
    padded = "".join(f"{line};;\n" for line in TABLE.replace(";", " ; ").splitlines())

    contents = read(tmp_path, padded)

    assert contents.unreadable == []
    assert contents.instances[0].shape.points.tolist() == POINTS
    assert contents.instances[0].annotator == "Müller, A."


@pytest.mark.parametrize("cell", ["12. Mai", "12.Mai", "12-May", "05.12.2026", "2. Mrz 26"])
def test_a_date_that_a_spreadsheet_has_made_is_told(tmp_path: Path, cell: str) -> None:
    (wrong,) = read(tmp_path, TABLE.replace("207,733", cell)).unreadable

    assert "has made a date" in wrong.reason


@pytest.mark.parametrize(
    ("cells", "said"),
    [("1,234;2,345;;", "decimals or thousands"), ("1,5;2.5;;", "commas and with points")],
)
def test_what_commas_mean_is_not_guessed(tmp_path: Path, cells: str, said: str) -> None:
    text = TABLE.replace("207,733;8,5;1000,25;0,125", cells).replace("1,5;2;;", "")

    with pytest.raises(FormatError, match=said) as caught:
        read(tmp_path, text)

    assert "decimals with a point" in caught.value.remedy
    assert "nose x" in str(caught.value)


def test_commas_that_part_cells_and_decimals_are_named(tmp_path: Path) -> None:
    text = quoted(TABLE).replace('"207,733","8,5"', "207,733,8,5")

    (wrong,) = read(tmp_path, text).unreadable

    assert "decimals have a point where commas part the cells" in wrong.reason


@pytest.mark.parametrize(
    ("suffix", "text", "form"),
    [
        ("csv", " ;Area;X;Y\n1;0,1;207,733;8,5\n2;0,1;1000,25;0,125\n", "imagej"),
        ("csv", "index;axis-0;axis-1\n0;8,5;207,733\n1;0,125;1000,25\n", "napari"),
        ("csv", 'index,axis-0,axis-1\n0,"8,5","207,733"\n1,"0,125","1000,25"\n', "napari"),
        ("txt", "207,733;8,5\n1000,25;0,125\n1\n", "isbi"),
    ],
)
def test_lists_of_points(tmp_path: Path, suffix: str, text: str, form: str) -> None:
    Image.new("RGB", (9, 9)).save(tmp_path / "a.png")
    (tmp_path / f"a.{suffix}").write_text("\ufeff" + text, encoding="utf-8")

    card = sniff(tmp_path)
    contents = card.reader().read(tmp_path, SCHEME)

    assert card.name == form
    assert contents.instances[0].shape.points.tolist() == POINTS


def test_a_list_whose_commas_may_part_thousands(tmp_path: Path) -> None:
    Image.new("RGB", (9, 9)).save(tmp_path / "a.png")
    (tmp_path / "a.csv").write_text("index;axis-0;axis-1\n0;1,234;2,345\n1;3;4\n")

    (wrong,) = sniff(tmp_path).reader().read(tmp_path, SCHEME).unreadable

    assert "decimals or thousands" in wrong.reason


def test_sliders_with_semicolons(tmp_path: Path) -> None:
    (tmp_path / "sliders.csv").write_text('"before";"slide";"after"\n1;2;3\n')

    assert read_curves(tmp_path / "sliders.csv", 3)[0].landmarks == (0, 1, 2)


@pytest.mark.parametrize("writer", [csv_table, deeplabcut])
def test_a_carriage_return_in_a_name_ends_no_row(tmp_path: Path, writer: ModuleType) -> None:
    """What followed it began a row of its own, which could be that of another image."""
    scheme = Scheme("pair", ("a", "b\rc"))
    named = [tmp_path / "two\rnames.png", tmp_path / "names.png"]
    shapes = [Shape([(n, 2.0), (3.0, 4.0)]) for n in range(2)]
    labels = [
        ExportedInstance(image, 9, 9, shape, None, "k")
        for image, shape in zip(named, shapes, strict=True)
    ]

    writer.write(tmp_path / "out.csv", labels, scheme)
    back = writer.read(tmp_path / "out.csv", scheme)

    assert back.unreadable == []
    assert [entry.image for entry in back.instances] == named
    assert [entry.shape.points.tolist() for entry in back.instances] == [
        shape.points.tolist() for shape in shapes
    ]


@pytest.mark.parametrize("writer", [csv_table, deeplabcut])
def test_landmarks_that_differ_in_spaces_alone_are_not_taken_for_one(
    tmp_path: Path, writer: ModuleType
) -> None:
    scheme = Scheme("three", ("nose", "nose ", " nose"))
    shape = Shape([(1.0, 2.0), (3.0, 4.0), (5.0, 6.0)])
    label = ExportedInstance(tmp_path / "a.png", 9, 9, shape, None, "k")

    writer.write(tmp_path / "out.csv", [label], scheme)
    (back,) = writer.read(tmp_path / "out.csv", scheme).instances

    assert back.shape.points.tolist() == shape.points.tolist()


def test_a_table_whose_landmarks_have_lines_in_their_names_is_known(tmp_path: Path) -> None:
    scheme = Scheme("three", ("a\nb", "c\nd", "e\nf"))
    label = ExportedInstance(tmp_path / "a.png", 9, 9, Shape([(1.0, 2.0)] * 3), None, "k")

    deeplabcut.write(tmp_path / "out.csv", [label], scheme)

    assert sniff(tmp_path / "out.csv").name == "deeplabcut"
