"""What the line at the bottom tells of errors."""

import pytest
from PySide6.QtWidgets import QLabel, QMainWindow

from landmark_annotator.annotator.gui.widgets.status_line import StatusLine


def test_an_expected_error_is_told_in_all_units_that_are_known(qapp):
    line = StatusLine("the normaliser")
    line.show_error(2.13, None, 0.838)
    assert line.error.text() == "expected error 2.1 %, 0.84 mm"
    line.show_error(2.13, 1.4)
    assert line.error.text() == "expected error 2.1 %, 1.4 % visible"
    line.show_error(None)
    assert line.error.text() == ""


def test_it_says_what_errors_are_in_percent_of(qapp):
    assert StatusLine("the box's diagonal").error.toolTip().endswith("in % of the box's diagonal")


@pytest.fixture
def line_in_window(qtbot):
    window, line = QMainWindow(), StatusLine("the normaliser")
    window.setStatusBar(line)
    window.resize(700, 100)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window, line


LONG = "Click the outer corner of the left eye, or Enter to accept. 12 probably hidden"


def test_nothing_that_it_says_makes_the_window_wider(line_in_window, qtbot):
    window, line = line_in_window
    line.prompt.setText(3 * LONG)
    line.show_error(2.13, 1.4)
    line.show_stored("the outer corner of the left eye stored")
    qtbot.wait(50)
    assert window.width() == 700
    assert window.minimumSizeHint().width() < 200
    assert line.prompt.text() == line.prompt.toolTip() == 3 * LONG


def test_what_it_waits_for_is_shortened_last(line_in_window, qtbot):
    _, line = line_in_window
    line.show_error(2.13, 1.4)
    line.show_stored("the outer corner of the left eye stored")
    line.prompt.setText("Click")
    qtbot.waitUntil(lambda: line.error.isVisible() and line.stored.isVisible())
    line.prompt.setText(LONG)
    qtbot.waitUntil(lambda: line.prompt.width() >= line.prompt.sizeHint().width())
    assert line.stored.isHidden()


def test_who_proposes_is_told_before_what_was_stored(line_in_window, qtbot):
    """It was an ellipsis alone."""
    window, line = line_in_window
    line.show_model("The heat-map network, as it came with the program, proposes.")
    line.show_stored("the outer corner of the left eye stored")
    line.prompt.setText(LONG)
    said = (line.prompt, line.error, line.stored)
    window.resize(sum(label.sizeHint().width() for label in said) + 60, 100)
    qtbot.waitUntil(line.stored.isHidden)
    qtbot.waitUntil(lambda: line.model.text().startswith("The heat-map"))


def test_what_is_at_work_goes_before_what_was_stored(line_in_window, qtbot):
    _, line = line_in_window
    line.prompt.setText("Click")
    line.show_stored("the outer corner of the left eye stored")
    work = QLabel("Training: epoch 3 of 25, and how long that still takes, and more of it")
    line.insertPermanentWidget(1, work)
    qtbot.waitUntil(line.stored.isHidden)
    work.hide()
    qtbot.waitUntil(line.stored.isVisible)
