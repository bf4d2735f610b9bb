""".tps: y points up, missing landmarks, curves, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import sniff
from landmark_annotator.projects.exchange.codecs import tps
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("wing", ("root", "vein", "tip"))
FILE = "LM=3\n1 29\n2.5 0\n-1 -1\nIMAGE=a.png\nID=0\nSCALE=0.01\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        Image.new("RGB", (40, 30)).save(tmp_path / f"{name}.png")
    return tmp_path


def read(folder: Path, text: str) -> Contents:
    (folder / "labels.tps").write_text(text)
    return tps.read(folder / "labels.tps", SCHEME)


def test_y_points_up_from_the_centre_of_the_lowest_pixels(folder: Path) -> None:
    (instance,) = read(folder, FILE).instances

    assert instance.shape.points[:2].tolist() == [[1, 0], [2.5, 29]]
    assert instance.image == folder / "a.png"


def test_it_is_written_so_too(folder: Path) -> None:
    shape = Shape(np.array([[1, 0], [2.5, 29], [np.nan, np.nan]]))

    tps.write(
        folder / "o.tps", [ExportedInstance(folder / "a.png", 40, 30, shape, None, "k")], SCHEME
    )

    assert (folder / "o.tps").read_text() == ("LM=3\n1.0 29.0\n2.5 0.0\n-1 -1\nIMAGE=a.png\nID=0\n")


@pytest.mark.parametrize("mark", ["-1 -1", "-1.000 -1.000", "NA NA", "nan nan"])
def test_missing_landmarks(folder: Path, mark: str) -> None:
    (instance,) = read(folder, FILE.replace("-1 -1", mark)).instances

    assert instance.shape.known.tolist() == [True, True, False]
    assert instance.shape.provenance == (Provenance.IMPORTED, Provenance.IMPORTED, None)


def test_an_image_without_landmarks_waits_for_labels(folder: Path) -> None:
    contents = read(folder, FILE + "LM=0\nIMAGE=b.png\nID=1\n")

    assert not contents.unreadable
    assert [one.image.name for one in contents.instances] == ["a.png", "b.png"]
    assert not contents.instances[1].shape.known.any()


def test_the_height_is_that_of_the_upright_image(folder: Path) -> None:
    image = Image.new("RGB", (40, 30))
    exif = image.getexif()
    exif[274] = 6  # on its side: upright it is 30 wide and 40 high
    image.save(folder / "a.png", exif=exif)

    (instance,) = read(folder, FILE).instances

    assert instance.shape.points[0].tolist() == [1, 10]


def test_points_of_curves_follow_the_landmarks(folder: Path) -> None:
    text = "LM=1\n1 2\nCURVES=2\nPOINTS=1\n3 4\nPOINTS=1\n5 6\nIMAGE=a.png\n"

    (instance,) = read(folder, text).instances

    assert instance.shape.points[:, 0].tolist() == [1, 3, 5]


def test_curves_beside_all_landmarks_are_passed_over(folder: Path) -> None:
    text = FILE.replace("IMAGE", "CURVES=1\nPOINTS=2\n3 4\n5 6\nIMAGE")

    (instance,) = read(folder, text).instances

    assert instance.shape.points[1].tolist() == [2.5, 29]


def test_a_scale_is_read_as_millimetres_and_noted(folder: Path) -> None:
    contents = read(folder, FILE)

    assert "SCALE= of 1 entry " in contents.notes[0]
    assert "millimetres" in contents.notes[0]
    assert [entry.mm_per_pixel for entry in contents.instances] == [0.01]


@pytest.mark.parametrize("said", ["1", "1.0", "1.000000"])
def test_a_scale_of_one_is_none(folder: Path, said: str) -> None:
    contents = read(folder, FILE.replace("0.01", said) + FILE)

    assert [entry.mm_per_pixel for entry in contents.instances] == [None, 0.01]
    assert "SCALE=1 of 1 entry was not taken" in contents.notes[1]
    assert "annotator scale PROJECT 1" in contents.notes[1]


def test_that_one_millimetre_a_pixel_does_not_come_back_is_said(folder: Path) -> None:
    shape = Shape(np.ones((3, 2)))
    entry = ExportedInstance(folder / "a.png", 40, 30, shape, None, "a", mm_per_pixel=1.0)

    notes = tps.write(folder / "out.tps", [entry], SCHEME).notes

    assert any("SCALE=1 of 1 entry" in note for note in notes)


def test_decimals_with_a_comma(folder: Path) -> None:
    text = "LM=3\n1,50000 29,00000\n2,5 0,25\n-1 -1\nIMAGE=a.png\nID=0\nSCALE=0,01\n"

    contents = read(folder, text)

    (instance,) = contents.instances
    assert instance.shape.points[:2].tolist() == [[1.5, 0], [2.5, 28.75]]
    assert instance.mm_per_pixel == 0.01
    assert any("before decimals" in note for note in contents.notes)


@pytest.mark.parametrize("point", ["1,234 5", "1,5 2.5"])
def test_commas_that_may_part_thousands_or_do_not_agree(folder: Path, point: str) -> None:
    (wrong,) = read(folder, FILE.replace("2.5 0", point)).unreadable

    assert "decimals with a point" in wrong.reason


@pytest.mark.parametrize("said", ["0", "-1", "0,1", "1e999", "nan", ""])
def test_a_scale_that_no_pixel_has_is_passed_over_and_noted(folder: Path, said: str) -> None:
    contents = read(folder, FILE.replace("0.01", said))

    assert contents.notes == ["SCALE= of 1 entry is no number above 0 and was passed over."]
    assert [entry.mm_per_pixel for entry in contents.instances] == [None]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2.5 0\n", "", "it has 2 points, its LM= and POINTS= say 3"),
        ("LM=3\n1 29\n", "LM=2\n", "2 points; the scheme has 3"),
        ("LM=3", "LM3=3", "three coordinates"),
        ("LM=3", "LM=three", "say 0"),
        ("2.5 0", "2,5 0", "line 3:"),
        ("2.5 0", "1e999 0", "line 3:"),
        ("2.5 0", "2.5 0 1", "line 3:"),
        ("IMAGE=a.png\n", "", "no IMAGE="),
        ("a.png", "c.png", "no image"),
    ],
)
def test_a_bad_entry_is_reported_and_the_rest_is_read(
    folder: Path, old: str, new: str, reason: str
) -> None:
    contents = read(folder, FILE.replace(old, new) + FILE.replace("a.png", "b.png"))

    assert [i.image.name for i in contents.instances] == ["b.png"]
    assert reason in contents.unreadable[0].reason
    assert "line 1" in contents.unreadable[0].reason


@pytest.mark.parametrize("text", ["", "IMAGE=a.png\nLM=3\n"])
def test_not_a_tps_file(folder: Path, text: str) -> None:
    with pytest.raises(FormatError, match="LM="):
        read(folder, text)


def test_a_file_is_known_by_its_content(folder: Path) -> None:
    (folder / "labels.txt").write_text("\nlm = 3\n1 2\n")

    assert sniff(folder / "labels.txt").name == "tps"


def test_what_other_programs_would_misread_is_noted(folder: Path) -> None:
    shape = Shape(np.array([[-5, 0], [2.5, 29], [3, 3]]), np.array([2, 1, 2], dtype=np.int8))
    instance = ExportedInstance(folder / "a.png", 40, 30, shape, None, "k")

    notes = tps.write(folder / "o.tps", [instance], SCHEME).notes

    assert any("1 landmark outside its image has" in note for note in notes)
    assert any("1 occluded landmark is" in note for note in notes)


def test_where_the_images_are_is_asked_for(folder: Path) -> None:
    (wrong,) = read(folder, FILE.replace("a.png", "elsewhere.png")).unreadable

    assert "choose the folder of the images" in wrong.reason
    assert "annotator locate" not in wrong.reason


@pytest.mark.parametrize("outline", ["RADII=2\n12.5\n13.1", "CHAIN=20 30 6 0.5\n001122\n33"])
def test_outlines_that_are_no_points_are_passed_over(tmp_path: Path, outline: str) -> None:
    Image.new("RGB", (50, 40)).save(tmp_path / "a.png")
    text = f"LM=2\n10 20\n30 25\nOUTLINES=1\n{outline}\nIMAGE=a.png\nID=0\n"
    (tmp_path / "labels.tps").write_text(text)

    contents = tps.read(tmp_path / "labels.tps", Scheme("two", ("base", "tip")))

    assert [one.shape.points.tolist() for one in contents.instances] == [[[10, 19], [30, 14]]]
    assert any("Outlines of 1 entry" in note for note in contents.notes)
