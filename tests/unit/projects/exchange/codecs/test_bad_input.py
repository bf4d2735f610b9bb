"""What goes wrong with label files, for every format of rows, points and parts.

Each test starts from a good export of three photographs, spoils it, and imports it into an empty
project: what is sound arrives unchanged, and the report names what does not, with its reason.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import ImportReport, import_labels
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.errors import FormatError
from tests.unit.projects.exchange.codecs.labels_to_spoil import (
    ALL,
    BESIDE,
    FILES,
    LONGER,
    NAMING_IMAGES,
    NAMING_LANDMARKS,
    OTHER_NAMES,
    POINTS,
    SCHEME,
    SEVERAL,
    Labels,
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", SCHEME) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three photographs."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for number, name in enumerate("abc"):
        Image.new("RGB", (50, 60), (number, 0, 0)).save(photos / f"{name}.png")
    return photos


@pytest.fixture
def good(folder: Path) -> Callable[[str], Labels]:
    """Labels of the three photographs, each shape in another place."""

    def write(format: str) -> Labels:
        labels = Labels(folder, format)
        labels.write([labels.instance(f"{name}.png", n) for n, name in enumerate("abc")])
        return labels

    return write


def imported(project: Project, labels: Labels) -> ImportReport | None:
    """None where the whole file is refused, which is the only error there may be."""
    try:
        return import_labels(project, labels.target, format=labels.format, who="anna")
    except FormatError:
        return None


def shifts(project: Project) -> list[float]:
    """Of the labelled shapes, which must each be one of those that were written."""
    found = []
    for _, shape in project.shapes(None):
        if shape.known.any():
            shift = shape.points[0, 0] - POINTS[0, 0]
            assert np.allclose(shape.points, POINTS + shift, equal_nan=True)
            found.append(float(shift))
    return sorted(found)


@pytest.mark.parametrize("format", ALL)
def test_nothing_is_wrong_to_begin_with(
    project: Project, good: Callable[[str], Labels], format: str
) -> None:
    report = imported(project, good(format))

    assert report is not None
    assert report.unreadable == []
    assert shifts(project) == [0, 1, 2]


@pytest.mark.parametrize("share", [0.1, 0.45, 0.83])
@pytest.mark.parametrize("format", ALL)
def test_truncated(
    project: Project, good: Callable[[str], Labels], format: str, share: float
) -> None:
    labels = good(format)
    content = labels.files[-1].read_bytes()
    labels.files[-1].write_bytes(content[: int(share * len(content))])

    report = imported(project, labels)

    assert report is None or report.unreadable
    assert 2.0 not in shifts(project)
    if format in BESIDE:  # the files of the other images are whole
        assert shifts(project) == [0, 1]


@pytest.mark.parametrize("format", ALL)
def test_empty(project: Project, good: Callable[[str], Labels], format: str) -> None:
    labels = good(format)
    labels.files[-1].write_bytes(b"")

    report = imported(project, labels)

    if format == "yolo":  # there an empty file says that the image holds no object
        assert report is not None
        assert shifts(project) == [0, 1]
    else:
        assert report is None or [bad.path for bad in report.unreadable] == labels.files[-1:]


@pytest.mark.parametrize("format", [f for f in ALL if f not in NAMING_LANDMARKS])
def test_another_number_of_landmarks(project: Project, folder: Path, format: str) -> None:
    labels = Labels(folder, format)
    labels.write([labels.instance("a.png", scheme=LONGER)], LONGER)

    report = imported(project, labels)

    assert shifts(project) == []
    assert report is not None
    assert "3 landmarks" in report.unreadable[0].reason


@pytest.mark.parametrize("format", NAMING_LANDMARKS)
def test_an_unknown_landmark_gets_the_closest(project: Project, folder: Path, format: str) -> None:
    labels = Labels(folder, format)
    labels.write([labels.instance("a.png")], OTHER_NAMES)

    with pytest.raises(FormatError, match=r'"left eyes".*Did you mean "left eye"'):
        import_labels(project, labels.target, format=format, who="anna")


@pytest.mark.parametrize("format", ALL)
def test_one_image_under_two_names(project: Project, folder: Path, format: str) -> None:
    (folder / "b.png").write_bytes((folder / "a.png").read_bytes())
    labels = Labels(folder, format)
    labels.write([labels.instance(f"{name}.png", n) for n, name in enumerate("abc")])

    report = imported(project, labels)

    assert report is not None
    assert (report.images_added, report.differing) == (2, 0)
    assert shifts(project) == [0, 1, 2]


@pytest.mark.parametrize("format", SEVERAL)
def test_the_same_labels_twice_are_one_instance(
    project: Project, folder: Path, format: str
) -> None:
    labels = Labels(folder, format)
    labels.write([labels.instance("a.png"), labels.instance("a.png")])

    report = imported(project, labels)

    assert report is not None
    assert report.differing == 0
    assert shifts(project) == [0]


@pytest.mark.parametrize("format", SEVERAL)
def test_two_instances_of_one_box(project: Project, folder: Path, format: str) -> None:
    labels = Labels(folder, format)
    labels.write([labels.instance("a.png"), labels.instance("a.png", 2)])

    for report in (imported(project, labels), imported(project, labels)):
        assert report is not None
        assert (report.unreadable, report.differing) == ([], 0)
        assert shifts(project) == [0, 2]


@pytest.mark.parametrize("format", ALL)
def test_a_missing_image(project: Project, good: Callable[[str], Labels], format: str) -> None:
    labels = good(format)
    (labels.folder / "b.png").unlink()

    report = imported(project, labels)

    assert report is not None
    assert len(report.unreadable) == 1
    assert "no image" in report.unreadable[0].reason
    assert shifts(project) == [0, 2]


@pytest.mark.parametrize("format", ALL)
def test_a_damaged_image(project: Project, good: Callable[[str], Labels], format: str) -> None:
    labels = good(format)
    (labels.folder / "b.png").write_bytes(b"no image")

    report = imported(project, labels)

    assert report is not None
    assert len(report.unreadable) == 1
    assert "not an image" in report.unreadable[0].reason
    assert shifts(project) == [0, 2]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("format", [f for f in ALL if f != "deeplabcut-h5"])
def test_unicode_with_a_byte_order_mark(
    project: Project, folder: Path, format: str, encoding: str
) -> None:
    (folder / "a.png").rename(folder / "Måns 猫.png")
    labels = Labels(folder, format)
    labels.write([labels.instance("Måns 猫.png")])
    for file in labels.files:
        mark = "\ufeff" if encoding == "utf-16-be" else ""
        text = file.read_text(encoding="utf-8")
        file.write_bytes((mark + text).encode(encoding))

    report = imported(project, labels)

    assert report is not None
    assert report.unreadable == []
    assert shifts(project) == [0]


@pytest.mark.parametrize("format", [f for f in ALL if f != "deeplabcut-h5"])
def test_latin_1_is_refused_or_makes_no_difference(
    project: Project, folder: Path, format: str
) -> None:
    (folder / "a.png").rename(folder / "Müller.png")
    labels = Labels(folder, format)
    labels.write([labels.instance("Müller.png")])
    for file in labels.files:
        file.write_bytes(file.read_text(encoding="utf-8").encode("latin-1"))

    if b"\xfc" in labels.files[0].read_bytes():
        with pytest.raises(FormatError, match=r"UTF-8|not well-formed"):
            import_labels(project, labels.target, format=format, who="anna")
    else:
        imported(project, labels)
        assert shifts(project) == [0]


@pytest.mark.parametrize("written", ["C:\\Users\\anna\\photos\\", "/home/anna/photos/"])
@pytest.mark.parametrize("format", NAMING_IMAGES)
def test_images_of_another_computer_are_found_beside_the_labels(
    project: Project, good: Callable[[str], Labels], format: str, written: str
) -> None:
    labels = good(format)
    if format == "coco":
        content = json.loads(labels.target.read_text())
        for image in content["images"]:
            image["file_name"] = written + image["file_name"]
        labels.target.write_text(json.dumps(content))
    else:
        for name in "abc":
            labels.change(f"{name}.png", f"{written}{name}.png")

    report = imported(project, labels)

    assert report is not None
    assert report.unreadable == []
    assert shifts(project) == [0, 1, 2]


@pytest.mark.parametrize("format", ["pts", "tem", "tps", "wflw", "yolo"])
def test_entries_of_another_scheme_among_them(project: Project, folder: Path, format: str) -> None:
    labels = Labels(folder, format)
    labels.write([labels.instance("c.png", scheme=LONGER)], LONGER)
    longer = {file: file.read_bytes() for file in labels.files}
    labels.write([labels.instance("a.png", 0), labels.instance("b.png", 1)])
    for file, content in longer.items():
        file.write_bytes(file.read_bytes() + content if format in FILES else content)

    report = imported(project, labels)

    assert report is not None
    assert len(report.unreadable) == 1
    assert shifts(project) == [0, 1]


def test_boxes_of_another_scheme_among_them(project: Project, folder: Path) -> None:
    boxes = "".join(
        f"<image file='{name}.png'><box left='1' top='2' width='9' height='9'>"
        f"<part name='{part}' x='3' y='4'/></box></image>"
        for name, part in (("a", "chin"), ("b", "wheel"))
    )
    (folder / "labels.xml").write_text(f"<dataset><images>{boxes}</images></dataset>")

    report = import_labels(project, folder / "labels.xml", who="anna")

    assert (report.added, len(report.unreadable)) == (1, 1)
    assert '"wheel"' in report.unreadable[0].reason


def test_rows_of_another_scheme_are_noted(project: Project, good: Callable[[str], Labels]) -> None:
    labels = good("csv")
    labels.change(",face,", ",mouse,")

    report = imported(project, labels)

    assert report is not None
    assert any('"mouse"' in note for note in report.notes)


@pytest.mark.parametrize(
    ("format", "old", "new"),
    [
        ("coco", '2],"num', '3],"num'),
        ("csv", ",2,", ",3,"),
        ("yolo", " 1 ", " 3 "),
        ("imglab", "visibility='1'", "visibility='3'"),
    ],
)
def test_a_visibility_that_is_none(
    project: Project, good: Callable[[str], Labels], format: str, old: str, new: str
) -> None:
    labels = good(format)
    labels.change(old, new)

    report = imported(project, labels)

    assert report is not None
    assert len(report.unreadable) == 1
    assert "visibility" in report.unreadable[0].reason
    assert shifts(project) == [0, 1]


def test_a_label_file_that_may_not_be_read_stops_no_other(
    project: Project, good: Callable[[str], Labels]
) -> None:
    labels = good("pts")
    labels.files[1].unlink()
    labels.files[0].with_name("b.pts").mkdir()  # in place of a file

    report = imported(project, labels)

    assert report is not None
    assert {0.0, 2.0} <= set(shifts(project))


def test_the_images_are_as_they_were(good: Callable[[str], Labels], folder: Path) -> None:
    before = [examine(folder / f"{name}.png") for name in "abc"]

    for format in ALL:
        good(format)

    assert [examine(folder / f"{name}.png") for name in "abc"] == before
