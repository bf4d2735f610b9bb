"""The start page: recent projects, what is wrong with one said plainly, and ways to begin."""

import shutil
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QStyle, QStyleOptionButton
from shiboken6 import delete, isValid

from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.start import recent_list
from landmark_annotator.annotator.gui.start.start_window import StartWindow
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.session.reports.project_glance import Glance

PATIENCE_MS = 30_000


@pytest.fixture
def open_start(qtbot):
    def open_one(*recent: Path) -> StartWindow:
        window = StartWindow(Preferences(recent=[str(folder) for folder in recent]))
        qtbot.addWidget(window, before_close_func=lambda w: w.recent.close_threads())
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return open_one


def said(window: StartWindow, row: int) -> str:
    return window.recent.item(row).data(Qt.ItemDataRole.AccessibleTextRole)


def drop(window, *paths: Path) -> None:
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        dropped,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def test_recent_projects_say_how_far_they_are(make_project, open_start, qtbot):
    window = open_start(make_project(labelled=2, untouched=1).folder)
    qtbot.waitUntil(lambda: "2 of 3 accepted (66 %)" in said(window, 0), timeout=PATIENCE_MS)


def test_a_page_that_is_left_is_answered_by_no_disk(make_project, qtbot, monkeypatch):
    """An answer to what is destroyed by then is an error in its thread, which ends the program."""
    answers, begun = threading.Event(), threading.Event()

    def slowly(folder: Path):
        begun.set()
        answers.wait(10)
        return Glance(folder, folder.name)

    monkeypatch.setattr(recent_list, "glance_at", slowly)
    failed = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: failed.append(error))
    window = StartWindow(Preferences(recent=[str(make_project(labelled=1).folder)]))
    window.show()
    assert begun.wait(10)
    at_work = window.recent._at_work
    window.close()
    threading.Timer(0.3, answers.set).start()
    delete(window)
    assert isValid(at_work)  # until its thread is done
    at_work.close()
    assert failed == []


def test_one_that_is_gone_and_one_that_is_none_are_told_of(make_project, open_start, qtbot):
    project = make_project(labelled=1, untouched=0)
    project.close()
    folder = project.folder
    shutil.rmtree(folder)
    other = folder.with_name("photographs")
    other.mkdir()
    window = open_start(folder, other)
    qtbot.waitUntil(lambda: "not there any more" in said(window, 0), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "is not a project" in said(window, 1), timeout=PATIENCE_MS)


def test_enter_and_a_click_open_one(open_start, tmp_path, qtbot):
    window = open_start(tmp_path / "one", tmp_path / "two")
    assert window.recent.hasFocus()
    with qtbot.waitSignal(window.open_wanted) as opened:
        QTest.keyClick(window.recent, Qt.Key.Key_Return)
    assert opened.args == [tmp_path / "one"]
    place = window.recent.visualItemRect(window.recent.item(1)).center()
    with qtbot.waitSignal(window.open_wanted) as opened:
        QTest.mouseClick(window.recent.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.args == [tmp_path / "two"]


def test_delete_takes_one_off_the_list_and_keeps_its_files(open_start, tmp_path):
    (tmp_path / "one").mkdir()
    window = open_start(tmp_path / "one")
    QTest.keyClick(window.recent, Qt.Key.Key_Delete)
    assert window.recent.count() == 0
    assert (tmp_path / "one").is_dir()


def test_at_a_first_start_it_says_how_to_begin(open_start):
    window = open_start()
    assert any("drop one here" in label.text() for label in window.findChildren(QLabel))
    assert window.buttons["new"].hasFocus()


@pytest.mark.parametrize(
    ("key", "signal"), [(Qt.Key.Key_N, "new_wanted"), (Qt.Key.Key_O, "open_wanted")]
)
def test_its_keys_are_those_of_the_window(open_start, qtbot, key, signal):
    window = open_start()
    with qtbot.waitSignal(getattr(window, signal)):
        QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)


def test_tab_goes_through_all_of_it(open_start, tmp_path):
    window = open_start(tmp_path)
    seen = []
    for _ in range(1 + len(window.buttons)):
        seen.append(window.focusWidget())
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert set(seen) == {window.recent, *window.buttons.values()}


def test_what_is_dropped_is_opened_or_begins_a_new_project(
    open_start, make_project, tmp_path, qtbot
):
    window = open_start()
    project = make_project(labelled=1, untouched=0)
    with qtbot.waitSignal(window.open_wanted) as opened:
        drop(window, project.folder)
    assert opened.args == [project.folder]
    with qtbot.waitSignal(window.new_wanted) as begun:
        drop(window, tmp_path)
    assert begun.args == [tmp_path]


def test_two_things_at_once_are_refused_with_a_reason(open_start, tmp_path):
    window = open_start()
    drop(window, tmp_path, tmp_path)
    assert "One folder or file" in window.messages.banner.text.text()


@pytest.mark.parametrize("percent", [100, 125, 150])
@pytest.mark.parametrize("name", ["new", "open", "samples", "preferences"])
def test_a_button_shows_all_of_its_letters_with_the_focus_too(open_start, qapp, percent, name):
    themes.apply(qapp, font_scale=percent)
    try:
        window = open_start()
        button = window.buttons[name]
        button.setFocus()
        option = QStyleOptionButton()
        button.initStyleOption(option)
        assert option.state & QStyle.StateFlag.State_HasFocus
        part = QStyle.SubElement.SE_PushButtonContents
        inside = button.style().subElementRect(part, option, button)
        assert inside.height() >= button.fontMetrics().height()
    finally:
        themes.apply(qapp)
