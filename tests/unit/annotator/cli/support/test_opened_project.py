"""A command that writes goes on beside a window, and says that there is one."""

import pytest

from annotator.cli.support.opened_project import open_to_write
from projects.store import Presence, Project
from projects.vocabulary import Scheme


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


def test_without_a_window_there_is_nothing_to_say(folder, capsys):
    open_to_write(folder).close()
    assert capsys.readouterr().err == ""
