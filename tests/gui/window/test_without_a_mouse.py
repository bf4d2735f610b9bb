"""Every part of every page and dialog has a name for screen readers and is reached by keyboard."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QScrollBar,
    QTabBar,
    QWidget,
)

from landmark_annotator.annotator.gui.imports.dialog import ImportDialog
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.start.join_dialog import JoinDialog
from landmark_annotator.annotator.gui.start.start_window import StartWindow
from landmark_annotator.annotator.gui.start.wizard import NewProjectWizard
from landmark_annotator.annotator.gui.window.page_table import PAGES
from landmark_annotator.annotator.gui.window.preferences_dialog import PreferencesDialog
from landmark_annotator.projects.vocabulary import Scheme

USED = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
)
PAGE_NAMES = [page.name for page in PAGES]


def usable(window: QWidget) -> list[QWidget]:
    """What people use or read values from; parts that Qt puts into its own widgets are not ours."""
    found = {widget for kind in USED for widget in window.findChildren(kind)}
    return [
        widget
        for widget in found
        if widget.isVisibleTo(window)
        and not isinstance(widget, QHeaderView | QScrollBar | QTabBar)
        and type(widget.parent()).__module__.startswith("landmark_annotator")
    ]


def nameless(window: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in usable(window)
        if not widget.accessibleName() and not getattr(widget, "text", lambda: "")()
    ]


def not_reached_by_tab(window: QWidget) -> set[QWidget]:
    """Of what takes the focus. A group of radio buttons is one stop, as everywhere."""
    wanted = {
        widget
        for widget in usable(window)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isEnabled()
        and not (isinstance(widget, QAbstractButton) and widget.autoExclusive())
    }
    reached = set()
    for _ in range(4 * len(wanted) + 10):
        focused = window.focusWidget()
        reached |= {focused} if focused is not None else set()
        QTest.keyClick(focused or window, Qt.Key.Key_Tab)
    return wanted - reached


@pytest.fixture
def show(qtbot):
    def show_one(window, close_threads):
        qtbot.addWidget(window, before_close_func=lambda _: close_threads())
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return show_one


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_all_on_a_page_says_what_it_is(hands, name):
    hands.window.pages.turn_to(name)
    QApplication.processEvents()
    assert nameless(hands.window) == []


def test_one_key_goes_round_the_parts_of_the_label_page(hands):
    hands.canvas.setFocus()
    seen = []
    for _ in range(4):
        seen.append(hands.window.focusWidget())
        QTest.keyClick(hands.window.focusWidget(), Qt.Key.Key_F6)
    assert seen == [hands.canvas, hands.window.list, hands.window.landmarks.tree, hands.canvas]


def test_the_start_page(show, tmp_path):
    window = StartWindow(Preferences(recent=[str(tmp_path)]))
    show(window, window.recent.close_threads)
    assert nameless(window) == []
    assert not_reached_by_tab(window) == set()


@pytest.mark.parametrize("page", range(4))
def test_the_wizard(show, tmp_path: Path, page):
    wizard = NewProjectWizard("somebody", tmp_path)
    show(wizard, wizard.close_threads)
    for _ in range(page):
        wizard.next.click()
    assert wizard.stack.currentIndex() == page
    assert nameless(wizard) == []
    assert not_reached_by_tab(wizard) == set()


def test_joining_a_shared_project(show):
    dialog = JoinDialog()
    show(dialog, dialog.close_threads)
    dialog.address.setText("postgresql://ada@lab.example.org/faces")
    assert nameless(dialog) == []
    assert not_reached_by_tab(dialog) == set()


@pytest.mark.parametrize("tab", [0, 1])
def test_the_preferences(show, tab):
    dialog = PreferencesDialog(Preferences())
    show(dialog, dialog.reject)
    dialog.tabs.setCurrentIndex(tab)
    assert nameless(dialog) == []


def test_the_import_dialog(show, tmp_path):
    dialog = ImportDialog(tmp_path, Scheme.named("face68"))
    show(dialog, dialog.panel.close_threads)
    assert nameless(dialog) == []
    assert not_reached_by_tab(dialog) == set()
