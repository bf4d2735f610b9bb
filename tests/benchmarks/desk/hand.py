"""The mouse and the keys of a real window, and the clock on what it paints."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.projects.vocabulary.arrays import Floats

_paint = Canvas.paintEvent
_painted: list[tuple[float, float]] = []


def _watched(canvas: Canvas, event: QPaintEvent) -> None:
    _paint(canvas, event)
    _painted.append(now())


# Before any canvas is made, since Qt looks a method up once.
Canvas.paintEvent = _watched  # type: ignore[method-assign, assignment]


def now() -> tuple[float, float]:
    """Seconds by the clock, and of this thread."""
    return time.perf_counter(), time.thread_time()


@dataclass(frozen=True)
class Spent:
    """Seconds until the canvas was painted, by the clock and of the window's thread; and until
    the window was ready for the next event, by the clock."""

    painted: float
    processor: float
    ended: float


class Hand:
    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.canvas = window.canvas
        self._app = QApplication.instance()

    def wait(self, ready: Callable[[], bool], seconds: float = 120.0) -> None:
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                sys.exit(f"The window waits for: {self.window.status.prompt.text()}")
            self.turn()
            time.sleep(0.001)

    def turn(self) -> None:
        """What the window does by itself."""
        assert self._app is not None
        self._app.processEvents()

    def ready(self) -> bool:
        view = self.window.controller.view
        ready = self.window.controller.phase is Phase.READY
        return ready and view is not None and view.backend is not None

    def waits_for_points(self) -> bool:
        """Whether a click places a landmark, proposed or not."""
        return (
            self.window.controller.phase is Phase.READY and self.window.controller.asked is not None
        )

    def at(self, place: Floats) -> QPoint:
        return QPoint(*(round(float(v)) for v in self.canvas.scene.viewport.to_screen(place)))

    def spent(self, gesture: Callable[[], object]) -> Spent:
        """On a gesture, until the first paint after it began and until all of it is done."""
        _painted.clear()
        clock, processor = now()
        gesture()
        if not _painted:
            self.canvas.repaint()
        ended = time.perf_counter()
        first = _painted[0]
        return Spent(first[0] - clock, first[1] - processor, ended - clock)

    def place(self, landmark: int, target: Floats) -> tuple[Spent, Spent]:
        """Puts a landmark there: asks for it, presses, releases; what each of the two took."""
        self.window.controller.choose(landmark)
        place, left = self.at(target), Qt.MouseButton.LeftButton
        shift = Qt.KeyboardModifier.ShiftModifier
        QTest.mouseMove(self.canvas, place)
        self.turn()
        return (
            self.spent(lambda: QTest.mousePress(self.canvas, left, shift, place)),
            self.spent(lambda: QTest.mouseRelease(self.canvas, left, shift, place)),
        )

    def key(self, key: Qt.Key) -> Spent:
        return self.spent(lambda: QTest.keyClick(self.canvas, key))
