"""What `check` finds, what it mends, and that nothing wrong leaves a damaged project."""

import sqlite3
from contextlib import closing
from pathlib import Path

import kites
import pytest

from landmark_annotator.projects.store import InstanceRecord, Project, Verdict, fill_shapes
from landmark_annotator.projects.store.safety.checking import (
    Part,
    check,
    compact,
    refuse_damaged,
    repair,
)
from landmark_annotator.projects.vocabulary import Box, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import NewerProject, ProjectError


def spoil(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "project.db")) as connection, connection:
        connection.execute(statement)


@pytest.fixture
def worked(project: Project, kite: InstanceRecord, add_image) -> Project:
    """A project in which everything was done that can be."""
    other = project.add_instance(add_image("b.png").id, kites.BOX, shape=kites.ACCEPTED, who="ada")
    third = project.add_instance(add_image("c.png").id, None, who="ada")
    project.fill_instance(third.id, kites.BOX, Shape(kites.POINTS), source="c", who="bob")
    project.place(kite.id, kites.TOP, (1, 2), who="ada", proposed=(3, 4))
    project.set_visibility(kite.id, kites.TAIL, Visibility.OCCLUDED, who="ada")
    project.place(other.id, kites.TOP, (1.1, 2.2), who="ada")
    project.undo("ada")
    project.redo("ada")
    project.accept(kite.id, kites.ACCEPTED, who="ada", in_review=True)
    project.place(kite.id, kites.LEFT, (5, 6), who="bob")
    project.flag(kite.id, "odd", who="bob")
    project.set_box(third.id, Box(1, 2, 3, 4), who="ada")
    project.review(third.id, Verdict.SENT_BACK, "tail", who="rex")
    fill_shapes(project, {third.id: Shape(kites.POINTS + 1)}, who="ada")
    project.exclude(images=[other.image_id], instances=[kite.id], why="blurred", who="ada")
    project.undo("ada")
    project.exclude(images=[other.image_id], why="dark", who="ada")
    project.flag(other.id, "?", who="ada")
    project.place(third.id, kites.TOP, (7, 8), who="bob")
    project.undo("ada")
    return project


def test_whatever_was_done_the_journal_tells_what_is_stored(worked: Project) -> None:
    assert check(worked.folder) == []
    refuse_damaged(worked)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE landmarks SET x = x + 1 WHERE instance_id = 1 AND landmark = 3",
        "UPDATE landmarks SET x = 6.5 WHERE instance_id = 2 AND landmark = 4",
        "DELETE FROM landmarks WHERE instance_id = 2 AND landmark = 1",
        "UPDATE landmarks SET visibility = 1 WHERE instance_id = 2 AND landmark = 3",
        "UPDATE instances SET width = 61 WHERE id = 2",
        "UPDATE instances SET state = 'started' WHERE id = 1",
        "UPDATE images SET excluded_why = NULL, excluded_by = NULL, excluded_at = NULL",
        "DELETE FROM reviews",
        "UPDATE flags SET comment = 'even'",
    ],
)
def test_what_was_changed_behind_the_journal_is_found(worked: Project, statement: str) -> None:
    spoil(worked.folder, statement)
    assert [finding.part for finding in check(worked.folder)] == [Part.JOURNAL]
    with pytest.raises(ProjectError, match="damaged"):
        refuse_damaged(worked)


def test_what_the_journal_knows_is_mended_from_it(worked: Project) -> None:
    before = worked.shape(1).points.tolist()
    spoil(worked.folder, "UPDATE landmarks SET x = -1, y = -1 WHERE instance_id = 1")
    found = check(worked.folder)
    aside = repair(worked.folder, found)
    assert check(worked.folder) == []
    assert worked.shape(1).points.tolist() == before
    assert (aside / "project.db").is_file()


def test_what_was_imported_and_lost_is_not_made_up(worked: Project) -> None:
    spoil(worked.folder, "UPDATE landmarks SET x = 6.5 WHERE instance_id = 2 AND landmark = 4")
    with pytest.raises(ProjectError, match="None of this can be mended"):
        repair(worked.folder, check(worked.folder))


def test_a_letter_of_a_landmarks_name_that_changed_is_noticed(worked: Project) -> None:
    worked.close()
    spoil(worked.folder, "UPDATE scheme SET json = replace(json, 'tail', 'tall')")
    with pytest.raises(ProjectError, match="damaged: its scheme"):
        Project.open(worked.folder)


def test_an_index_that_is_wrong_is_made_anew(worked: Project) -> None:
    spoil(worked.folder, "PRAGMA writable_schema = ON")
    with closing(sqlite3.connect(worked.folder / "project.db")) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'position, id', 'id, position') "
            "WHERE name = 'ix_images_position_id'"
        )
        connection.commit()
    found = check(worked.folder)
    assert {finding.part for finding in found} == {Part.INDEX}
    repair(worked.folder, found)
    assert check(worked.folder) == []


def test_compacting_changes_nothing_that_can_be_read(worked: Project) -> None:
    entries = list(worked.journal())
    compact(worked.folder)
    assert list(worked.journal()) == entries
    worked.place(1, kites.TOP, (9, 9), who="ada")
    assert check(worked.folder) == []


@pytest.mark.parametrize("time", ["2026-11-21 17:42:18.2\x18299", "soon", 12.5, b"0"])
def test_a_time_that_is_none_is_told_of(worked: Project, time: object) -> None:
    with closing(sqlite3.connect(worked.folder / "project.db")) as connection, connection:
        connection.execute("update reviews set at = ?", (time,))
    with pytest.raises(ProjectError, match="is no time"):
        worked.reviews()


@pytest.fixture
def of_a_newer_version(folder: Path) -> Path:
    """A project in whose journal a newer version of the same schema has put another kind."""
    with Project.create(folder, kites.SCHEME) as project:
        image = project.add_image(folder / "a.png", kites.Facts("a"))
        project.add_instance(image.id, kites.BOX, shape=kites.ACCEPTED, who="ada")
    spoil(
        folder,
        "INSERT INTO journal (at, who, kind, title, instance_id, changes) "
        "SELECT at, who, 'hologram', 'hologram', instance_id, '{}' FROM journal",
    )
    return folder


def test_the_journal_of_a_newer_version_is_told_as_such(of_a_newer_version: Path) -> None:
    with Project.open(of_a_newer_version) as project, pytest.raises(NewerProject) as told:
        list(project.journal())
    assert "'hologram'" in told.value.happened
    assert "Update this program" in told.value.remedy


def test_an_action_of_a_newer_version_is_no_damage(of_a_newer_version: Path) -> None:
    with pytest.raises(NewerProject, match="nothing is damaged"):
        check(of_a_newer_version)
