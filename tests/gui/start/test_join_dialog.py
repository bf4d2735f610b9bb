"""Joining a shared project from the start page: by its address, with a folder of one's own."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.services import messages
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.start.join_dialog import JoinDialog
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.gui.windows import Windows
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.address import ADDRESS_NAME, write_address

PATIENCE_MS = 60_000


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def address(new_database, tmp_path: Path, make_project) -> str:
    """Of a project with three images, which are within nobody's folder."""
    address = new_database()
    write_address(tmp_path / "kites", address)
    make_project(labelled=2, untouched=1).close()
    return address


@pytest.fixture
def dialog(qtbot) -> JoinDialog:
    dialog = JoinDialog()
    qtbot.addWidget(dialog, before_close_func=lambda d: d.close_threads())
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog


def refused(dialog: JoinDialog, qtbot, address: str, folder: Path) -> str:
    """What it says of it."""
    dialog.address.setText(address)
    dialog.folder.line.setText(str(folder))
    dialog.join.click()
    qtbot.waitUntil(lambda: not dialog.work.running, timeout=PATIENCE_MS)
    assert dialog.isVisible()
    assert dialog.problem.isVisible()
    return dialog.problem.text.text()


def test_it_is_joined_by_keyboard_alone_and_opened(
    qapp, qtbot, address, home, tmp_path, monkeypatch, put_away
):
    monkeypatch.setattr(messages, "log_path", lambda: tmp_path / "window.log")
    windows = Windows(qapp, Preferences(), "somebody", tmp_path / "samples")
    try:
        windows.show_start()
        windows.window.activateWindow()
        QTest.keyClick(windows.window.buttons["join"], Qt.Key.Key_Space)
        dialog = windows.window.findChild(JoinDialog)
        qtbot.waitUntil(dialog.address.hasFocus, timeout=PATIENCE_MS)
        QTest.keyClicks(dialog.address, address)
        QTest.keyClick(dialog.address, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: isinstance(windows.window, MainWindow), timeout=PATIENCE_MS)
        project = windows.window.project
        assert project.shared
        assert project.folder.parent == home
        assert (project.folder / ADDRESS_NAME).read_text().strip() == address
    finally:
        put_away(windows)
        themes.apply(qapp)


def test_images_that_are_not_here_are_told_of_once_it_is_open(
    qapp, qtbot, address, home, tmp_path, monkeypatch, put_away
):
    monkeypatch.setattr(messages, "log_path", lambda: tmp_path / "window.log")
    for image in tmp_path.glob("kites_*.png"):
        image.unlink()
    windows = Windows(qapp, Preferences(), "somebody", tmp_path / "samples")
    told = []
    monkeypatch.setattr(messages.Messages, "tell", lambda self, error, *_: told.append(str(error)))
    try:
        windows.show_start()
        windows.window.buttons["join"].click()
        dialog = windows.window.findChild(JoinDialog)
        dialog.address.setText(address)
        dialog.join.click()
        qtbot.waitUntil(
            lambda: any("3 images of the project are not here" in said for said in told),
            timeout=PATIENCE_MS,
        )
    finally:
        put_away(windows)
        themes.apply(qapp)


def test_the_folder_proposed_is_called_as_the_database_and_free(dialog, home):
    (home / "faces").mkdir()
    dialog.address.setText("postgresql://ada@lab.example.org/fac")
    assert dialog.folder.path == home / "fac"
    dialog.address.setText("postgresql://ada@lab.example.org/faces")
    assert dialog.folder.path == home / "faces_2"


def test_a_folder_that_was_chosen_stays(dialog, home):
    dialog.folder.show_path(home / "mine")
    dialog.address.setText("postgresql://ada@lab.example.org/faces")
    assert dialog.folder.path == home / "mine"


def test_there_is_nothing_to_join_without_an_address_and_a_folder(dialog, home):
    assert not dialog.join.isEnabled()
    dialog.address.setText("postgresql://ada@lab.example.org/faces")
    assert dialog.join.isEnabled()
    dialog.folder.line.clear()
    assert not dialog.join.isEnabled()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: "faces", "names no database"),
        (lambda text: text.replace("@", ":secret@"), "holds a password"),
        (lambda text: text.replace("?host", "_not_there?host"), "has no database"),
        (lambda text: text.replace("owner@", "nobody@"), "does not let you in"),
        (lambda text: text.split("?")[0] + "?host=/nowhere", "does not answer"),
    ],
    ids=["no address", "a password", "no such database", "no such login", "server away"],
)
def test_what_is_wrong_is_said_and_nothing_is_left_behind(
    dialog, qtbot, address, home, change, said
):
    text = refused(dialog, qtbot, change(address), home / "work" / "mine")
    assert said in text
    assert "secret" not in text
    assert list(home.iterdir()) == []
    assert dialog.address.hasFocus()


def test_a_folder_with_another_project_is_refused_and_stays_as_it_is(
    dialog, qtbot, address, make_project
):
    folder = make_project(labelled=1, untouched=0, name="mine").folder
    assert "already is a project" in refused(dialog, qtbot, address, folder)
    with Project.open(folder) as project:
        assert not project.shared


def test_stopped_while_the_server_is_asked_it_leaves_nothing_behind(
    dialog, qtbot, address, home, monkeypatch
):
    opened = Project.open_to_read

    def slowly(*args, **kwargs):
        qtbot.waitUntil(lambda: dialog._leaving, timeout=PATIENCE_MS)
        return opened(*args, **kwargs)

    monkeypatch.setattr(Project, "open_to_read", slowly)
    dialog.address.setText(address)
    dialog.join.click()
    dialog.close()
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=PATIENCE_MS)
    assert list(home.iterdir()) == []
