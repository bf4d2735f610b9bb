"""Going between the start page and projects, each in the other's place."""

import pytest

from annotator.gui.services import messages
from annotator.gui.services.preferences import Preferences
from annotator.gui.start.start_window import StartWindow
from annotator.gui.style import themes
from annotator.gui.window.main_window import MainWindow
from annotator.gui.windows import Desk
from annotator.session.setup import demonstration
from projects.store import Project
from projects.vocabulary import ActionableError, Scheme

PATIENCE_MS = 60_000
PAIR = Scheme("pair", ("left end", "right end"))


@pytest.fixture
def desk(qapp, tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "log_path", lambda: tmp_path / "window.log")
    desk = Desk(qapp, Preferences(), "somebody", tmp_path / "samples")
    yield desk
    desk.close()
    themes.apply(qapp)


@pytest.fixture
def folder(make_project):
    project = make_project(labelled=2, untouched=1)
    project.close()
    return project.folder


def test_it_begins_with_the_start_page_and_opens_a_project_in_its_place(desk, folder):
    desk.show_start()
    start = desk.window
    desk.open(folder)
    assert isinstance(desk.window, MainWindow)
    assert desk.window.isVisible()
    assert not start.isVisible()


def test_what_was_opened_is_recent(desk, folder, tmp_path):
    desk.open(folder)
    desk.show_start()
    assert isinstance(desk.window, StartWindow)
    assert desk.window.recent.count() == 1


def test_closing_a_project_lets_go_of_it(desk, folder):
    desk.open(folder)
    desk.window.actions_by_name["close"].trigger()
    assert isinstance(desk.window, StartWindow)
    with Project.open(folder) as again:
        assert again.read_only_reason is None


def test_a_folder_that_is_no_project_is_told_of_where_one_is(desk, tmp_path):
    desk.show_start()
    desk.open(tmp_path / "nothing")
    assert isinstance(desk.window, StartWindow)
    assert "is not a project" in desk.window.messages.banner.text.text()


def test_given_on_the_command_line_it_is_an_error_before_any_window(desk, tmp_path):
    with pytest.raises(ActionableError):
        desk.show_project(tmp_path)
    assert desk.window is None


def test_the_samples_are_made_once_as_the_demo_makes_them_and_opened(desk, qtbot, monkeypatch):
    made = []

    def make(folder, progress):
        made.append(folder)
        Project.create(folder, PAIR).close()

    monkeypatch.setattr(demonstration, "make_demonstration", make)
    for _ in range(2):
        desk.show_start()
        desk.open_samples()
        qtbot.waitUntil(lambda: isinstance(desk.window, MainWindow), timeout=PATIENCE_MS)
    assert made == [desk.window.project.folder]


def test_letters_and_theme_are_those_of_the_preferences(qapp, desk, tmp_path):
    usual = qapp.font().pointSizeF()
    Desk(qapp, Preferences(theme="light", font_scale=150), "somebody", tmp_path)
    assert themes.current() is themes.LIGHT
    assert qapp.font().pointSizeF() == pytest.approx(1.5 * usual)
