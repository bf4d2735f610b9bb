"""A scripted annotator at the sheet, with real mouse and key events.

It looks at every face, drags the landmark that is visibly most wrong to its place until none is,
zooms into a cell where another landmark's sign lies over the one that it means, and accepts the
sheet. Boxes are there already. Nothing else counts as a gesture.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.pages.sheet.cell import SheetCell
from landmark_annotator.annotator.gui.pages.sheet.page import SheetPage
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.session.simulation.hand import CLICK_ERROR
from landmark_annotator.backends.metrics.visible import visible_errors
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.arrays import Floats

SIZES = (6, 12, 20, 30)
_ON_A_SHEET = 12
_LOOK_S = 0.5
"""The shortest that the preferences allow."""
_MOST = 40
"""Drags after which a face is given up."""
_ZOOM_NOTCHES = 5


@dataclass
class Spent:
    """Gestures; unmended: faces that were given up."""

    drags: int = 0
    zooms: int = 0
    accepted: int = 0
    unmended: int = 0

    @property
    def total(self) -> int:
        return self.drags + self.zooms + self.accepted


@dataclass
class Turned:
    """Milliseconds from Enter until the next sheet was painted, by the clock and of the window's
    thread, and until the window was ready for the next event."""

    painted: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)


class _Desk:
    def __init__(self, project: Project, size: int) -> None:
        preferences = Preferences(
            sheet_size=size, sheet_order="project", sheet_seconds=_LOOK_S, learn=False
        )
        self.window = MainWindow(project, who="benchmark", preferences=preferences)
        self.window.resize(1440, 900)
        self.window.show()
        QTest.qWaitForWindowExposed(self.window)
        self.window.activateWindow()
        self.window.start()
        self.window.pages.turn_to("sheet")
        page = self.window.pages.page("sheet")
        assert isinstance(page, SheetPage)
        self.page = page

    def wait(self, ready: Callable[[], bool], seconds: float = 300.0) -> None:
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                sys.exit(f"The window waits for: {self.window.status.prompt.text()}")
            QApplication.processEvents()
            time.sleep(0.002)

    def look(self) -> None:
        """Until Enter would accept."""
        self.wait(lambda: self.page.settled and self.page.parts.accept.isEnabled())

    def enter(self) -> None:
        QTest.keyClick(self.page.cells[0].canvas, Qt.Key.Key_Return)


def label_on_sheets(
    folder: Path, truth: dict[int, Floats], tolerance: float, seed: int, *, exact: bool
) -> Spent:
    """Every face until no landmark is visibly more wrong than so many percent. exact: with Shift,
    which pins the place of a landmark also on a contour."""
    spent = Spent()
    with Project.open(folder) as project:
        desk = _Desk(project, _ON_A_SHEET)
        left = len(truth)
        while left:
            desk.look()
            for cell in desk.page.cells:
                assert cell.instance_id is not None
                _mend(desk, cell, truth[cell.instance_id], tolerance, seed, spent, exact)
            left -= len(desk.page.cells)
            desk.look()
            desk.enter()
            spent.accepted += 1
            QApplication.processEvents()
        desk.window.close()
    return spent


def _mend(
    desk: _Desk,
    cell: SheetCell,
    truth: Floats,
    tolerance: float,
    seed: int,
    spent: Spent,
    exact: bool,
) -> None:
    scheme = desk.window.project.scheme
    unit = float(np.linalg.norm(truth[36] - truth[45]))
    noise = np.random.default_rng((seed, cell.instance_id or 0)).normal(0, CLICK_ERROR, truth.shape)
    for _ in range(_MOST):
        assert cell.view is not None
        errors = visible_errors(cell.view.shape.points, truth, scheme, unit)
        worst = int(np.argmax(errors))
        if errors[worst] <= tolerance:
            break
        start, end = _at(cell, cell.view.shape.points[worst]), truth[worst] + noise[worst] * unit
        if cell.canvas.scene.landmark_at(QPointF(start)) != worst:
            _zoom(cell, start)
            spent.zooms += 1
            start = _at(cell, cell.view.shape.points[worst])
        _drag(cell, start, _at(cell, end), exact)
        spent.drags += 1
        QApplication.processEvents()
        # The hand goes on: what was looked at closely is seen whole again.
        QApplication.sendEvent(cell.canvas, QEvent(QEvent.Type.Leave))
    else:
        spent.unmended += 1


def _at(cell: SheetCell, place: Floats) -> QPoint:
    """To whole pixels, as a mouse has them."""
    x, y = cell.canvas.scene.viewport.to_screen(place).round().astype(int).tolist()
    return QPoint(x, y)


def _drag(cell: SheetCell, start: QPoint, end: QPoint, exact: bool) -> None:
    left, canvas = Qt.MouseButton.LeftButton, cell.canvas
    shift = Qt.KeyboardModifier.ShiftModifier
    held = shift if exact else Qt.KeyboardModifier.NoModifier
    QTest.mouseMove(canvas, start)
    QTest.mousePress(canvas, left, held, start)
    # Away and back: also a way of a few pixels is meant as a drag.
    for there in (start + QPoint(8, 8), (start + end) / 2, end):
        QTest.mouseMove(canvas, there)
    QTest.mouseRelease(canvas, left, held, end)


def _zoom(cell: SheetCell, at: QPoint) -> None:
    """As one turn of the wheel."""
    canvas, none = cell.canvas, Qt.KeyboardModifier.NoModifier
    place = QPointF(at)
    turn = QPoint(0, 120 * _ZOOM_NOTCHES)
    event = QWheelEvent(
        place,
        QPointF(canvas.mapToGlobal(at)),
        QPoint(0, 0),
        turn,
        Qt.MouseButton.NoButton,
        none,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def turning_ms(folder: Path, size: int, turns: int) -> Turned:
    """Enter on sheets that were looked at, so often."""
    turned = Turned()
    with Project.open(folder) as project:
        desk = _Desk(project, size)
        repaint = desk.page.repaint

        def watched() -> None:
            repaint()
            painted.append((time.perf_counter(), time.thread_time()))

        desk.page.repaint = watched  # type: ignore[method-assign]
        for _ in range(turns):
            desk.look()
            painted: list[tuple[float, float]] = []
            clock, processor = time.perf_counter(), time.thread_time()
            desk.enter()
            turned.ended.append(1000 * (time.perf_counter() - clock))
            turned.painted.append(1000 * (painted[0][0] - clock))
            turned.processor.append(1000 * (painted[0][1] - processor))
        desk.window.close()
    return turned
