"""Recent projects can be opened from the menu of the window."""

from pathlib import Path

import pytest

from landmark_annotator.annotator.gui.services.preferences import Preferences


@pytest.fixture
def opened(make_project, open_window, tmp_path):
    project = make_project()
    recent = [str(project.folder), str(tmp_path / "flies & wings")]
    return open_window(project, preferences=Preferences(recent=recent)).window


def test_it_lists_the_others_by_name_with_their_folders(opened, tmp_path):
    [action] = opened.recent.actions()
    assert action.text() == "flies && wings"
    assert action.toolTip() == str(tmp_path / "flies & wings")


def test_a_choice_asks_for_that_project(opened, qtbot, tmp_path):
    with qtbot.waitSignal(opened.open_wanted) as wanted:
        opened.recent.actions()[0].trigger()
    assert wanted.args == [Path(tmp_path / "flies & wings")]


def test_it_follows_what_is_opened_meanwhile(opened, tmp_path):
    opened.preferences.opened(tmp_path / "new")
    opened.recent.aboutToShow.emit()
    assert [action.text() for action in opened.recent.actions()] == ["new", "flies && wings"]


def test_with_nothing_else_it_is_off(hands):
    assert not hands.window.recent.menuAction().isEnabled()
