"""The editor of a project's scheme, and of a new one, as it is opened."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.schemes.dialog import ChangeSchemeDialog, NewSchemeDialog
from landmark_annotator.projects.store import Project

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def project(make_project) -> Project:
    return make_project(labelled=4, untouched=1)


@pytest.fixture
def dialog(qtbot, project) -> ChangeSchemeDialog:
    dialog = opened(qtbot, ChangeSchemeDialog(project.folder, project.scheme, "lead", None))
    qtbot.waitUntil(lambda: dialog.preview is not None)
    return dialog


@pytest.fixture
def drawing(qtbot) -> NewSchemeDialog:
    return opened(qtbot, NewSchemeDialog())


def opened(qtbot, dialog):
    qtbot.addWidget(dialog, before_close_func=lambda d: d.close_threads())
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog


def click(dialog, place: QPoint, modifier=NONE) -> None:
    QTest.mouseClick(dialog.editor.picture, LEFT, modifier, place)
