"""A file is replaced by a complete one or stays as it was."""

import errno
import os
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from landmark_annotator.projects.exchange.codecs.common.files import (
    named_path,
    replace_file,
    written_path,
    written_paths,
)
from landmark_annotator.projects.vocabulary.errors import DiskFull, FormatError


def test_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old")

    replace_file(target, "néw")

    assert target.read_text(encoding="utf-8") == "néw"
    assert list(tmp_path.iterdir()) == [target]


def test_no_space_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(DiskFull) as caught:
        replace_file(target, "new")

    assert "unchanged" in caught.value.kept
    assert caught.value.remedy
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_interruption_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old")

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)

    with pytest.raises(KeyboardInterrupt):
        replace_file(target, "new")

    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be written") as caught:
        replace_file(tmp_path / "missing" / "a.csv", "new")

    assert "Nothing was written" in caught.value.kept


def test_a_folder_where_the_file_should_be(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()

    with pytest.raises(FormatError, match="cannot be written"):
        replace_file(tmp_path / "a.csv", "new")

    assert list(tmp_path.iterdir()) == [tmp_path / "a.csv"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")

    replace_file(tmp_path / "link.csv", "new")

    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


def test_names_go_up_from_the_file_to_the_image(tmp_path: Path) -> None:
    image, folder = tmp_path / "photos" / "a b.png", tmp_path / "labels" / "1"

    assert written_path(image, folder) == "../../photos/a b.png"
    assert named_path("../../photos/a b.png", folder) == image


def test_names_of_images_in_another_tree_are_absolute() -> None:
    image = Path(Path.cwd().anchor) / "one" / "a.png"

    assert written_path(image, Path(image.anchor) / "other") == image.as_posix()


def test_names_of_many_images_are_those_of_each(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "link.png").symlink_to(tmp_path / "real.png")
    names = written_paths(tmp_path / "labels")

    for image in ("photos/a.png", "photos/x", "labels/b.png", "labels/c", "photos/link.png"):
        assert names(tmp_path / image) == written_path(tmp_path / image, tmp_path / "labels")


@pytest.mark.parametrize(
    "written", ["C:\\Users\\x\\a b.png", "/home/x/a b.png", "D:/x/a b.png", "..\\there\\a b.png"]
)
def test_an_image_of_another_computer_is_looked_for_beside_the_labels(
    tmp_path: Path, written: str
) -> None:
    (tmp_path / "a b.png").touch()

    assert named_path(written, tmp_path) == tmp_path / "a b.png"


@pytest.mark.parametrize("start", ["C:\\Users\\x\\photos\\", "/home/x/photos/", "../photos/"])
def test_images_of_one_name_on_another_computer_are_told_apart_by_their_folders(
    tmp_path: Path, start: str
) -> None:
    # Labels of the ones inside were read as of the one outside, or left out where there is none.
    for folder in ("cam 1", "cam 2"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "0.png").touch()
    (tmp_path / "0.png").touch()

    assert named_path(f"{start}cam 1/0.png", tmp_path) == tmp_path / "cam 1" / "0.png"
    assert named_path(f"{start}CAM 2/0.png", tmp_path).parent.name.casefold() == "cam 2"
    assert named_path(f"{start}0.png", tmp_path) == tmp_path / "0.png"


@pytest.mark.parametrize("written", ["", ".", "..", "a" * 5000, "nul\0.png"])
def test_names_that_no_file_can_have(tmp_path: Path, written: str) -> None:
    assert not os.path.isfile(named_path(written, tmp_path))  # noqa: PTH113 - Path's own raises


def test_a_name_in_other_capitals_is_that_of_the_only_file_it_can_be(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("Leaf.JPG", "twice.png", "TWICE.png", "a/inside.png"):
        (tmp_path / name).touch()
    if len(list(tmp_path.iterdir())) < 4:
        pytest.skip("this disk has no names that differ in capitals alone")

    assert named_path("leaf.jpg", tmp_path) == tmp_path / "Leaf.JPG"
    assert named_path("C:\\photos\\LEAF.jpg", tmp_path) == tmp_path / "Leaf.JPG"
    assert named_path("a/INSIDE.png", tmp_path) == tmp_path / "a" / "inside.png"
    assert named_path("Twice.png", tmp_path) == tmp_path / "Twice.png"
    assert named_path("leaf.jpeg", tmp_path) == tmp_path / "leaf.jpeg"


def test_a_file_that_comes_later_is_found_by_its_letters_too(tmp_path: Path) -> None:
    assert named_path("late.png", tmp_path) == tmp_path / "late.png"
    os.utime(tmp_path, (1, 1))
    (tmp_path / "Late.png").touch()
    assert named_path("late.png", tmp_path) == tmp_path / "Late.png"


@pytest.mark.parametrize(("labels", "disk"), [("NFC", "NFD"), ("NFD", "NFC")])
@pytest.mark.parametrize("name", ["ä.png", "Köln außen/Größe é.png", "KÖLN außen/größe é.PNG"])
def test_umlauts_of_a_mac_and_of_others_are_the_same(
    tmp_path: Path, labels: Literal["NFC", "NFD"], disk: Literal["NFC", "NFD"], name: str
) -> None:
    (tmp_path / unicodedata.normalize(disk, "Köln außen")).mkdir()
    files = [tmp_path / unicodedata.normalize(disk, n) for n in ("ä.png", "Köln außen/Größe é.png")]
    for file in files:
        file.touch()

    assert named_path(unicodedata.normalize(labels, name), tmp_path) in files


def test_an_image_that_is_named_without_its_ending_is_found(tmp_path: Path) -> None:
    for name in ("i000qa-fn.jpg", "i000qa-fn.txt", "two.jpg", "two.png", "v1.5.PNG"):
        (tmp_path / name).touch()

    assert named_path("i000qa-fn", tmp_path) == tmp_path / "i000qa-fn.jpg"
    assert named_path("v1.5", tmp_path) == tmp_path / "v1.5.PNG"
    assert named_path("two", tmp_path) == tmp_path / "two"
    assert named_path("none", tmp_path) == tmp_path / "none"
    folder = tmp_path / "two_wings"
    folder.mkdir()
    folder.with_suffix(".jpg").touch()
    assert named_path("", folder) == folder
