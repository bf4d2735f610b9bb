"""What the disk, other programs and damaged files do to a project: a clear error, no click lost."""

import os
import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import kites
import pytest

from landmark_annotator.projects.store import InstanceRecord, Project
from landmark_annotator.projects.store.engine import database
from landmark_annotator.projects.store.engine.backup import back_up
from landmark_annotator.projects.store.engine.rotation import back_up_now
from landmark_annotator.projects.store.safety.checking import check, refuse_damaged
from landmark_annotator.projects.vocabulary import Visibility
from landmark_annotator.projects.vocabulary.errors import (
    DiskFull,
    NewerProject,
    OlderProject,
    ProjectError,
    ProjectLocked,
    ProjectReadOnly,
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)


@contextmanager
def another_program_writes(folder: Path) -> Iterator[None]:
    with closing(sqlite3.connect(folder / "project.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_project_that_another_program_writes_to_is_locked(
    project: Project, kite: InstanceRecord
) -> None:
    with another_program_writes(project.folder), pytest.raises(ProjectLocked) as error:
        project.place(kite.id, kites.TOP, (1, 2), who="ada")
    assert "This change was not made" in error.value.kept


def test_after_the_lock_is_gone_the_project_works_and_holds_every_click(
    project: Project, kite: InstanceRecord
) -> None:
    first = project.place(kite.id, kites.TOP, (1, 2), who="ada")
    with another_program_writes(project.folder), pytest.raises(ProjectLocked):
        project.place(kite.id, kites.TAIL, (3, 4), who="ada")
    second = project.place(kite.id, kites.TAIL, (3, 4), who="ada")
    assert list(project.journal()) == [first, second]


def test_a_locked_project_opens_and_can_be_read(project: Project, kite: InstanceRecord) -> None:
    with another_program_writes(project.folder), Project.open(project.folder) as other:
        assert not other.read_only
        assert other.instances() == [kite]


def test_a_locked_project_becomes_writable_when_the_lock_goes(
    project: Project, kite: InstanceRecord
) -> None:
    with another_program_writes(project.folder):
        other = Project.open(project.folder)
    with other:
        entry = other.place(kite.id, kites.TOP, (1, 2), who="ada")
    assert list(project.journal()) == [entry]


def fill_the_disk(project: Project) -> None:
    """SQLite then fails as it does when the disk refuses the next page."""
    run = project._database.connection.exec_driver_sql
    run(f"PRAGMA max_page_count = {run('PRAGMA page_count').scalar()}")


def click_until_full(project: Project, kite: InstanceRecord) -> int:
    """Returns how many clicks were stored."""
    for stored in range(10_000):
        try:
            project.place(kite.id, kites.TOP, (stored, 2), who="ada")
        except DiskFull:
            return stored
    pytest.fail("the disk never filled up")


def test_a_full_disk_loses_no_click(project: Project, kite: InstanceRecord) -> None:
    fill_the_disk(project)
    stored = click_until_full(project, kite)
    assert [entry.to for entry in project.journal()] == [(x, 2) for x in range(stored)]
    assert project.shape(kite.id).points[kites.TOP].tolist() == [stored - 1, 2]


def test_after_space_was_freed_the_project_works(project: Project, kite: InstanceRecord) -> None:
    fill_the_disk(project)
    stored = click_until_full(project, kite)
    project._database.connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    project.place(kite.id, kites.TAIL, (3, 4), who="ada")
    assert len(list(project.journal())) == stored + 1


def test_a_large_change_is_refused_whole_on_a_full_disk(
    project: Project, kite: InstanceRecord
) -> None:
    fill_the_disk(project)

    def click_much_at_once() -> None:
        with project.transaction():
            for x in range(10_000):
                project.place(kite.id, kites.TOP, (x, 2), who="ada")

    with pytest.raises(DiskFull):
        click_much_at_once()
    assert project.instances() == [kite]
    assert list(project.journal()) == []


@contextmanager
def the_disk_refuses(size: int) -> Iterator[None]:
    """The system fails every write that would make a file larger than this, in its middle."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_project_on_a_full_disk_opens_for_reading(closed: Path) -> None:
    # Whoever opens it first needs some room beside it, also to read.
    with the_disk_refuses(1_000), Project.open(closed) as project:
        assert project.read_only_reason == "there is no room left on its disk"
        assert [shape for _, shape in project.shapes()] == [kites.ACCEPTED]
        with pytest.raises(ProjectReadOnly, match="no room left on its disk"):
            project.place(1, kites.TOP, (1, 2), who="ada")
    with Project.open(closed) as project:
        assert not project.read_only


def test_of_a_backup_that_found_no_room_nothing_stays(closed: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    for left in ("-journal", "-wal", "-shm"):  # of one that was killed
        (tmp_path / "there" / f"copy.db.partial{left}").write_bytes(b"half")
    with the_disk_refuses(10_000), pytest.raises(ProjectError):
        back_up(closed / "project.db", tmp_path / "there" / "copy.db")
    assert list((tmp_path / "there").iterdir()) == []


def test_an_older_project_on_a_full_disk_says_that_room_is_lacking(closed: Path) -> None:
    change_database(closed, "UPDATE alembic_version SET version_num = '0014'")
    with the_disk_refuses(1_000), pytest.raises(OlderProject) as caught:
        Project.open(closed)
    assert caught.value.remedy.startswith("Free some space")


def test_a_project_on_a_full_disk_is_not_taken_for_a_damaged_one(closed: Path) -> None:
    with the_disk_refuses(1_000):
        assert check(closed) == []


def test_a_write_that_breaks_off_loses_no_click(project: Project, kite: InstanceRecord) -> None:
    first = project.place(kite.id, kites.TOP, (1, 2), who="ada")
    log = project.folder / "project.db-wal"
    with (
        the_disk_refuses(log.stat().st_size + 1000),
        pytest.raises(ProjectError, match="cannot be read or written: disk I/O error"),
    ):
        project.place(kite.id, kites.TOP, (3, 4), who="ada")
    assert list(project.journal()) == [first]
    second = project.place(kite.id, kites.TOP, (3, 4), who="ada")
    with Project.open(project.folder) as other:
        assert list(other.journal()) == [first, second]


@pytest.fixture
def protected() -> Iterator[Path]:
    """A project that this process may read but not write, also where the tests run as root.

    Root may write anywhere, so the process becomes nobody for as long as the test runs; the
    folder lies where nobody may look.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "kites"
        with Project.create(folder, kites.SCHEME) as project:
            image = project.add_image(folder / "a.png", kites.Facts("a"))
            project.add_instance(image.id, kites.BOX, shape=kites.ACCEPTED, who="ada")
        Path(temporary).chmod(0o755)
        (folder / "project.db").chmod(0o444)
        folder.chmod(0o555)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o755)


def test_a_project_that_cannot_be_written_opens_for_reading(protected: Path) -> None:
    with Project.open(protected) as project:
        assert project.read_only
        whose = "belongs to root and cannot" if os.getuid() == 0 else "cannot"
        from_here = " from this account" if os.getuid() == 0 else ""
        assert project.read_only_reason == (
            f"its file project.db {whose} be written{from_here}; what others change from now on is "
            "seen when it is opened again"
        )
        assert [shape for _, shape in project.shapes()] == [kites.ACCEPTED]


def test_a_project_that_cannot_be_written_is_not_taken_for_a_damaged_one(protected: Path) -> None:
    assert check(protected) == []
    with Project.open(protected) as project:
        refuse_damaged(project)  # before an export


def test_a_project_on_read_only_ground_refuses_changes(protected: Path) -> None:
    with Project.open(protected) as project:
        with pytest.raises(ProjectReadOnly, match="cannot be written") as error:
            project.place(1, kites.TOP, (1, 2), who="ada")
        assert "copy the project" in error.value.remedy
        assert project.shape(1) == kites.ACCEPTED


def test_a_writable_file_in_a_folder_that_is_not_opens_for_reading(protected: Path) -> None:
    # SQLite keeps its log beside the database and so needs the folder.
    if os.getuid() == 0:
        os.seteuid(0)
    (protected / "project.db").chmod(0o666)
    if os.getuid() == 0:
        os.seteuid(65534)
    with Project.open(protected) as project:
        assert project.read_only


def test_clicks_in_the_log_of_a_project_that_cannot_be_written_are_not_overlooked(
    protected: Path,
) -> None:
    # The log of a program that died; reading the database without it would hide its clicks.
    if os.getuid() == 0:
        os.seteuid(0)
    protected.chmod(0o755)
    (protected / "project.db-wal").write_bytes(b"clicks")
    protected.chmod(0o555)
    if os.getuid() == 0:
        os.seteuid(65534)
    with pytest.raises(ProjectError, match="cannot be read or written"):
        Project.open(protected)


def test_a_project_cannot_be_made_where_nothing_can_be_written(protected: Path) -> None:
    with pytest.raises(ProjectError, match="cannot be made"):
        Project.create(protected / "new", kites.SCHEME)


CHANGES: dict[str, Callable[[Project], object]] = {
    "add_image": lambda p: p.add_image(p.folder / "b.png", kites.Facts("b")),
    "add_instance": lambda p: p.add_instance(1, None, who="ada"),
    "place": lambda p: p.place(1, kites.TOP, (1, 2), who="ada"),
    "set_visibility": lambda p: p.set_visibility(1, 0, Visibility.OCCLUDED, who="ada"),
    "clear": lambda p: p.clear(1, kites.TOP, who="ada"),
    "set_box": lambda p: p.set_box(1, kites.BOX, who="ada"),
    "accept": lambda p: p.accept(1, kites.ACCEPTED, who="ada"),
    "undo": lambda p: p.undo("ada"),
    "redo": lambda p: p.redo("ada"),
    "store_proposal": lambda p: p.store_proposal(
        1, kites.POINTS, kites.ACCEPTED.covariances, predicted_error=None, model="cnn"
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_project_opened_for_reading_refuses_every_change(
    project: Project, kite: InstanceRecord, change: Callable[[Project], object]
) -> None:
    with (
        Project.open(project.folder, read_only=True) as reader,
        pytest.raises(ProjectReadOnly, match="it was opened so"),
    ):
        change(reader)


def test_a_reader_sees_what_is_written_meanwhile(closed: Path) -> None:
    with Project.open(closed, read_only=True) as reader, Project.open(closed) as writer:
        entry = writer.place(1, kites.TOP, (1, 2), who="ada")
        assert list(reader.journal())[-1] == entry


def change_database(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "project.db")) as connection, connection:
        connection.execute(statement)


@pytest.fixture
def closed(folder: Path) -> Path:
    """The folder of a project with one accepted shape, not open."""
    with Project.create(folder, kites.SCHEME) as project:
        image = project.add_image(folder / "a.png", kites.Facts("a"))
        project.add_instance(image.id, kites.BOX, shape=kites.ACCEPTED, who="ada")
    return folder


@pytest.mark.parametrize("read_only", [False, True])
def test_a_project_made_by_a_newer_version_is_left_alone(closed: Path, read_only: bool) -> None:
    change_database(closed, "UPDATE alembic_version SET version_num = '9999'")
    change_database(closed, "UPDATE landmarks SET provenance = 'guessed'")
    before = (closed / "project.db").read_bytes()
    with pytest.raises(NewerProject, match="newer version") as error:
        Project.open(closed, read_only=read_only)
    assert "Update this program" in error.value.remedy
    assert (closed / "project.db").read_bytes() == before


def test_a_newer_project_that_is_understood_can_be_looked_at(closed: Path) -> None:
    change_database(closed, "UPDATE alembic_version SET version_num = '9999'")
    change_database(closed, "ALTER TABLE images ADD COLUMN brightness REAL")
    before = (closed / "project.db").read_bytes()
    with Project.open(closed) as project:
        assert "newer version of this program (schema 9999" in (project.read_only_reason or "")
        assert project.shape(1).known.all()
        with pytest.raises(ProjectReadOnly) as error:
            project.place(1, kites.TOP, (1, 2), who="ada")
    assert "Update this program" in error.value.remedy
    assert (closed / "project.db").read_bytes() == before


def test_a_newer_project_that_lacks_what_this_version_reads_is_left_alone(closed: Path) -> None:
    change_database(closed, "UPDATE alembic_version SET version_num = '9999'")
    change_database(closed, "ALTER TABLE landmarks RENAME COLUMN xx TO variance")
    with pytest.raises(NewerProject):
        Project.open(closed)


def test_a_file_that_is_no_database_is_named_as_damaged(closed: Path) -> None:
    (closed / "project.db").write_bytes(b"this is no database" * 1000)
    with pytest.raises(ProjectError, match="damaged: file is not a database") as error:
        Project.open(closed)
    assert "backup" in error.value.remedy


def test_a_truncated_database_is_named_as_damaged(closed: Path) -> None:
    content = (closed / "project.db").read_bytes()
    (closed / "project.db").write_bytes(content[: len(content) // 3])
    with pytest.raises(ProjectError, match="damaged"):
        Project.open(closed)


def test_damage_in_the_middle_is_reported_when_it_is_met_at_the_latest(closed: Path) -> None:
    (page,) = kites.rows(closed, "SELECT rootpage FROM sqlite_master WHERE name = 'landmarks'")[0]
    with (closed / "project.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(ProjectError, match="damaged"), Project.open(closed) as project:
        project.shape(1)


def test_an_empty_file_is_not_a_project(tmp_path: Path) -> None:
    (tmp_path / "project.db").write_bytes(b"")
    with pytest.raises(ProjectError, match="not the database of a project"):
        Project.open(tmp_path)


def test_the_database_of_another_program_is_not_a_project(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "project.db")) as connection, connection:
        connection.execute("CREATE TABLE recipes (id INTEGER)")
    with pytest.raises(ProjectError, match="not the database of a project"):
        Project.open(tmp_path)


@pytest.mark.parametrize("content", ["{", "[]", '{"name": "kite"}'])
def test_a_damaged_scheme_is_named(closed: Path, content: str) -> None:
    change_database(closed, f"UPDATE scheme SET json = '{content}'")  # noqa: S608 - our own text
    with pytest.raises(ProjectError, match="damaged: its scheme"):
        Project.open(closed)


def test_a_database_of_which_nothing_is_left_is_told_as_damage(closed: Path) -> None:
    back_up_now(closed / "project.db", "daily")
    (closed / "project.db").write_bytes(b"")
    for read_only in (False, True):
        with pytest.raises(ProjectError, match="damaged: its file is empty") as told:
            Project.open(closed, read_only=read_only)
        assert "annotator restore" in told.value.remedy
    assert [finding.what for finding in check(closed)] == ["its file is empty"]


def test_a_landmark_of_a_newer_version_is_not_a_mistake_of_the_program(closed: Path) -> None:
    change_database(closed, "UPDATE landmarks SET provenance = 'guessed'")
    with Project.open(closed) as project, pytest.raises(NewerProject, match="'guessed'"):
        project.shape(1)
