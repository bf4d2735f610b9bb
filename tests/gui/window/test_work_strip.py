"""What is at work stays legible in the line at the bottom, however little room there is."""

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.gui.widgets.status_line import StatusLine
from landmark_annotator.annotator.gui.window.work_strip import WorkStrip


class _Work(QObject):
    title, paused = "Training", False
    progressed = Signal(str, int, int)
    ended = Signal()


@pytest.fixture(params=[100, 150, 200])
def window(request, qtbot, qapp):
    themes.apply(qapp, "dark", request.param)
    window, line, strip = QMainWindow(), StatusLine("the normaliser"), WorkStrip()
    line.insertPermanentWidget(1, strip)
    window.setStatusBar(line)
    window.resize(1000, 100)
    window.work, window.line = _Work(), strip
    window.shown = strip.show_work(window.work, "It goes on")
    line.prompt.setText("Draw a box around the object: drag. Or click the outer corner of it")
    line.show_model("The heat-map network, as it came with the program, proposes.")
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.work.progressed.emit("training", 45, 100)
    QApplication.processEvents()
    yield window
    themes.apply(qapp)


def test_its_words_and_buttons_are_whole(window):
    line = window.shown
    for part in (line.text, line.pause, line.stop):
        assert part.width() >= part.sizeHint().width()
        right = part.mapTo(window, part.rect().topRight()).x()
        assert right < window.width()
    assert line.text.geometry().right() <= line.bar.geometry().left()
    assert line.bar.geometry().right() <= line.pause.geometry().left()


@pytest.mark.parametrize("window", [100], indirect=True)
def test_a_stage_goes_on_from_what_the_work_is_called(window):
    window.work.progressed.emit("Comparing with the prior", 0, 100)
    assert window.shown.text.text() == "Training: comparing with the prior 0 %"


def test_it_makes_no_window_wider(window):
    before = window.width()
    for title in ("one", "two", "three"):
        work = _Work(window)
        window.line.show_work(work, "It goes on")
        work.progressed.emit(title, 1, 100)
    QApplication.processEvents()
    assert window.width() == before
