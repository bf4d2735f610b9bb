"""Going between the start page and projects, each in the other's place."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.services import messages
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.start.start_window import StartWindow
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.gui.windows import Windows
from landmark_annotator.annotator.session.setup import demonstration
from landmark_annotator.projects.exchange import ImportReport, Unreadable
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import ActionableError, Scheme

PATIENCE_MS = 60_000
PAIR = Scheme("pair", ("left end", "right end"))


@pytest.fixture
def windows(qapp, tmp_path, monkeypatch, put_away):
    monkeypatch.setattr(messages, "log_path", lambda: tmp_path / "window.log")
    windows = Windows(qapp, Preferences(), "somebody", tmp_path / "samples")
    yield windows
    put_away(windows)
    themes.apply(qapp)


@pytest.fixture
def folder(make_project):
    project = make_project(labelled=2, untouched=1)
    project.close()
    return project.folder


def test_it_begins_with_the_start_page_and_opens_a_project_in_its_place(windows, folder):
    windows.show_start()
    start = windows.window
    windows.open(folder)
    assert isinstance(windows.window, MainWindow)
    assert windows.window.isVisible()
    assert not start.isVisible()


def test_the_pointer_waits_while_a_project_is_opened(windows, folder, tmp_path, monkeypatch):
    seen, opened = [], Project.open

    def watched(*args, **kwargs):
        seen.append(QApplication.overrideCursor().shape())
        return opened(*args, **kwargs)

    monkeypatch.setattr(Project, "open", watched)
    for wanted in (tmp_path / "nothing", folder):
        windows.open(wanted)
        assert QApplication.overrideCursor() is None
    assert seen == [Qt.CursorShape.WaitCursor] * 2


def test_what_was_opened_is_recent(windows, folder, tmp_path):
    windows.open(folder)
    windows.show_start()
    assert isinstance(windows.window, StartWindow)
    assert windows.window.recent.count() == 1


def test_closing_a_project_lets_go_of_it(windows, folder):
    windows.open(folder)
    windows.window.actions_by_name["close"].trigger()
    assert isinstance(windows.window, StartWindow)
    with Project.open(folder) as again:
        assert again.read_only_reason is None


def test_a_folder_that_is_no_project_is_told_of_where_one_is(windows, tmp_path):
    windows.show_start()
    windows.open(tmp_path / "nothing")
    assert isinstance(windows.window, StartWindow)
    assert "is not a project" in windows.window.messages.banner.text.text()


def test_given_on_the_command_line_it_is_an_error_before_any_window(windows, tmp_path):
    with pytest.raises(ActionableError):
        windows.show_project(tmp_path)
    assert windows.window is None


def test_the_samples_are_made_once_as_the_demo_makes_them_and_opened(windows, qtbot, monkeypatch):
    made = []

    def make(folder, progress):
        made.append(folder)
        Project.create(folder, PAIR).close()

    monkeypatch.setattr(demonstration, "make_demonstration", make)
    for _ in range(2):
        windows.show_start()
        windows.open_samples()
        qtbot.waitUntil(lambda: isinstance(windows.window, MainWindow), timeout=PATIENCE_MS)
    assert made == [windows.window.project.folder]


def test_that_the_samples_are_being_made_is_said_at_once(windows, qtbot, monkeypatch):
    loaded = threading.Event()
    monkeypatch.setattr(windows, "_draw", lambda _: loaded.wait(60) and windows._samples)
    monkeypatch.setattr(windows, "_open_samples", lambda folder: None)
    windows.show_start()
    windows.open_samples()
    assert "sample" in windows.window.messages.banner.text.text()
    loaded.set()
    qtbot.waitUntil(lambda: not windows._drawing.running, timeout=PATIENCE_MS)


def test_a_tour_begins_with_the_samples_until_it_was_seen_once(windows, qtbot):
    Project.create(windows._samples, PAIR).close()
    windows.show_start()
    windows.open_samples()
    qtbot.waitUntil(lambda: windows.window.tour is not None, timeout=PATIENCE_MS)
    windows.window.tour.end.click()
    windows.open_samples()
    qtbot.waitUntil(lambda: bool(windows.window._begun), timeout=PATIENCE_MS)
    assert windows.window.tour is None


def test_letters_and_theme_are_those_of_the_preferences(qapp, windows, tmp_path):
    usual = qapp.font().pointSizeF()
    Windows(qapp, Preferences(theme="light", font_scale=150), "somebody", tmp_path)
    assert themes.current() is themes.LIGHT
    assert qapp.font().pointSizeF() == pytest.approx(1.5 * usual)


def test_what_did_not_come_into_a_new_project_is_told_once_it_is_open(windows, folder, qtbot):
    windows.show_start()
    left_out = [Unreadable(Path(f"{n}.png"), "It is empty.") for n in range(6)]
    report = ImportReport(images_added=14, unreadable=left_out)
    report.copies.append(Unreadable(Path("b.png"), "The same picture as a.png."))
    windows._open_made(folder, report, "Images are not related.")
    banner = windows.window.messages.banner
    qtbot.waitUntil(lambda: banner.isVisible(), timeout=PATIENCE_MS)
    said = banner.text.text()
    assert "14 photographs came in, 6 cannot be read and 1 is a copy." in said
    assert "0.png: It is empty." in said
    assert "And 2 more." in said


def test_that_settings_cannot_be_written_is_still_told_once_the_project_is_open(
    windows, folder, qtbot, monkeypatch
):
    def refused(*_):
        raise ActionableError("Your settings cannot be written.")

    monkeypatch.setattr(Preferences, "opened", refused)
    windows.open(folder)
    controller = windows.window.controller
    qtbot.waitUntil(lambda: controller.record is not None, timeout=PATIENCE_MS)
    banner = windows.window.messages.banner
    assert banner.isVisible()
    assert "settings cannot be written" in banner.text.text()


@pytest.mark.parametrize("to_start", [True, False])
def test_what_is_being_exported_is_asked_about_before_another_window_comes(
    windows, folder, to_start
):
    windows.open(folder)
    window, go_on = windows.window, threading.Event()
    window.work.exports.job.begin(lambda progress: go_on.wait(60), lambda answer: None)
    leave = windows.show_start if to_start else (lambda: windows.open(folder))
    leave()
    assert windows.window is window
    stop = next(b for b in window.work.exports.question.buttons() if "Stop" in b.text())
    go_on.set()
    stop.click()
    assert windows.window is not window
    assert isinstance(windows.window, StartWindow if to_start else MainWindow)
