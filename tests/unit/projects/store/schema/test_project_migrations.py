"""The schema's revisions, and the copy that is made before one is changed."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path

import kites
import newest_statements
import pytest
from sqlalchemy import create_engine

from landmark_annotator.projects.store import Plan, Presence, Project, opening
from landmark_annotator.projects.store.engine import database as engine_database
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.store.engine.backup import back_up
from landmark_annotator.projects.store.journal.edits import rows_of
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.store.schema import METADATA, newest, revisions
from landmark_annotator.projects.vocabulary import Provenance
from landmark_annotator.projects.vocabulary.errors import (
    DiskFull,
    NewerProject,
    ProjectError,
    ProjectLocked,
)

GOOD = 'op.add_column("images", sa.Column("rating", sa.Integer()))'
BAD = GOOD + '\n    op.drop_table("images")'
NEWEST = revisions.revisions()[-1]
NEXT = f"{int(NEWEST) + 1:04}"
BACKUP = f"project.schema_{NEWEST}.backup.db"


@pytest.fixture
def old(folder: Path) -> Path:
    """The folder of a project that the next version is going to open."""
    with Project.create(folder, kites.SCHEME) as project:
        image = project.add_image(folder / "a.png", kites.Facts("a"))
        project.add_instance(image.id, kites.BOX, shape=kites.ACCEPTED, who="ada")
    return folder


def add_revision(monkeypatch: pytest.MonkeyPatch, folder: Path, statements: str) -> None:
    """Make this program one version newer: its schema gets another revision."""
    copy = folder / "migrations"
    shutil.copytree(revisions.MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / f"schema_{NEXT}.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f'revision = "{NEXT}"\ndown_revision = "{NEWEST}"\n\n'
        f"def upgrade() -> None:\n    {statements}\n"
    )
    monkeypatch.setattr(revisions, "MIGRATIONS", copy)


def add_accepted_kite(folder: Path) -> None:
    """To a project of the first schema, which today's code cannot write."""
    scheme = StoredScheme(1, kites.SCHEME, tuple(range(5)))
    landmarks = rows_of(scheme, kites.ACCEPTED, "ada", Provenance.IMPORTED)
    with closing(sqlite3.connect(folder / "project.db")) as database, database:
        database.execute(
            "INSERT INTO images (id, path, sha256, width, height, position) "
            "VALUES (1, 'a.png', 'a', 100, 80, 0)"
        )
        database.execute("INSERT INTO instances (id, image_id, state) VALUES (1, 1, 'accepted')")
        database.executemany(
            "INSERT INTO landmarks (instance_id, landmark, x, y, visibility, provenance, "
            "xx, xy, yy, who) "
            "VALUES (1, :landmark, :x, :y, :visibility, :provenance, :xx, :xy, :yy, :who)",
            [{"landmark": i, **asdict(row)} for i, row in landmarks.items()],
        )


def test_the_migrations_make_the_tables_that_are_mapped(folder: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    Project.create(folder, kites.SCHEME).close()
    engine = create_engine(f"sqlite:///{folder / 'project.db'}")
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), METADATA)
    engine.dispose()
    assert found == []


def in_order(statements: str) -> list[list[str]]:
    """The lines of each, the constraints sorted: Alembic writes them as a set has them."""
    each = [statement.splitlines() for statement in statements.split(newest.END)]
    stripped = [[line.strip().rstrip(",") for line in lines] for lines in each]
    return [sorted(lines, key=lambda line: _NAMED.findall(line)) for lines in stripped]


_NAMED = re.compile("^CONSTRAINT .*")


def test_a_new_project_has_what_the_migrations_make() -> None:
    """Where not: see newest_statements.py."""
    kept, made = newest.STATEMENTS.read_text(), newest_statements.by_migrations()
    assert in_order(kept) == in_order(made)


def test_a_schema_that_was_not_written_down_is_made_by_the_migrations(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_revision(monkeypatch, tmp_path, GOOD)
    Project.create(folder, kites.SCHEME).close()
    assert kites.rows(folder, "SELECT version_num FROM alembic_version") == [(NEXT,)]
    assert kites.rows(folder, "SELECT rating FROM images") == []


def test_the_files_of_the_migrations_are_named_after_their_revisions() -> None:
    from alembic.script import ScriptDirectory

    newest_first = ScriptDirectory(str(revisions.MIGRATIONS)).walk_revisions()
    assert [script.revision for script in newest_first][::-1] == revisions.revisions()


def test_an_older_project_is_migrated(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_revision(monkeypatch, tmp_path, GOOD)
    with Project.open(old) as project:
        assert [shape for _, shape in project.shapes()] == [kites.ACCEPTED]
    assert kites.rows(old, "SELECT rating FROM images") == [(None,)]
    assert kites.rows(old, "SELECT version_num FROM alembic_version") == [(NEXT,)]


def test_a_project_from_before_there_were_plans_gets_room_for_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tmp_path / "first"
    shutil.copytree(revisions.MIGRATIONS, first, ignore=shutil.ignore_patterns("__pycache__"))
    for later in set((first / "versions").glob("schema_*.py")):
        if later.stem > "schema_0001":
            later.unlink()
    with monkeypatch.context() as older:
        older.setattr(revisions, "MIGRATIONS", first)
        opening.create(folder, kites.SCHEME, "kites")
    add_accepted_kite(folder)
    with Project.open(folder) as project:
        assert project.plan() == Plan()
        assert project.set_plan(Plan("m2", (0, 4)), who="lea").landmarks == (0, 4)
        assert [shape for _, shape in project.shapes()] == [kites.ACCEPTED]
    assert (folder / "project.schema_0001.backup.db").is_file()


def test_an_undo_from_before_there_were_reviews_still_works(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.create(folder, kites.SCHEME) as project:
        image = project.add_image(folder / "a.png", kites.Facts("a"))
        kite = project.add_instance(image.id, kites.BOX, who="ada")
        project.accept(kite.id, kites.ACCEPTED, who="ada")
        project.accept(kite.id, kites.ACCEPTED, who="ada")
        # What the entries of an older version hold.
        changes = kites.rows(folder, "SELECT changes FROM journal WHERE kind = 'accept'")
        assert all("review" not in text for (text,) in changes)
        project.undo("ada")
        project.undo("ada")
        assert not project.shape(kite.id).known.any()


def test_before_a_migration_there_is_a_copy_that_opens(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        add_revision(newer, tmp_path, GOOD)
        Project.open(old).close()
    (tmp_path / "restored").mkdir()
    shutil.copy(old / BACKUP, tmp_path / "restored" / "project.db")
    with Project.open(tmp_path / "restored") as project:
        assert [shape for _, shape in project.shapes()] == [kites.ACCEPTED]


def test_a_migration_that_breaks_references_changes_nothing(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        add_revision(newer, tmp_path, BAD)
        with pytest.raises(ProjectError, match="refers to one that is missing"):
            Project.open(old)
    with Project.open(old) as project:
        assert [shape for _, shape in project.shapes()] == [kites.ACCEPTED]


@pytest.mark.parametrize("step", ["back_up", "run_migrations"])
def test_a_full_disk_is_said_to_be_in_the_way_of_the_migration(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def no_room(*_: object) -> None:
        raise DiskFull("There is no room left.", kept="This change was not made.")

    with monkeypatch.context() as newer:
        add_revision(newer, tmp_path, GOOD)
        newer.setattr(revisions, step, no_room)
        # Who only wants to look has asked for no change.
        with pytest.raises(DiskFull, match="to bring it to the newest schema") as caught:
            Project.open_to_read(old)
    assert not (old / BACKUP).exists()
    assert "as it was" in caught.value.kept
    assert f"annotator copy {old}" in caught.value.remedy
    with Project.open(old) as project:
        assert [shape for _, shape in project.shapes()] == [kites.ACCEPTED]


def test_two_that_open_an_older_project_at_once_leave_a_copy_of_the_older_one(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another_first(path: Path, copy: Path) -> None:
        monkeypatch.setattr(revisions, "back_up", back_up)
        with suppress(ProjectLocked):
            Project.open(old).close()
        back_up(path, copy)

    add_revision(monkeypatch, tmp_path, GOOD)
    monkeypatch.setattr(engine_database, "BUSY_SECONDS", 0.0)
    monkeypatch.setattr(revisions, "back_up", another_first)
    Project.open(old).close()
    with closing(sqlite3.connect(old / BACKUP)) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [(NEWEST,)]


def test_what_another_program_has_migrated_meanwhile_is_not_copied(old: Path) -> None:
    assert revisions.migrate(old / "project.db", lambda: None) is None
    assert [file.name for file in old.iterdir()] == ["project.db"]


def test_who_had_an_older_project_open_changes_nothing_in_the_newer_one(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(old) as older:
        with monkeypatch.context() as newer:
            add_revision(newer, tmp_path, GOOD)
            Project.open(old).close()
        with pytest.raises(NewerProject, match="since it was opened here"):
            older.flag(1, "blurred", who="ada")
    assert kites.rows(old, "SELECT count(*) FROM journal WHERE kind = 'flag'") == [(0,)]


def test_what_an_older_program_has_open_is_not_migrated(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_revision(monkeypatch, tmp_path, GOOD)
    with Presence(old, "bob"), pytest.raises(ProjectError, match="open: bob on") as caught:
        Project.open(old)
    assert "Close it there" in caught.value.remedy
    assert kites.rows(old, "SELECT version_num FROM alembic_version") == [(NEWEST,)]


def test_a_project_of_the_newest_schema_is_not_copied(old: Path) -> None:
    Project.open(old).close()
    assert [file.name for file in old.iterdir()] == ["project.db"]


def test_an_older_project_is_not_migrated_for_a_reader(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_revision(monkeypatch, tmp_path, GOOD)
    with pytest.raises(ProjectError, match="older schema"):
        Project.open(old, read_only=True)
    assert kites.rows(old, "SELECT version_num FROM alembic_version") == [(NEWEST,)]


def test_a_copy_holds_clicks_that_are_still_in_the_log(project: Project, tmp_path: Path) -> None:
    image = project.add_image(tmp_path / "a.png", kites.Facts("a"))
    back_up(project.folder / "project.db", tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT id FROM images").fetchall() == [(image.id,)]


def test_a_damaged_database_gives_no_copy(old: Path, tmp_path: Path) -> None:
    content = bytearray((old / "project.db").read_bytes())
    content[-4096:] = b"\xff" * 4096
    (old / "project.db").write_bytes(content)
    with pytest.raises(ProjectError, match="damaged"):
        back_up(old / "project.db", tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy*"))


def test_on_a_server_they_make_the_same_tables(
    folder: Path, new_database: Callable[[], str]
) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    address = new_database()
    write_address(folder, address)
    Project.create(folder, kites.SCHEME).close()
    engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), METADATA)
    engine.dispose()
    assert found == []
