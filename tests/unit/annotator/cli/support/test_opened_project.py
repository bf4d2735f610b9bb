"""A command that writes goes on beside a window, and says that there is one."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from landmark_annotator.annotator.cli.support.opened_project import open_to_read, open_to_write
from landmark_annotator.projects.store import Presence, Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import ProjectReadOnly

OLDER = Path(__file__).parents[3] / "projects/store/schema/kept/schema_0009.sql"


@pytest.fixture
def folder(tmp_path):
    Project.create(tmp_path / "pairs", Scheme("pair", ("a", "b"))).close()
    return tmp_path / "pairs"


def test_it_warns_of_a_window_and_writes_all_the_same(folder, capsys):
    with Presence(folder, "ada"), open_to_write(folder) as project:
        assert not project.read_only
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("ada has this project open in another window since ")
    # The window looks every two seconds; only of other landmarks it has to be opened again.
    assert "shows what is written now within seconds" in told.err


def test_without_a_window_there_is_nothing_to_say(folder, capsys):
    open_to_write(folder).close()
    assert capsys.readouterr().err == ""


def test_who_only_reads_brings_an_older_project_to_the_newest_schema_and_says_so(tmp_path, capsys):
    with closing(sqlite3.connect(tmp_path / "project.db")) as database:
        database.executescript(OLDER.read_text())
    with open_to_read(tmp_path) as project:
        assert project.read_only
        assert project.images()
    assert "a copy of it as it was" in capsys.readouterr().err
    open_to_read(tmp_path).close()
    assert capsys.readouterr().err == ""


def test_what_cannot_be_written_is_refused_before_anything_is_worked_out(folder, monkeypatch):
    # As where its folder cannot be written, which for whoever runs tests may be no obstacle.
    monkeypatch.setattr(Project, "open", partial(Project.open, read_only=True))
    with pytest.raises(ProjectReadOnly, match="open for reading only"):
        open_to_write(folder)
