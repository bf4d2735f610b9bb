"""One project that two accounts of the operating system use, on a drive of both."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import kites
import pytest

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.backup import back_up
from landmark_annotator.projects.store.engine.log_files import log_files
from landmark_annotator.projects.store.safety.checking import check
from landmark_annotator.projects.store.safety.restoring import restore_in_place
from landmark_annotator.projects.vocabulary.errors import ProjectError, ProjectReadOnly
from tests.accounts import NOBODY, ONLY_ROOT, as_account

pytestmark = ONLY_ROOT
MAKER, READER = 65533, NOBODY


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that both may write, with a project that its maker alone may."""
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o755)
        folder = Path(temporary) / "kites"
        folder.mkdir()
        folder.chmod(0o777)
        mask = os.umask(0o022)
        try:
            with as_account(MAKER), Project.create(folder, kites.SCHEME) as project:
                image = project.add_image(folder / "a.png", kites.Facts("a"))
                project.add_instance(image.id, kites.BOX, shape=kites.ACCEPTED, who="ada")
            yield folder
        finally:
            os.umask(mask)


@pytest.mark.parametrize("looks", ["open", "check", "back_up"])
def test_whoever_may_only_read_a_project_keeps_nobody_from_writing_to_it(
    shared: Path, looks: str
) -> None:
    with as_account(READER):
        if looks == "open":
            Project.open(shared, read_only=True).close()
        elif looks == "check":
            assert check(shared) == []
        else:
            back_up(shared / "project.db", shared / "copy.db")
    assert (shared / "project.db-shm").stat().st_uid == READER  # SQLite leaves it so
    with as_account(MAKER), Project.open(shared) as project:
        assert project.read_only_reason is None
        project.place(1, kites.TOP, (1, 2), who="ada")


def test_a_database_of_somebody_else_in_a_folder_of_both_opens_for_reading(shared: Path) -> None:
    with as_account(READER), Project.open(shared) as project:
        with pytest.raises(ProjectReadOnly, match=r"project\.db belongs to") as error:
            project.place(1, kites.TOP, (1, 2), who="ben")
        assert "chmod -R g+w" in error.value.remedy
        assert project.shape(1) == kites.ACCEPTED


def test_a_group_may_write_the_project_of_whoever_lets_it_write_files(tmp_path: Path) -> None:
    mask = os.umask(0o002)
    try:
        with Project.create(tmp_path / "kites", kites.SCHEME) as project:
            written = project.folder / "project.db"
            image = project.add_image(project.folder / "a.png", kites.Facts("a"))
            project.add_instance(image.id, kites.BOX, shape=kites.ACCEPTED, who="ada")
            for file in (written, *log_files(written)):
                assert stat.S_IMODE(file.stat().st_mode) == 0o664
            backup = project.back_up_now("asked").path
        os.umask(0o077)
        restore_in_place(backup, project.folder)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(written.stat().st_mode) == 0o664


def test_nobody_restores_what_only_somebody_else_may_write(shared: Path) -> None:
    with as_account(READER):
        with Project.open(shared, read_only=True) as project:
            backup = project.back_up_now("asked").path
        with pytest.raises(ProjectError, match="cannot be written: it belongs to") as error:
            restore_in_place(backup, shared)
    assert error.value.kept == "Nothing was changed."
    assert (shared / "project.db").stat().st_uid == MAKER


def test_a_log_that_somebody_else_left_is_named(shared: Path) -> None:
    for ending in ("-wal", "-shm"):
        left = shared / f"project.db{ending}"
        left.touch(0o644)
        os.chown(left, READER, -1)
    with as_account(MAKER), Project.open(shared) as project:
        assert "its file project.db-wal belongs to nobody" in str(project.read_only_reason)
