"""Backups that rotate."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import kites
import pytest

from landmark_annotator.projects.store import InstanceRecord, Project, fill_shapes
from landmark_annotator.projects.store.engine.backup import back_up
from landmark_annotator.projects.store.engine.rotation import (
    Backup,
    back_up_now,
    backups,
    due,
    kept,
)
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.errors import DiskFull, ProjectError

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def of(hours_ago: float) -> Backup:
    return Backup(Path(f"{hours_ago}.db"), NOW - timedelta(hours=hours_ago), "daily")


def test_two_days_are_kept_whole_and_older_days_by_their_newest() -> None:
    recent, older = [of(hours) for hours in (0, 3, 20, 40)], [of(hours) for hours in (61, 65, 90)]
    assert kept([*recent, *older], NOW) == {*recent, older[0], older[2]}


def test_years_of_daily_work_leave_days_weeks_and_months() -> None:
    found = kept([of(24 * days) for days in range(3 * 365)], NOW)
    assert 25 < len(found) < 35
    ages = sorted((NOW - one.at).days for one in found)
    assert ages[:13] == list(range(13))
    assert 200 < ages[-1] < 300


def test_a_busy_day_has_a_limit() -> None:
    assert len(kept([of(minutes / 60) for minutes in range(600)], NOW)) == 20


def test_a_clock_that_went_back_deletes_nothing_of_the_future() -> None:
    future = of(-24 * 400)
    assert future in kept([future, of(0)], NOW)


def test_a_backup_has_every_click_and_can_be_read_alone(
    project: Project, kite: InstanceRecord
) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    made = back_up_now(project.folder / "project.db", "import", NOW)
    with closing(sqlite3.connect(made.path)) as copy:
        assert copy.execute("SELECT to_x, to_y FROM journal").fetchall() == [(1, 2)]
    assert [one.name for one in made.path.parent.iterdir()] == [made.path.name]
    assert backups(project.folder) == [made]
    assert made.occasion == "import"


def test_where_nothing_was_written_since_there_is_nothing_to_make(
    project: Project, kite: InstanceRecord
) -> None:
    database = project.folder / "project.db"
    first = back_up_now(database, "import")
    assert back_up_now(database, "fill") == first
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    assert back_up_now(database, "fill") != first


def test_one_is_due_a_day_after_the_last_and_only_where_something_was_written(
    project: Project, kite: InstanceRecord
) -> None:
    database = project.folder / "project.db"
    assert due(database, NOW)
    back_up_now(database, "daily", NOW)
    assert not due(database, NOW + timedelta(days=2))
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    assert not due(database, NOW + timedelta(hours=2))
    assert due(database, NOW + timedelta(days=2))


def test_what_was_written_by_a_clock_that_went_back_is_backed_up(
    project: Project, kite: InstanceRecord
) -> None:
    database = project.folder / "project.db"
    first = back_up_now(database, "import", NOW)
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    yesterday = first.path.stat().st_mtime - 86_400
    for file in (database, database.with_name("project.db-wal")):
        os.utime(file, (yesterday, yesterday))
    second = back_up_now(database, "fill", NOW - timedelta(days=1))
    assert second != first
    assert backups(project.folder) == [second, first]


def test_backups_of_earlier_versions_are_older_than_all_others(
    project: Project, kite: InstanceRecord
) -> None:
    database = project.folder / "project.db"
    first = back_up_now(database, "import", NOW)
    first.path.rename(first.path.with_name("2027-01-01T00-00-00-000000Z_import.db"))
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    second = back_up_now(database, "fill", NOW)
    assert [one.occasion for one in backups(project.folder)] == ["fill", "import"]
    assert backups(project.folder)[0] == second


def test_a_fill_comes_after_a_backup(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    fill_shapes(project, {kite.id: Shape(kites.POINTS)}, who="ada")
    (made,) = backups(project.folder)
    assert made.occasion == "fill"
    with closing(sqlite3.connect(made.path)) as copy:
        assert copy.execute("SELECT count(*) FROM landmarks").fetchone() == (1,)


def test_a_full_disk_leaves_no_half_backup_and_nothing_is_filled(
    project: Project, kite: InstanceRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DiskFull):
        fill_shapes(project, {kite.id: Shape(kites.POINTS)}, who="ada")
    assert list((project.folder / "backups").iterdir()) == []
    assert project.shape(kite.id).known.sum() == 1


def test_a_folder_that_takes_no_file_is_no_fault_of_the_database(
    project: Project, tmp_path: Path
) -> None:
    with pytest.raises(ProjectError, match=r"A file in the project .* cannot be written"):
        back_up(project.folder / "project.db", tmp_path / "none" / "copy.db")


def test_what_a_killed_backup_left_goes_after_a_day(project: Project, kite: InstanceRecord) -> None:
    folder = back_up_now(project.folder / "project.db", "import").path.parent
    left = [folder / "old_daily.00001.db.partial", folder / "old_daily.00001.db.partial-journal"]
    being_written = folder / "new_daily.00002.db.partial"
    for part in (*left, being_written):
        part.write_bytes(b"half")
    for part in left:
        os.utime(part, (0, 0))
    project.place(kite.id, kites.TOP, (1, 2), who="ada")

    made = back_up_now(project.folder / "project.db", "import")

    assert made.path.exists()
    assert list(folder.glob("*.partial*")) == [being_written]


@pytest.mark.parametrize("left", [b"half a database" * 99, b"SQLite format 3\0" + b"\7" * 9_000])
def test_what_lies_where_a_copy_is_written_is_no_damage_of_the_project(
    project: Project, tmp_path: Path, left: bytes
) -> None:
    target = tmp_path / "aside.backup.db"
    target.with_name(f"{target.name}.partial").write_bytes(left)
    back_up(project.folder / "project.db", target)
    assert [path.name for path in tmp_path.glob("aside*")] == [target.name]
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT count(*) FROM scheme").fetchone()[0] == 1
