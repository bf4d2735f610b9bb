"""What the list of recent projects says of a project."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from landmark_annotator.annotator.session.reports.project_glance import glance_at
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.address import write_address

OLDER = Path(__file__).parents[3] / "projects/store/schema/kept/schema_0009.sql"


def test_one_of_an_earlier_version_is_no_problem_and_stays_as_it_is(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "project.db")) as database:
        database.executescript(OLDER.read_text())
    before = (tmp_path / "project.db").read_bytes()

    glance = glance_at(tmp_path)

    assert glance.older
    assert not glance.problem
    assert (tmp_path / "project.db").read_bytes() == before


def test_once_opened_it_is_like_any_other(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "project.db")) as database:
        database.executescript(OLDER.read_text())
    Project.open(tmp_path).close()
    glance = glance_at(tmp_path)
    assert not glance.older
    assert glance.instances


def test_what_is_no_project_says_so(tmp_path: Path) -> None:
    assert "not a project" in glance_at(tmp_path).problem


def test_of_a_server_that_is_away_a_row_has_room_for_that_alone(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    write_address(tmp_path, f"postgresql://ada@/faces?host={tmp_path / 'nowhere'}")
    assert glance_at(tmp_path).problem == "Its server does not answer."
