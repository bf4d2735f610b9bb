"""A project that is moved, deleted or replaced while it is open acknowledges nothing any more."""

import shutil
import sys
from pathlib import Path

import kites
import pytest

from landmark_annotator.projects.store import InstanceRecord, Project
from landmark_annotator.projects.store.engine.database import Database
from landmark_annotator.projects.vocabulary.errors import NoProject, ProjectGone

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="nobody can move what is open on Windows"
)


def test_no_click_is_acknowledged_in_a_deleted_project(
    project: Project, kite: InstanceRecord
) -> None:
    shutil.rmtree(project.folder)
    with pytest.raises(ProjectGone) as error:
        project.place(kite.id, kites.TOP, (1, 2), who="ada")
    assert "moved, deleted or replaced" in error.value.happened
    assert "This change was not stored" in error.value.kept
    assert not project.folder.exists()


def test_a_moved_project_has_all_that_was_acknowledged(
    project: Project, kite: InstanceRecord, tmp_path: Path
) -> None:
    first = project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.folder.rename(tmp_path / "moved")
    with pytest.raises(ProjectGone):
        project.place(kite.id, kites.TAIL, (3, 4), who="ada")
    with Project.open(tmp_path / "moved") as moved:
        assert list(moved.journal()) == [first]


def test_a_project_that_is_moved_while_it_is_opened_is_none(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a window, say, which finds out by itself."""
    look = Database.look_through

    def moved_first(self: Database) -> None:
        project.folder.rename(tmp_path / "moved")
        look(self)

    monkeypatch.setattr(Database, "look_through", moved_first)
    with pytest.raises(NoProject, match="moved or deleted"):
        Project.open(project.folder, read_only=True)


@pytest.mark.parametrize("read_only", [True, False])
def test_one_that_is_moved_before_its_first_page_is_read_is_none(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_only: bool
) -> None:
    """Of which SQLite says only that the disk failed."""
    set_up = Database._set_up

    def moved_after(self: Database) -> None:
        set_up(self)
        project.folder.rename(tmp_path / "moved")

    monkeypatch.setattr(Database, "_set_up", moved_after)
    with pytest.raises(NoProject, match="moved or deleted"):
        Project.open(project.folder, read_only=read_only)


def test_a_project_put_back_goes_on(project: Project, kite: InstanceRecord, tmp_path: Path) -> None:
    project.folder.rename(tmp_path / "moved")
    with pytest.raises(ProjectGone):
        project.place(kite.id, kites.TAIL, (3, 4), who="ada")
    (tmp_path / "moved").rename(project.folder)
    entry = project.place(kite.id, kites.TAIL, (3, 4), who="ada")
    assert list(project.journal()) == [entry]


def test_a_database_replaced_by_a_copy_is_another_project(
    project: Project, kite: InstanceRecord, tmp_path: Path
) -> None:
    shutil.copy(project.folder / "project.db", tmp_path / "copy.db")
    (tmp_path / "copy.db").replace(project.folder / "project.db")
    with pytest.raises(ProjectGone):
        project.place(kite.id, kites.TOP, (1, 2), who="ada")


def test_a_log_deleted_under_the_project_is_noticed(project: Project, kite: InstanceRecord) -> None:
    """SQLite would write on into a log that nobody finds again."""
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    (project.folder / "project.db-wal").unlink()
    with pytest.raises(ProjectGone):
        project.place(kite.id, kites.TOP, (3, 4), who="ada")


def test_a_folder_that_goes_while_it_is_written_to_acknowledges_nothing(
    project: Project, kite: InstanceRecord
) -> None:
    def lose_it_half_way() -> None:
        with project.transaction():
            project.place(kite.id, kites.TOP, (1, 2), who="ada")
            shutil.rmtree(project.folder)

    with pytest.raises(ProjectGone) as error:
        lose_it_half_way()
    assert "not sure" in error.value.kept
