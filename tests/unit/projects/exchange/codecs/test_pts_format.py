"""`.pts`: what is read, what is refused and with which words, what is written."""

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange.codecs import pts
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("triangle", ("top", "left", "right"))
PATH = Path("a.pts")
POINTS = [[0.0, 0.0], [9.5, -1.25], [63.7188, 101.7368]]
BODY = "1 1\n10.5 -0.25\n64.7188 102.7368\n"
FILE = "version: 1\nn_points: 3\n{\n" + BODY + "}\n"


def parsed(text: str) -> list[list[float]]:
    points: list[list[float]] = pts.parse(text, PATH, 3).tolist()
    return points


def refusal(text: str) -> str:
    with pytest.raises(FormatError) as caught:
        parsed(text)
    return str(caught.value)


def test_the_first_pixel_is_1_1_in_the_file_and_0_0_inside() -> None:
    assert parsed(FILE) == POINTS


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        FILE.replace("\n", "\r\n"),
        FILE.replace("version: 1", "version:1.0").replace("n_points: 3", "N_POINTS:  3"),
        FILE.replace("version: 1\n", ""),
        "// by hand\n\n" + FILE.replace("1 1\n", "1 1 # the top\n\n") + "\n\n",
        FILE.replace(" ", "\t").replace("1\t1\n", "  +1.   1e0  \n"),
        FILE.rstrip(),
    ],
    ids=["no header", "CRLF", "spelling", "no version", "comments", "white space", "no last line"],
)
def test_variants_of_the_same_points(text: str) -> None:
    assert parsed(text) == POINTS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.pts").write_text(FILE, encoding=encoding)
    Image.new("RGB", (9, 9)).save(tmp_path / "a.png")

    contents = pts.read(tmp_path / "a.pts", SCHEME)

    assert contents.instances[0].shape.points.tolist() == POINTS


def test_a_point_too_few_for_the_header() -> None:
    assert "holds 2 points; its header says 3" in refusal(FILE.replace("1 1\n", ""))


def test_points_of_another_scheme() -> None:
    assert "holds 2 points; the scheme has 3 landmarks" in refusal("1 1\n2 2\n")


def test_empty() -> None:
    assert "holds 0 points" in refusal("")


def test_cut_short_after_a_whole_line() -> None:
    assert "cut short" in refusal(FILE[: FILE.index("64")])


def test_cut_short_in_the_header() -> None:
    assert "no opening brace" in refusal("version: 1\nn_po")


@pytest.mark.parametrize("value", ["nan", "NaN", "inf", "-Infinity", "1e999"])
def test_not_finite_names_the_line(value: str) -> None:
    assert "line 5:" in refusal(FILE.replace("10.5", value))


@pytest.mark.parametrize("line", ["10,5 -0,25", "10.5, -0.25", "10.5,-0.25"])
def test_a_comma_names_the_line(line: str) -> None:
    message = refusal(FILE.replace("10.5 -0.25", line))

    assert "line 5:" in message
    assert "comma" in message


@pytest.mark.parametrize("line", ["10.5", "10.5 1 2", "1_0 5", "ten 5", "٣ 5"])
def test_not_two_numbers_names_the_line(line: str) -> None:
    assert "line 5:" in refusal(FILE.replace("10.5 -0.25", line))


def test_something_after_the_closing_brace() -> None:
    assert "line 8:" in refusal(FILE + "3 4\n")


def test_another_word_in_the_header() -> None:
    assert "line 2:" in refusal(FILE.replace("n_points", "points"))


def test_another_encoding_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "a.pts").write_bytes("// Müller\n".encode("latin-1") + FILE.encode())
    Image.new("RGB", (9, 9)).save(tmp_path / "a.png")

    contents = pts.read(tmp_path, SCHEME)

    assert contents.instances == []
    assert "not UTF-8" in contents.unreadable[0].reason


def test_a_folder_is_read_with_its_subfolders(tmp_path: Path) -> None:
    for name, suffix in (("one", "png"), ("deep/er/two", "JPG"), ("deep/a.b", "tif")):
        image = tmp_path / f"{name}.{suffix}"
        image.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (9, 9)).save(image, format="PNG")
        (tmp_path / f"{name}.pts").write_text(FILE)

    contents = pts.read(tmp_path, SCHEME)

    assert {i.image.name for i in contents.instances} == {"one.png", "two.JPG", "a.b.tif"}
    assert all(i.shape.points.tolist() == POINTS for i in contents.instances)
    assert contents.instances[0].shape.provenance == (Provenance.IMPORTED,) * 3


def test_one_file_is_read_with_the_image_beside_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        Image.new("RGB", (9, 9)).save(tmp_path / f"{name}.png")
        (tmp_path / f"{name}.pts").write_text(FILE)

    contents = pts.read(tmp_path / "b.pts", SCHEME)

    assert [i.image.name for i in contents.instances] == ["b.png"]


def test_a_file_without_an_image_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.pts").write_text(FILE)

    contents = pts.read(tmp_path, SCHEME)

    assert contents.unreadable[0].path == tmp_path / "a.pts"
    assert "no image" in contents.unreadable[0].reason


def test_two_images_of_one_name_are_reported(tmp_path: Path) -> None:
    (tmp_path / "a.pts").write_text(FILE)
    for suffix in ("png", "jpg"):
        Image.new("RGB", (9, 9)).save(tmp_path / f"a.{suffix}")

    contents = pts.read(tmp_path, SCHEME)

    assert contents.instances == []
    assert "Several images" in contents.unreadable[0].reason


def test_an_image_without_labels_is_yet_to_be_labelled(tmp_path: Path) -> None:
    (tmp_path / "a.pts").write_text(FILE)
    for name in ("a", "b"):
        Image.new("RGB", (9, 9)).save(tmp_path / f"{name}.png")

    contents = pts.read(tmp_path, SCHEME)

    assert [bool(i.shape.known.any()) for i in contents.instances] == [True, False]


def test_an_image_with_bad_labels_is_not_taken_for_one_without(tmp_path: Path) -> None:
    (tmp_path / "a.pts").write_text("1,5 2,5\n")
    Image.new("RGB", (9, 9)).save(tmp_path / "a.png")

    contents = pts.read(tmp_path, SCHEME)

    assert contents.instances == []
    assert len(contents.unreadable) == 1


def test_images_in_another_folder(tmp_path: Path) -> None:
    for folder in ("labels/x", "photos/x"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "labels/x/a.pts").write_text(FILE)
    for name in ("a", "b"):
        Image.new("RGB", (9, 9)).save(tmp_path / f"photos/x/{name}.png")

    contents = pts.read(tmp_path / "labels", SCHEME, images=tmp_path / "photos")

    assert [i.image for i in contents.instances] == [tmp_path / "photos/x/a.png"]


def exported(image: Path, shape: Shape) -> ExportedInstance:
    return ExportedInstance(image, 9, 9, shape, None, "key")


def test_what_was_read_is_written_digit_for_digit() -> None:
    text = "version: 1\nn_points: 3\n{\n1.1 1\n10.5 -0.25\n64.7188 102.7368\n}\n"

    assert pts.formatted(pts.parse(text, PATH, 3)) == text.replace("1.1 1\n", "1.1 1.0\n")


def test_files_are_written_in_the_tree_of_the_images(tmp_path: Path) -> None:
    shape = Shape(np.array(POINTS))
    images = [tmp_path / "in" / name for name in ("x/a.png", "y/a.png")]

    written = pts.write(tmp_path / "out", [exported(i, shape) for i in images], SCHEME)

    assert written.instances == 2
    files = sorted(f.relative_to(tmp_path / "out") for f in (tmp_path / "out").rglob("*.*"))
    assert files == [Path("x/a.pts"), Path("y/a.pts")]


def test_incomplete_shapes_are_left_out_and_the_objects_of_an_image_numbered(
    tmp_path: Path,
) -> None:
    whole, part = Shape(np.array(POINTS)), Shape.unknown(3)
    image = tmp_path / "a.png"

    written = pts.write(tmp_path, [exported(image, s) for s in (whole, part, whole)], SCHEME)

    assert (written.instances, written.images) == (2, 1)
    assert sorted(file.name for file in tmp_path.glob("*.pts")) == ["a_1.pts", "a_2.pts"]
    assert any("1 shape with unknown landmarks" in note for note in written.notes)
    assert any("numbered from _1" in note for note in written.notes)


def test_numbered_files_are_of_the_image_without_the_number(tmp_path: Path) -> None:
    image = tmp_path / "a.png"
    Image.new("RGB", (9, 9)).save(image)
    shapes = [Shape(np.array(POINTS) + n) for n in range(2)]
    pts.write(tmp_path, [exported(image, shape) for shape in shapes], SCHEME)

    read = pts.read(tmp_path, SCHEME).instances

    assert [each.image for each in read] == [image, image]
    assert [each.source for each in read] == ["a_1.pts#0", "a_2.pts#0"]
    for each, shape in zip(read, shapes, strict=True):
        assert np.allclose(each.shape.points, shape.points)


def test_a_number_that_is_another_images_name_is_not_taken_for_one(tmp_path: Path) -> None:
    shape = Shape(np.array(POINTS))
    images = [tmp_path / f"{name}.png" for name in ("a", "a", "a_1", "a_2", "a_2", "a")]

    written = pts.write(tmp_path / "out", [exported(i, shape) for i in images], SCHEME)

    assert written.instances == 6
    files = sorted(file.stem for file in (tmp_path / "out").glob("*.pts"))
    assert files == ["a_1", "a_2_1", "a_2_2", "a_3", "a_4", "a_5"]


def test_images_that_would_share_a_file_are_refused(tmp_path: Path) -> None:
    """One had the file, which every program takes for the labels of both."""
    both = [
        exported(tmp_path / f"a.{suffix}", Shape([(1.0, 2.0)] * 3)) for suffix in ("png", "jpg")
    ]

    with pytest.raises(FormatError, match="they would share a file"):
        pts.write(tmp_path, both, SCHEME)


def test_of_two_spellings_of_an_umlaut_the_files_own_is_taken(tmp_path: Path) -> None:
    names = [unicodedata.normalize(form, "é.png") for form in ("NFC", "NFD")]
    for name in names:
        Image.new("RGB", (9, 9)).save(tmp_path / name)
    if len(list(tmp_path.iterdir())) < len(names):
        pytest.skip("a disk that takes both for one")
    (tmp_path / names[1]).with_suffix(".pts").write_text(FILE)

    contents = pts.read(tmp_path, SCHEME)

    assert contents.unreadable == []
    known = {i.image.name: bool(i.shape.known.any()) for i in contents.instances}
    assert known == {names[0]: False, names[1]: True}
