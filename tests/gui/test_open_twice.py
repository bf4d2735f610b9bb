"""A project that is open elsewhere: the second window says so, and the user chooses."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.pages.label.panels.image_list import STATE
from landmark_annotator.annotator.gui.services import messages
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.start.start_window import StartWindow
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.gui.windows import Windows
from landmark_annotator.projects.store import Project, visitors

PATIENCE_MS = 60_000
ELSEWHERE = """
import sys, time
from pathlib import Path
from landmark_annotator.annotator.gui.app import application
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.windows import Windows
windows = Windows(application(), Preferences(), "ada", Path("samples"))
windows.show_project(Path(sys.argv[1]))
print("open", flush=True)
time.sleep(120)
"""


@pytest.fixture
def begin(qapp, tmp_path, monkeypatch, put_away):
    """Begins the program, as somebody."""
    monkeypatch.setattr(messages, "log_path", lambda: tmp_path / "window.log")
    begun = []

    def one(who: str = "ben") -> Windows:
        windows = Windows(qapp, Preferences(), who, tmp_path / "samples")
        begun.append(windows)
        return windows

    yield one
    for windows in begun:
        put_away(windows)
    themes.apply(qapp)


@pytest.fixture
def folder(make_project):
    project = make_project(labelled=2, untouched=1)
    project.close()
    return project.folder


@pytest.fixture
def second(begin, folder):
    """Ben's program, where Ada has the project open already."""
    begin("ada").open(folder)
    windows = begin("ben")
    windows.show_start()
    windows.open(folder)
    return windows


def click(windows: Windows, button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_second_window_says_who_has_it_open(second):
    assert isinstance(second.window, StartWindow)
    assert second.asking.isVisible()
    assert second.asking.text().startswith("ada has this project open in another window since ")


def test_it_can_be_looked_at_and_nothing_is_written(second, folder, qtbot):
    click(second, second.asking.looking)
    window = second.window
    assert isinstance(window, MainWindow)
    assert window.project.read_only
    qtbot.waitUntil(lambda: window.controller.phase is Phase.READY, timeout=PATIENCE_MS)
    assert "You are only looking" in window.messages.banner.text.text()
    before = len(list(window.project.journal()))
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    assert len(list(window.project.journal())) == before
    assert not window.actions_by_name["import"].isEnabled()
    assert not window.actions_by_name["train"].isEnabled()
    # Who only looks is in nobody's way.
    assert [visitor.who for visitor in visitors(folder)] == ["ada"]


def test_it_can_be_opened_all_the_same(second, folder):
    click(second, second.asking.opening)
    assert isinstance(second.window, MainWindow)
    assert not second.window.project.read_only
    assert [visitor.who for visitor in visitors(folder)] == ["ada", "ben"]


def test_it_is_told_that_each_shows_what_the_other_does_and_it_does(second, folder):
    # It was told that without a list of people neither does until it is opened again.
    assert "shows within seconds what is done in the other" in second.asking.informativeText()
    click(second, second.asking.opening)
    window = second.window
    rows = window.label_page.list_model
    with Project.open(folder) as ada:
        waiting = ada.waiting(who="ada")[0].id
        ada.place(waiting, 0, (50.0, 60.0), who="ada")
    window.others.look()
    assert (
        rows.data(rows.index(rows.row_of(waiting), STATE))
        == "\N{CIRCLE WITH LEFT HALF BLACK} started"
    )


@pytest.mark.parametrize("by", ["button", "escape"])
def test_cancelled_all_is_as_it_was(second, folder, by):
    if by == "button":
        click(second, second.asking.leaving)
    else:
        QTest.keyClick(second.asking, Qt.Key.Key_Escape)
    assert isinstance(second.window, StartWindow)
    assert second.window.isVisible()
    assert [visitor.who for visitor in visitors(folder)] == ["ada"]


def test_opened_from_the_command_line_it_asks_over_the_start_page(begin, folder):
    begin("ada").show_project(folder)
    windows = begin("ben")
    windows.show_project(folder)
    assert isinstance(windows.window, StartWindow)
    assert windows.asking.isVisible()


def test_the_same_window_may_open_it_anew(begin, folder):
    windows = begin("ada")
    windows.open(folder)
    windows.open(folder)
    assert windows.asking is None
    assert [visitor.who for visitor in visitors(folder)] == ["ada"]


@pytest.mark.parametrize("leave", ["close the project", "close the program"])
def test_once_it_is_closed_nobody_is_asked(begin, folder, leave):
    first = begin("ada")
    first.open(folder)
    if leave == "close the project":
        first.window.actions_by_name["close"].trigger()
    else:
        first.close()
    second = begin("ben")
    second.open(folder)
    assert isinstance(second.window, MainWindow)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_another_program_is_seen_until_it_is_killed(begin, folder):
    with subprocess.Popen(
        [sys.executable, "-c", ELSEWHERE, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    ) as program:
        try:
            assert program.stdout.readline() == "open\n"
            windows = begin("ben")
            windows.open(folder)
            assert windows.asking.isVisible()
            windows.asking.reject()
        finally:
            program.kill()
            program.wait()
    windows.open(folder)
    assert isinstance(windows.window, MainWindow)
