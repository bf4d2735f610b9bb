"""Buttons that stand below each other where they have no room side by side."""

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from landmark_annotator.annotator.gui.widgets.folding_row import FoldingRow


@pytest.fixture
def buttons(qtbot):
    return QPushButton("Passes  (Enter)"), QPushButton("Send back  (Backspace)")


@pytest.fixture
def page(qtbot, buttons):
    page = QWidget()
    qtbot.addWidget(page)
    QVBoxLayout(page).addWidget(FoldingRow(buttons, 10))
    page.show()
    return page


def place(page, width):
    page.resize(width, 200)
    QApplication.processEvents()
    return page.width()


def test_it_needs_no_more_width_than_its_widest_button(page, buttons):
    passes, sends = buttons
    assert place(page, 50) < passes.minimumSizeHint().width() + sends.minimumSizeHint().width()
    assert sends.y() >= passes.geometry().bottom()
    assert sends.width() >= sends.minimumSizeHint().width()


def test_with_room_they_stand_beside_each_other_again(page, buttons):
    passes, sends = buttons
    place(page, 50)
    place(page, 600)
    assert sends.y() == passes.y()
    assert sends.x() >= passes.geometry().right()
