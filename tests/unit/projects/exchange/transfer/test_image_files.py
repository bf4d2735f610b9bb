"""Where the images of an export are, and how its files name them."""

import json
import os
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import Split, by_name, export_set, formats, import_labels
from landmark_annotator.projects.exchange.transfer import export_set as export_set_module
from landmark_annotator.projects.exchange.transfer import former_export
from landmark_annotator.projects.exchange.transfer.former_export import named_beside
from landmark_annotator.projects.exchange.transfer.image_files import ImageNaming, ImagesAs
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

PAIR = Scheme("pair", ("one", "two"))
NAMES = ("one/a.png", "one/a.jpg", "two/ä b#.png")
NAMING = [c.name for c in formats() if c.writer is not None and c.names_images]
NAMING.remove("cvat-video")  # of videos alone
NAMING.remove("coco-wholebody")  # of schemes of other sizes


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Three accepted pairs in photographs of two folders, two of one name but for its end."""
    with Project.create(tmp_path / "pairs", PAIR) as made:
        for number, name in enumerate(NAMES):
            path = tmp_path / "photographs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (50, 60), (40 * number, 0, 0)).save(path)
            image = made.add_image(path, examine(path))
            record = made.add_instance(image.id, Box(20, 20, 9, 9), source=name, who="anna")
            made.accept(record.id, Shape(np.array([[1.5, 2.5], [3.5, 4.5 + number]])), who="anna")
        yield made


def exported(project: Project, tmp_path: Path, format: str, **naming: object) -> Path:
    """The folder that it is in, and alone in."""
    folder = tmp_path / "away"
    folder.mkdir(exist_ok=True)
    how = ImageNaming(**naming)  # type: ignore[arg-type]
    export_set(project, folder / f"out{by_name(format).suffix}", format=format, naming=how)
    return folder


def names(folder: Path) -> list[str]:
    content = json.loads((folder / "out.json").read_text())
    return [image["file_name"] for image in content["images"]]


def test_sheets_of_other_exports_there_are_read_once(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported(project, tmp_path, "csv")
    asked = []

    def counted(sheet: Path) -> set[Path]:
        asked.append(sheet)
        return named_beside(sheet)

    for module in (export_set_module, former_export):
        monkeypatch.setattr(module, "named_beside", counted)
    exported(project, tmp_path, "coco")
    assert len(asked) == 1


def test_an_image_that_may_not_be_read_is_not_said_to_be_gone_alone(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refused)
    report = export_set(project, tmp_path / "out", format="yolo")
    [note] = [note for note in report.notes if "gone" in note]
    assert "cannot be read" in note


@pytest.mark.parametrize("format", NAMING)
def test_an_export_can_be_moved_as_a_whole(project: Project, tmp_path: Path, format: str) -> None:
    folder = exported(project, tmp_path, format)
    moved = folder.rename(tmp_path / "moved")
    shutil.rmtree(tmp_path / "photographs")

    with Project.create(tmp_path / "again", PAIR) as again:
        report = import_labels(again, moved / f"out{by_name(format).suffix}", who="b")
        inside = [moved in image.path.parents for image in again.images()]

    assert (report.added, report.unreadable) == (3, [])
    assert inside == [True] * 3


def test_images_below_the_export_are_named_and_not_copied(project: Project, tmp_path: Path) -> None:
    export_set(project, tmp_path / "out.json", format="coco")

    assert names(tmp_path) == [f"photographs/{name}" for name in NAMES]
    assert not (tmp_path / "out-images").exists()


def test_images_of_elsewhere_lie_in_a_folder_of_their_own(project: Project, tmp_path: Path) -> None:
    folder = exported(project, tmp_path, "coco")

    assert names(folder) == [
        "out-images/one/a.png",
        "out-images/one/a-2.jpg",
        "out-images/two/ä b#.png",
    ]
    copied = (folder / "out-images/two/ä b#.png").read_bytes()
    assert copied == (tmp_path / "photographs/two/ä b#.png").read_bytes()


def test_names_that_differ_in_capitals_alone_are_told_apart(
    project: Project, tmp_path: Path
) -> None:
    """On many disks they would be one file."""
    path = tmp_path / "photographs" / "one" / "A.PNG"
    Image.new("RGB", (50, 60), (200, 0, 0)).save(path)
    image = project.add_image(path, examine(path))
    record = project.add_instance(image.id, Box(20, 20, 9, 9), source="A.PNG", who="anna")
    project.accept(record.id, Shape(np.array([[1.5, 2.5], [3.5, 4.5]])), who="anna")

    folder = exported(project, tmp_path, "coco")

    assert names(folder)[-1] == "out-images/one/A-3.PNG"
    assert (folder / "out-images/one/A-3.PNG").read_bytes() == path.read_bytes()


def test_names_that_differ_in_how_an_umlaut_is_written_are_told_apart(
    project: Project, tmp_path: Path
) -> None:
    """As those in capitals: a Mac would have one file of them."""
    path = tmp_path / "photographs" / "two" / unicodedata.normalize("NFD", "ä b#.png")
    Image.new("RGB", (50, 60), (200, 0, 0)).save(path)
    image = project.add_image(path, examine(path))
    record = project.add_instance(image.id, Box(20, 20, 9, 9), source="b", who="anna")
    project.accept(record.id, Shape(np.array([[1.5, 2.5], [3.5, 4.5]])), who="anna")

    folder = exported(project, tmp_path, "coco")

    again = unicodedata.normalize("NFD", "out-images/two/ä b#-2.png")
    assert (folder / again).read_bytes() == path.read_bytes()


def test_a_link_is_the_same_file(project: Project, tmp_path: Path) -> None:
    folder = exported(project, tmp_path, "coco", how=ImagesAs.LINK)

    assert (folder / "out-images/one/a.png").samefile(tmp_path / "photographs/one/a.png")


def test_a_disk_without_links_gets_copies(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refused)

    folder = exported(project, tmp_path, "coco", how=ImagesAs.LINK)

    assert (folder / "out-images/one/a.png").stat().st_nlink == 1
    sheet = json.loads((folder / "out.datasheet.json").read_text())
    assert any("had to be copied" in note for note in sheet["notes"])


@pytest.mark.parametrize("how", [ImagesAs.COPY, ImagesAs.LINK])
def test_an_export_to_the_same_place_leaves_no_image_of_the_former(
    project: Project, tmp_path: Path, how: ImagesAs
) -> None:
    folder = exported(project, tmp_path, "coco", how=how)
    others = [record.id for record in project.instances()[1:]]
    project.exclude(instances=others, why="not a pair", who="anna")

    exported(project, tmp_path, "coco", how=how)

    assert [p.name for p in (folder / "out-images").rglob("*") if p.is_file()] == ["a.png"]
    assert (tmp_path / "photographs/one/a.jpg").is_file()


@pytest.mark.parametrize(
    ("naming", "first"),
    [
        ({"how": ImagesAs.RELATIVE}, "../photographs/one/a.png"),
        ({"how": ImagesAs.ABSOLUTE}, "{}/photographs/one/a.png"),
        ({"how": ImagesAs.RELATIVE, "root": "{}/photographs"}, "one/a.png"),
    ],
)
def test_images_that_stay_are_named_where_they_are(
    project: Project, tmp_path: Path, naming: dict[str, object], first: str
) -> None:
    if "root" in naming:
        naming = {**naming, "root": Path(str(naming["root"]).format(tmp_path))}

    folder = exported(project, tmp_path, "coco", **naming)

    assert names(folder)[0] == first.format(tmp_path.resolve().as_posix())
    assert not (folder / "out-images").exists()


@pytest.mark.parametrize("how", [ImagesAs.RELATIVE, ImagesAs.COPY])
def test_a_root_that_cannot_be_is_refused(project: Project, tmp_path: Path, how: ImagesAs) -> None:
    with pytest.raises(FormatError, match="start from"):
        exported(project, tmp_path, "coco", how=how, root=tmp_path / "photographs" / "one")

    assert list((tmp_path / "away").iterdir()) == []


@pytest.mark.parametrize("format", ["pts", "tem", "yolo"])
def test_formats_of_files_beside_images_get_them_where_asked(
    project: Project, tmp_path: Path, format: str
) -> None:
    folder = exported(project, tmp_path, format, how=ImagesAs.LINK) / "out"
    shutil.rmtree(tmp_path / "photographs")

    with Project.create(tmp_path / "again", PAIR) as again:
        report = import_labels(again, folder, who="b")

    assert (report.added, report.unreadable) == (3, [])
    read = by_name(format).reader().read(folder, PAIR).instances
    assert all(each.shape.complete for each in read)


@pytest.mark.parametrize("how", [ImagesAs.MOVABLE, ImagesAs.COPY, ImagesAs.LINK])
@pytest.mark.parametrize("format", ["deeplabcut-project", "lightning-pose"])
def test_images_of_nested_folders_lie_where_deeplabcut_looks_for_them(
    project: Project, tmp_path: Path, format: str, how: ImagesAs
) -> None:
    for folder in ("one", "two"):
        deeper = tmp_path / "photographs" / folder / "deep"
        deeper.mkdir()
        Image.new("RGB", (50, 60), (0, 0, 7 if folder == "one" else 9)).save(deeper / "c.png")
        image = project.add_image(deeper / "c.png", examine(deeper / "c.png"))
        record = project.add_instance(image.id, Box(20, 20, 9, 9), source=folder, who="anna")
        project.accept(record.id, Shape(np.array([[1.5, 2.5], [3.5, 4.5]])), who="anna")

    report = export_set(project, tmp_path / "out", format=format, naming=ImageNaming(how))

    images = [file for file in (tmp_path / "out").rglob("*") if file.suffix in (".png", ".jpg")]
    assert len(images) == 5
    assert {len(file.relative_to(tmp_path / "out").parts) for file in images} == {3}
    assert not any("could not be copied" in note for note in report.notes)
    tables = (tmp_path / "out").rglob("CollectedData*.csv")
    named = [line.split(",")[0] for table in tables for line in table.read_text().splitlines()]
    assert sum(file.relative_to(tmp_path / "out").as_posix() in named for file in images) == 5


@pytest.mark.parametrize("format", ["webdataset", "huggingface", "sleap-package"])
def test_formats_that_hold_images_have_none_beside_them(
    project: Project, tmp_path: Path, format: str
) -> None:
    folder = exported(project, tmp_path, format, how=ImagesAs.COPY)

    assert not [file for file in folder.rglob("*") if file.suffix in (".png", ".jpg")]


def test_each_part_of_a_split_has_its_own_images(project: Project, tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    split = Split.parse("50/50", seed=1)

    report = export_set(project, tmp_path / "away" / "out.json", format="coco", split=split)

    for name, file in report.files.items():
        found = [i["file_name"] for i in json.loads(file.read_text())["images"]]
        assert all(image.startswith(f"out-{name}-images/") for image in found)
        assert all((file.parent / image).is_file() for image in found)


def test_a_file_that_is_no_image_is_not_copied(project: Project, tmp_path: Path) -> None:
    """A project of a stranger may name any file."""
    (tmp_path / "photographs/one/a.png").write_text("a secret")

    folder = exported(project, tmp_path, "coco")

    assert not (folder / "out-images/one/a.png").exists()
    assert (folder / "out-images/one/a.jpg").exists()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (ImagesAs.COPY, "1 image of elsewhere was copied in "),
        (ImagesAs.LINK, "1 image of elsewhere lies as a link in "),
    ],
)
def test_one_image_is_told_as_one(
    project: Project, tmp_path: Path, how: ImagesAs, said: str
) -> None:
    others = [image.id for image in project.images()][1:]
    project.exclude(images=others, why="too many", who="anna")
    target = tmp_path / "away" / "out.json"
    target.parent.mkdir()
    report = export_set(project, target, format="coco", naming=ImageNaming(how))
    assert any(note.startswith(said) for note in report.notes)
