"""Which format a file is in is judged by what it holds."""

import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import by_name, formats, sniff
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError

PTS = "version: 1\nn_points: 1\n{\n1 2\n}\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (PTS, "pts"),
        ("// by hand\n12.5 13\n1 2\n", "pts"),
        ('\ufeff{"info": {}, "images": [], "annotations": []}', "coco"),
        ("image,x0,y0\na.png,1,2\n", "csv"),
        ("image,annotator,nose.x,nose.y\na.png,b,1,2\n", "csv"),
    ],
)
def test_a_file_is_known_by_its_content(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / "labels.txt").write_text(text, encoding="utf-8")

    assert sniff(tmp_path / "labels.txt").name == name


def test_a_folder_with_pts_files_below(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    Image.new("RGB", (3, 3)).save(tmp_path / "deep" / "a.png")
    (tmp_path / "deep" / "a.pts").write_text(PTS)

    assert sniff(tmp_path).name == "pts"


def test_a_folder_of_images(tmp_path: Path) -> None:
    Image.new("RGB", (3, 3)).save(tmp_path / "a.png")

    assert sniff(tmp_path).name == "images"


def test_one_image(tmp_path: Path) -> None:
    Image.new("RGB", (3, 3)).save(tmp_path / "a.png")

    assert sniff(tmp_path / "a.png").name == "images"


@pytest.mark.parametrize("text", ["", "hello", '{"shapes": []}', "a,b,c\n1,2,3\n"])
def test_no_known_format(tmp_path: Path, text: str) -> None:
    (tmp_path / "labels.csv").write_text(text)

    with pytest.raises(FormatError, match="no labels or images of a known kind") as raised:
        sniff(tmp_path / "labels.csv")
    assert "annotator formats lists all" in raised.value.remedy
    assert len(raised.value.remedy) < 200


def test_a_table_of_other_columns_says_which_and_how_to_tell_them(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("stimulus,nose_x,nose_y\na.png,1,2\n")
    with pytest.raises(FormatError, match=r"with the columns stimulus, nose_x, nose_y\.") as raised:
        sniff(table)
    assert "--columns" in raised.value.remedy


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"The folder .* is empty"):
        sniff(tmp_path)


def test_labels_in_a_folder_that_is_no_format_itself_are_named(landmark_data: Path) -> None:
    folder = landmark_data / "video" / "flies13"
    with pytest.raises(FormatError, match=r"holds the labels predictions\.slp") as refused:
        sniff(folder)
    assert str(folder / "predictions.slp") in refused.value.remedy


def test_what_a_folder_without_labels_holds_is_said(tmp_path: Path) -> None:
    for name in ("a.docx", "b.docx", "c.xyz"):
        (tmp_path / name).write_text("hello")
    with pytest.raises(FormatError, match=r"only files of \.docx, \.xyz"):
        sniff(tmp_path)


def test_of_a_folder_with_videos_it_is_said_how_they_come_in(tmp_path: Path) -> None:
    for name in ("a.mp4", "notes.docx"):
        (tmp_path / name).write_text("hello")
    with pytest.raises(FormatError, match=r"only files of") as refused:
        sniff(tmp_path)
    assert "annotator frames" in refused.value.remedy


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="There is no file or folder"):
        sniff(tmp_path / "missing")


def test_an_unknown_name_gets_the_closest() -> None:
    with pytest.raises(FormatError, match='Did you mean "coco"'):
        by_name("cocoo")


def test_knowing_the_formats_loads_none_of_their_code() -> None:
    code = (
        "import sys; from landmark_annotator.projects.exchange import formats; formats(); "
        "print([m for m in ('coco', 'csv_table', 'pts', 'image_folder') "
        "if 'landmark_annotator.projects.exchange.codecs.' + m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_what_is_written_says_what_it_carries() -> None:
    for card in formats():
        assert (card.carries is not None) == (card.writer is not None), card.name


@pytest.mark.parametrize(("labels", "disk"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_label_file_has_the_image_whose_umlaut_is_written_otherwise(
    tmp_path: Path, labels: Literal["NFC", "NFD"], disk: Literal["NFC", "NFD"]
) -> None:
    image = tmp_path / unicodedata.normalize(disk, "ä.png")
    Image.new("RGB", (3, 3)).save(image)
    (tmp_path / unicodedata.normalize(labels, "ä.pts")).write_text(PTS)

    contents = sniff(tmp_path).reader().read(tmp_path, Scheme("one", ("nose",)))

    assert [found.image for found in contents.instances] == [image]
    assert contents.unreadable == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("task.zip", {"annotations.xml": "<annotations/>"}, "Unpack it"),
        ("labels.xlsx", {"xl/workbook.xml": "<x/>"}, "Save it as CSV"),
        ("labels.ods", {"mimetype": "x", "content.xml": "<x/>"}, "Save it as CSV"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Save it as CSV"),
        ("labels.csv.gz", b"\x1f\x8b\x08\0image,x0,y0", "Unpack it"),
        ("cut.zip", b"PK\x03\x04annotations", "Unpack it"),
    ],
)
def test_archives_and_spreadsheets_are_told_as_what_they_are(
    tmp_path: Path, name: str, content: dict[str, str] | bytes, said: str
) -> None:
    if isinstance(content, bytes):
        (tmp_path / name).write_bytes(content)
    else:
        with zipfile.ZipFile(tmp_path / name, "w") as packed:
            for inside, text in content.items():
                packed.writestr(inside, text)

    with pytest.raises(FormatError) as caught:
        sniff(tmp_path / name)

    assert said in caught.value.remedy


@pytest.mark.parametrize("suffix", [".json", ".md"])
def test_a_data_sheet_is_said_to_be_one(tmp_path: Path, suffix: str) -> None:
    """It was told to be no COCO file."""
    sheet = tmp_path / f"faces.datasheet{suffix}"
    sheet.write_text("{}")
    with pytest.raises(FormatError, match="describes labels and holds none"):
        sniff(sheet)
