"""Every page as people see it, in both themes and in letters of every size: nothing is cut off.

With PICTURES set to a folder, a picture of each is written there, to be looked at.
"""

import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QToolButton,
    QWidget,
)

from landmark_annotator.annotator.gui.imports.dialog import ImportDialog
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.start.join_dialog import JoinDialog
from landmark_annotator.annotator.gui.start.start_window import StartWindow
from landmark_annotator.annotator.gui.start.wizard import NewProjectWizard
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.gui.widgets.status_line import StatusLine
from landmark_annotator.annotator.gui.window.page_table import PAGES
from landmark_annotator.annotator.gui.window.preferences_dialog import PreferencesDialog
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Scheme

LOOKS = [("dark", 100), ("light", 100), ("light", 200)]
PAGE_NAMES = [page.name for page in PAGES]
NAMED = [f"{theme} {scale} %" for theme, scale in LOOKS]


@pytest.fixture(params=LOOKS, ids=NAMED)
def look(request, qapp):
    themes.apply(qapp, *request.param)
    yield "{}-{}".format(*request.param)
    themes.apply(qapp)


def picture(window: QWidget, name: str) -> None:
    """Of a window that has come to rest."""
    QApplication.processEvents()
    folder = os.environ.get("PICTURES")
    if folder:
        window.grab().save(str(Path(folder) / f"{name}.png"))


def cut_off(window: QWidget) -> list[str]:
    """What can be read only in part, less what is shortened with dots on purpose."""
    QApplication.processEvents()
    return [
        f"{type(widget).__name__} {said!r}: {needed} in {widget.size().toTuple()}"
        for widget in window.findChildren(QWidget)
        if widget.isVisibleTo(window) and not isinstance(widget.parent(), StatusLine)
        for said, needed in [needs(widget)]
        if needed and (needed[0] > widget.width() + 1 or needed[1] > widget.height() + 1)
    ]


def needs(widget: QWidget) -> tuple[str, tuple[int, int] | None]:
    """(text, width and height that it needs)"""
    if isinstance(widget, QLabel) and widget.text():
        if widget.wordWrap():
            return widget.text(), (0, widget.heightForWidth(widget.width()))
        return widget.text(), widget.sizeHint().toTuple()
    if isinstance(widget, QAbstractButton) and not isinstance(widget, QToolButton):
        return widget.text(), widget.minimumSizeHint().toTuple() if widget.text() else None
    if isinstance(widget, QComboBox):
        metrics = widget.fontMetrics()
        return widget.currentText(), (metrics.horizontalAdvance(widget.currentText()), 0)
    if isinstance(widget, QHeaderView) and widget.orientation() is Qt.Orientation.Horizontal:
        return narrow_heading(widget)
    return "", None


def narrow_heading(header: QHeaderView) -> tuple[str, tuple[int, int] | None]:
    """The first heading that its column has no room for."""
    for column in range(header.count()):
        said = header.model().headerData(column, Qt.Orientation.Horizontal)
        wide = header.fontMetrics().horizontalAdvance(str(said))
        if header.sectionSize(column) and wide > header.sectionSize(column):
            return str(said), (header.width() + 2 + wide, 0)
    return "", None


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_a_page(look, make_project, open_window, qtbot, name):
    project = make_project(labelled=6, untouched=2)
    project.flag(project.instances()[3].id, "is this a kite, or is it a leaf?", who="ada")
    hands = open_window(project)
    hands.wait_for()
    window = hands.window
    window.resize(1440, 900)
    hands.click(*hands.free_place())
    window.pages.turn_to(name)
    page = window.pages.page(name)
    waited_for = {"budget": "spending", "dashboard": "found"}.get(name)
    if waited_for:
        qtbot.waitUntil(lambda: getattr(page, waited_for) is not None, timeout=60_000)
    qtbot.waitUntil(lambda: page.settled, timeout=60_000)
    picture(window, f"{name}-{look}")
    # Labels are laid out a turn of the loop after their words have changed.
    qtbot.waitUntil(lambda: cut_off(window) == [])


class Undecided:
    """Whether the kite is upright or upside down it cannot say."""

    def propose(self, pixels, box):
        up = np.array([[0, -0.4], [0.3, 0], [0, 0.4], [-0.3, 0], [0, 0], [0, 0.48]])
        either = np.stack([up, up * (1, -1)])
        mixture = ShapeMixture(np.log([0.7, 0.3]), either, np.eye(12) * 0.02**2)
        return Proposal(box, mixture, "undecided")


def test_several_shapes_to_choose_from(look, make_project, open_window, qtbot):
    hands = open_window(make_project(), start=False)
    window = hands.window
    window.preparation.proposer = Proposer("For this test.", None, Undecided())
    window.start()
    hands.wait_for()
    window.resize(1440, 900)
    qtbot.waitUntil(window.landmarks.hypotheses.isVisible)
    picture(window, f"hypotheses-{look}")
    assert cut_off(window) == []


def test_the_start_page(look, qtbot, tmp_path, make_project):
    recent = [str(make_project().folder), str(tmp_path)]
    window = StartWindow(Preferences(recent=recent))
    qtbot.addWidget(window, before_close_func=lambda _: window.recent.close_threads())
    window.resize(1100, 760)
    window.show()
    qtbot.waitUntil(lambda: not window.recent.looking, timeout=20_000)
    picture(window, f"start-{look}")
    assert cut_off(window) == []


@pytest.mark.parametrize("page", range(4))
def test_the_wizard(look, qtbot, tmp_path, page):
    wizard = NewProjectWizard("somebody", tmp_path)
    qtbot.addWidget(wizard, before_close_func=lambda _: wizard.close_threads())
    wizard.show()
    for _ in range(page):
        wizard.next.click()
    picture(wizard, f"wizard{page}-{look}")
    assert cut_off(wizard) == []


def test_joining_a_shared_project(look, qtbot, tmp_path):
    dialog = JoinDialog()
    qtbot.addWidget(dialog, before_close_func=lambda _: dialog.close_threads())
    dialog.show()
    dialog.address.setText("postgresql://ada:secret@lab.example.org/faces")
    dialog.join.click()
    qtbot.waitUntil(dialog.problem.isVisible, timeout=20_000)
    picture(dialog, f"join-{look}")
    assert cut_off(dialog) == []


def test_joining_while_the_server_is_asked(look, qtbot):
    dialog = JoinDialog()
    qtbot.addWidget(dialog, before_close_func=lambda _: dialog.close_threads())
    dialog.show()
    dialog.work.progressed.emit("", 0, 0)
    picture(dialog, f"join-busy-{look}")
    assert cut_off(dialog) == []
    assert dialog.address.height() >= dialog.address.minimumSizeHint().height()


def test_the_dialogs(look, qtbot, tmp_path):
    importing = ImportDialog(tmp_path, Scheme.named("face68"))
    qtbot.addWidget(importing, before_close_func=lambda _: importing.panel.close_threads())
    preferences = PreferencesDialog(Preferences())
    qtbot.addWidget(preferences)
    for dialog, name in ((importing, "import"), (preferences, "preferences")):
        dialog.show()
        picture(dialog, f"{name}-{look}")
        assert cut_off(dialog) == [], name


def test_what_is_cut_off_is_found(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    label = QLabel("much too long for so little room", window)
    label.setGeometry(QRect(0, 0, 40, 20))
    window.show()
    assert len(cut_off(window)) == 1
