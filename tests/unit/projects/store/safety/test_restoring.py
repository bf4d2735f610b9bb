"""A project made again from a backup."""

import errno
import shutil
from pathlib import Path

import kites
import pytest

from landmark_annotator.projects.remote import place_of
from landmark_annotator.projects.store import InstanceRecord, Presence, Project
from landmark_annotator.projects.store.engine.rotation import back_up_now
from landmark_annotator.projects.store.safety.restoring import (
    newest_sound,
    restore,
    restore_in_place,
)
from landmark_annotator.projects.vocabulary.errors import ProjectError


@pytest.fixture
def backup(project: Project, kite: InstanceRecord) -> Path:
    """With one click; the project has another one since."""
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    made = back_up_now(project.folder / "project.db", "import").path
    project.place(kite.id, kites.TAIL, (3, 4), who="ada")
    return made


def test_a_new_folder_has_the_project_as_it_was_and_finds_its_images(
    project: Project, backup: Path, tmp_path: Path
) -> None:
    restore(backup, project.folder, tmp_path / "again")
    with Project.open(tmp_path / "again") as again:
        assert [entry.to for entry in again.journal()] == [(1, 2)]
        assert [image.path for image in again.images()] == [project.folder / "kite.png"]
        again.place(1, kites.LEFT, (5, 6), who="ada")
    assert len(list(project.journal())) == 2


def test_an_image_elsewhere_keeps_its_address(project: Project, tmp_path: Path) -> None:
    there = place_of("s3://lab/kites/kite.png")
    project.add_image(there, kites.Facts("elsewhere"))
    made = back_up_now(project.folder / "project.db", "import").path
    restore(made, project.folder, tmp_path / "again")
    with Project.open(tmp_path / "again") as again:
        assert [image.address for image in again.images()] == ["s3://lab/kites/kite.png"]


def test_a_backup_of_a_shared_project_is_no_file_for_one_of_ones_own(
    project: Project, tmp_path: Path
) -> None:
    (tmp_path / "a.dump").write_bytes(b"PGDMP")
    with pytest.raises(ProjectError, match="a backup of a shared project"):
        restore_in_place(tmp_path / "a.dump", project.folder)


def test_nothing_is_ever_restored_over_something(project: Project, backup: Path) -> None:
    with pytest.raises(ProjectError, match="is there already"):
        restore(backup, project.folder, project.folder)
    assert len(list(project.journal())) == 2


def test_what_a_person_has_put_there_is_never_taken_for_what_a_killed_one_left(
    project: Project, backup: Path, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    there.mkdir()
    names = ["project.db.copy", "project.db.partial of monday.zip"]
    for name in names:
        shutil.copyfile(backup, there / name)
    for source in (backup, there / names[0]):
        with pytest.raises(ProjectError, match="is there already"):
            restore(source, project.folder, there)
    assert sorted(one.name for one in there.iterdir()) == names


def test_one_that_was_killed_does_not_refuse_the_next_one(
    project: Project, backup: Path, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    (there / ".project.db.older-x").mkdir(parents=True)
    (there / ".project.db.restoring").write_bytes(b"half")
    restore(backup, project.folder, there)
    assert [one.name for one in there.iterdir()] == ["project.db"]


def test_where_there_is_no_room_no_folder_is_left(
    project: Project, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next try was refused: the folder was there already."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(ProjectError):
        restore(backup, project.folder, tmp_path / "new" / "restored")
    assert not (tmp_path / "new").exists()


def test_a_log_left_by_a_crash_does_not_spoil_what_is_restored(
    project: Project, backup: Path, tmp_path: Path
) -> None:
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for suffix in ("", "-wal", "-shm"):
        shutil.copy(project.folder / f"project.db{suffix}", crashed)
    with (crashed / "project.db").open("rb+") as file:
        file.write(b"\0" * 50)
    aside = restore_in_place(backup, crashed)
    with Project.open(crashed) as again:
        assert [entry.to for entry in again.journal()] == [(1, 2)]
    assert sorted(path.name for path in aside.iterdir()) == [
        "project.db",
        "project.db-shm",
        "project.db-wal",
    ]


def test_an_open_project_is_not_replaced(project: Project, backup: Path) -> None:
    with Presence(project.folder, "ada"), pytest.raises(ProjectError, match="is open"):
        restore_in_place(backup, project.folder)


def test_a_damaged_backup_is_passed_over_and_refused(project: Project, backup: Path) -> None:
    later = back_up_now(project.folder / "project.db", "fill").path
    content = bytearray(later.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    later.write_bytes(content)
    assert newest_sound(project.folder) == backup
    with pytest.raises(ProjectError, match="damaged"):
        restore(later, project.folder, project.folder / "again")
    assert not (project.folder / "again").exists()
