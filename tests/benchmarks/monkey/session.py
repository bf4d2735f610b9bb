"""One monkey at one project: gestures, and after every few hundred a look at what is stored."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.services.application import application
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.gui.windows import Windows
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Provenance
from tests.benchmarks.monkey.hands import Hands
from tests.benchmarks.monkey.scenes import WHO
from tests.benchmarks.monkey.stored import content, differing, wrong
from tests.benchmarks.monkey.watch import Watch

_POINTS = (Provenance.CLICKED, Provenance.CONFIRMED)
_MOST_STEPS = 400
"""That are taken back and done again at a look."""


@dataclass
class Done:
    """clicks: those that were to place a landmark. turned: steps taken back and done again."""

    gestures: int = 0
    clicks: int = 0
    turned: int = 0
    refused: int = 0
    slowest: dict[str, int] = field(default_factory=dict)
    """Milliseconds of the window's thread, by gesture."""


def use(
    folder: Path,
    seed: int,
    gestures: int,
    watch: Watch,
    *,
    look_each: int = 300,
    heavy: bool = False,
    read_only: bool = False,
) -> Done:
    """Opens the project in a window and does so many gestures. What is found is in `watch`."""
    return _Monkey(folder, seed, watch, heavy, read_only).work(gestures, look_each)


class _Monkey:
    def __init__(self, folder: Path, seed: int, watch: Watch, heavy: bool, read_only: bool) -> None:
        self._folder, self._watch, self._read_only = folder, watch, read_only
        self._app = application()
        preferences = Preferences(learn=heavy, toured=True)
        self._windows = Windows(self._app, preferences, WHO, folder.with_name("samples"))
        self._hands = Hands(seed, self._window, folder, heavy=heavy)
        self._dice = self._hands.dice
        self._done = Done()

    def work(self, gestures: int, look_each: int) -> Done:
        with self._answered_files(), self._alone():
            try:
                self._open()
                for number in range(1, gestures + 1):
                    self._one()
                    if number % look_each == 0 or number == gestures:
                        self._look()
            finally:
                self._windows.close()
                self._turn()
                self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return self._done

    # What is open

    def _window(self) -> QWidget:
        window = self._windows.window
        assert window is not None
        return window

    @property
    def _main(self) -> MainWindow:
        window = self._window()
        assert isinstance(window, MainWindow)
        return window

    def _open(self) -> None:
        self._watch.begin()
        if self._read_only:
            with patch.object(Project, "open", self._only_looking(Project.open)):
                self._windows.show_project(self._folder)
        else:
            self._windows.show_project(self._folder)
        self._main.resize(1440, 900)
        self._main.activateWindow()
        self._rest()

    def _only_looking(self, opened: Callable[..., Project]) -> Callable[..., Project]:
        return lambda folder, *, read_only=True: opened(folder, read_only=True)

    def _turn(self) -> None:
        self._app.processEvents()

    def _rest(self) -> None:
        """As long as a person may wait, so that now and then a proposal is there."""
        end = time.monotonic() + self._dice.choice((0.0, 0.0, 0.0, 0.003, 0.05))
        self._turn()
        while time.monotonic() < end:
            self._turn()

    # What is done

    def _one(self) -> None:
        clicking = self._dice.random() < 0.25
        self._watch.begin()
        started = time.thread_time()
        said = self._place() if clicking else None
        if said is None:
            said = self._hands.gesture()
        self._done.gestures += 1
        self._watch.done.append(said)
        if self._dice.random() < 0.7:
            self._rest()
        spent = round(1000 * (time.thread_time() - started))
        if spent > 50:
            self._done.slowest[said] = max(self._done.slowest.get(said, 0), spent)
        window = self._windows.window
        other = isinstance(window, MainWindow) and window.project.folder != self._folder
        if not isinstance(window, MainWindow) or other or not window.isVisible():
            # It has left the project, which a monkey would hardly find again.
            self._leave_dialogs()
            self._open()

    def _place(self) -> str | None:
        """A click where the window says that it places a landmark; None where no click does."""
        window = self._windows.window
        if not isinstance(window, MainWindow) or QApplication.activeModalWidget() is not None:
            return None
        canvas, project = window.canvas, window.project
        if not canvas.isVisible() or project.read_only or QApplication.activePopupWidget():
            return None
        place = self._hands.place(canvas)
        QTest.mouseMove(canvas, place)
        self._turn()
        scene, controller = canvas.scene, window.controller
        shift, none = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
        modifier = self._dice.choice((shift, none))
        cursor = QPointF(place)
        aim = scene.aim_at(cursor, anywhere=modifier == shift)
        other = scene.other_at(cursor)
        plain = controller.phase is Phase.READY and not canvas.gestures.busy
        if aim is None or not aim.places or not plain or canvas.gestures.draws:
            return None
        if other is not None or canvas.gestures.box.wanted:
            return None
        opened = window.controller.record
        if opened is None:
            return None
        window.messages.clear()
        newest = project.newest_entry()
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, modifier, place)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, modifier, place)
        name = project.scheme.landmarks[aim.clicked]
        said = f"click that places {name} at {place.x()}, {place.y()}"
        new = [e for e in project.journal(opened.id) if e.id > newest and e.who == WHO]
        if not any(e.landmark == aim.clicked for e in new):
            if window.messages.banner.isVisible() or QApplication.activeModalWidget():
                self._done.refused += 1
            else:
                self._watch.find(f"lost click: {name} of {opened.id}, {[e.title for e in new]}")
        self._done.clicks += 1
        return said

    # What is looked at

    def _look(self) -> None:
        """Everything is taken back and done again, and the journal says what is stored."""
        self._watch.begin()
        self._leave_dialogs()
        window = self._main
        window.controller.settle()
        self._settle()
        for what in wrong(window.project):
            self._watch.find(f"stored is not what the journal says: {what}")
        self._compare_with_window()
        if window.project.read_only:
            return
        before = content(window.project)
        turned = self._turn_all("undo")
        again = self._turn_all("redo", turned)
        self._done.turned += turned
        if turned == again:
            for change in self._differing(before):
                self._watch.find(f"after {turned} times undo and redo:\n{change}")
        elif turned > again:
            self._watch.find(f"{turned} steps were taken back, {again} of them done again")
        self._settle()
        self._compare_with_window()

    def _differing(self, before: dict[str, Any]) -> list[str]:
        return differing(before, content(self._main.project))

    def _turn_all(self, name: str, most: int = _MOST_STEPS) -> int:
        """By the window; how many were turned."""
        for count in range(most):
            self._watch.begin()
            project = self._main.project
            about = project.undoable(WHO) if name == "undo" else project.redoable(WHO)
            newest = project.newest_entry()
            if about is None:
                return count
            self._main.actions_by_name[name].setEnabled(True)
            self._main.actions_by_name[name].trigger()
            if self._dice.random() < 0.3:
                self._turn()
            self._settle_reopened()
            if self._main.project.newest_entry() == newest:
                return count  # refused: somebody else was at it
        return most

    def _settle_reopened(self) -> None:
        """A change of the scheme opens the project anew."""
        if not isinstance(self._windows.window, MainWindow):
            self._open()

    def _compare_with_window(self) -> None:
        window = self._main
        controller = window.controller
        record = controller.record
        if record is None or controller.away:
            return
        stored = window.project.instance(record.id)
        view = controller.view
        if stored != record:
            self._watch.find(f"the window has {record}, stored is {stored}")
        elif view is not None:
            shape = window.project.shape(record.id)
            for landmark, made in enumerate(shape.provenance):
                seen, true = view.shape.points[landmark], shape.points[landmark]
                # What lies on a contour alone is where the others leave it.
                if made in _POINTS and not np.allclose(seen, true, atol=1e-6, equal_nan=True):
                    said = f"{made} landmark {landmark} of {stored} is seen at {seen}"
                    self._watch.find(f"{said}, stored {true}")

    def _leave_dialogs(self) -> None:
        for _ in range(20):
            popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
            if popup is not None:
                popup.close()
            elif isinstance(modal, QDialog):
                modal.reject()
            else:
                return
            self._turn()

    def _settle(self) -> None:
        for _ in range(5):
            self._turn()
            time.sleep(0.002)

    # What it must not reach

    @contextmanager
    def _answered_files(self) -> Iterator[None]:
        """Dialogs that would wait for a person are answered; nothing outside is opened."""
        file = self._hands.file
        with (
            patch.object(QFileDialog, "getExistingDirectory", lambda *_, **__: file()),
            patch.object(QFileDialog, "getOpenFileName", lambda *_, **__: (file(), "")),
            patch.object(QFileDialog, "getSaveFileName", lambda *_, **__: (file(), "")),
            patch.object(QFileDialog, "getOpenFileNames", lambda *_, **__: ([file()], "")),
            patch.object(QDesktopServices, "openUrl", lambda *_: True),
        ):
            yield

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Paths that are typed are beside the project."""
        before = Path.cwd()
        os.chdir(self._folder.parent)
        try:
            yield
        finally:
            with suppress(OSError):
                os.chdir(before)
