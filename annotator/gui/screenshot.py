"""A picture of the window at work: one instance labelled with real mouse and key events."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QPoint, QPointF, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.services.application import application
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.gui.window.page_table import PAGES
from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import ActionableError, Shape
from landmark_annotator.projects.vocabulary.errors import closest

_SIZE = (1440, 900)
_PATIENCE_S = 120.0
_CLICKS = 2


def refuse_no_page(page: str) -> None:
    """Raises ActionableError where the window has no page of this name."""
    names = [card.name for card in PAGES]
    if page not in names:
        raise ActionableError(
            f'The window has no page "{page}".{closest(page, names)}',
            remedy=f"Its pages: {', '.join(names)}.",
        )


def scripted_screenshot(
    project_folder: Path,
    target: Path,
    who: str,
    truth: Callable[[int], Shape],
    page: str = "label",
) -> None:
    """Opens the window, waits for a proposal, clicks twice, takes the picture, accepts.

    target: a PNG of 1440 x 900. truth: the shape of an instance by its id; the landmark that the
    window asks for is clicked where it says. page: the one that is in the picture, by its name.
    Raises ActionableError where the window never gets ready or has no such page, what it told of
    in between, or where the picture cannot be written.
    """
    refuse_no_page(page)
    with Project.open(project_folder) as project:
        app = application()
        # A picture is no reason to train.
        window = MainWindow(project, who=who, preferences=Preferences(learn=False))
        told: list[Exception] = []
        window.controller.failed.connect(told.append)
        window.resize(*_SIZE)
        window.show()
        QTest.qWaitForWindowExposed(window)
        window.start()
        try:
            _label(window, truth, told)
            window.pages.turn_to(page)
            _wait(window, lambda: window.pages.page(page).settled, told)
            app.processEvents()
            _write(window.grab(), target)
            window.pages.turn_to("label")
            QTest.keyClick(window.canvas, Qt.Key.Key_Return)
            app.processEvents()
            if told:
                raise told[0]
        finally:
            window.close()


def _write(picture: QPixmap, target: Path) -> None:
    content = QByteArray()
    picture.save(QBuffer(content), "PNG")
    try:
        write_whole(target, bytes(content.data()))
    except OSError as error:
        raise ActionableError(
            f"The picture cannot be written to {target}: {error.strerror}.",
            remedy="Name a file in a folder that exists and can be written to.",
        ) from error


def _label(window: MainWindow, truth: Callable[[int], Shape], told: list[Exception]) -> None:
    controller, canvas = window.controller, window.canvas
    for _ in range(_CLICKS):
        _wait(
            window, lambda: controller.phase is Phase.READY and controller.asked is not None, told
        )
        view, asked = controller.view, controller.asked
        assert view is not None
        assert asked is not None
        place = canvas.scene.viewport.to_screen(truth(view.instance.id).points[asked])
        at = QPoint(*(round(float(v)) for v in place))
        QTest.mouseMove(canvas, at)
        # Shift places the landmark even where another point is under the cursor.
        shift = Qt.KeyboardModifier.ShiftModifier
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, shift, at)
    canvas.scene.hover(QPointF(-1, -1))


def _wait(window: MainWindow, ready: Callable[[], bool], told: list[Exception]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not ready():
        if told:
            raise told[0]
        if time.monotonic() > end:
            raise ActionableError(
                f"The window did not get ready; it says: {window.status.prompt.text()}.",
                remedy="Open the project with the window and see what it waits for.",
            )
        QApplication.processEvents()
        time.sleep(0.01)
