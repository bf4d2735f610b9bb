"""Names that survive a power cut."""

import errno
import os
from pathlib import Path

import pytest

from landmark_annotator.projects import folder_sync
from landmark_annotator.projects.folder_sync import discard, make_folder


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose names have reached the disk, in that order."""
    found: list[Path] = []
    monkeypatch.setattr(folder_sync, "sync_folder", found.append)
    return found


def test_each_new_folder_of_a_path_is_known_to_the_one_above_it(
    tmp_path: Path, synced: list[Path]
) -> None:
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    assert set(synced) == {tmp_path, tmp_path / "a"}


def test_a_folder_that_somebody_else_has_made_is_synced_as_well(
    tmp_path: Path, synced: list[Path]
) -> None:
    (tmp_path / "there").mkdir()
    make_folder(tmp_path / "there")
    assert synced == [tmp_path]


def test_a_folder_whose_parent_may_not_be_listed_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(folder_sync, "sync_folder", refused)
    make_folder(tmp_path / "project")
    assert (tmp_path / "project").is_dir()


def test_what_was_not_finished_stays_where_nothing_can_be_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "unlink", refused)
    discard(tmp_path / "a.part")
