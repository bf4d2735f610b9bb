"""The line round what has the keyboard is whole at the edges of the wizard's pages, too."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFocusFrame

from landmark_annotator.annotator.gui.services.application import application
from landmark_annotator.annotator.gui.start.wizard import NewProjectWizard


@pytest.fixture
def wizard(qtbot, tmp_path):
    application()
    made = NewProjectWizard("ada", tmp_path)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    made.reject()


@pytest.mark.parametrize("place", range(4))
def test_no_side_of_it_is_cut_off(wizard, place) -> None:
    """A page that fills its stack cut off the left side of fields, and the right one of buttons."""
    wizard.stack.setCurrentIndex(place)
    wizard.pages[place].setFocus(Qt.FocusReason.TabFocusReason)
    first = QApplication.focusWidget()
    seen = 0
    while True:
        for ring in wizard.findChildren(QFocusFrame):
            assert ring.parentWidget().rect().contains(ring.geometry())
            seen += 1
        wizard.focusNextChild()
        if QApplication.focusWidget() in (first, None):
            break
    assert seen
