"""What pages need that takes long, made beside the window before somebody turns to one of them."""

import time
from functools import partial
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_annotator.annotator.gui.services.garbage import search_for_garbage, set_aside
from landmark_annotator.annotator.gui.services.qt_classes import made_one_by_one
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.gui.window.first_questions import ask_first_questions
from landmark_annotator.annotator.gui.window.rehearsal import rehearse
from landmark_annotator.projects.vocabulary import ActionableError

_MODULES = (
    "landmark_annotator.annotator.gui.pages.review.page",
    "landmark_annotator.annotator.gui.pages.compare.page",
    "landmark_annotator.annotator.gui.pages.dashboard.page",
    "landmark_annotator.annotator.gui.pages.budget.page",
    "landmark_annotator.annotator.gui.pages.sheet.page",
    "landmark_annotator.annotator.gui.pages.trainings.page",
    "landmark_annotator.annotator.gui.imports.dialog",
    "landmark_annotator.annotator.gui.exports.dialog",
    "landmark_annotator.annotator.session.models.training_schedule",
)
_PAUSE_MS = 200
"""After what people wait for: the photograph and its proposal."""
_TURN_S = 0.004
"""Of the window's own thread at a time."""


class Preloading(QObject):
    """Begins once, when it is told that nobody waits for anything."""

    failed = Signal(Exception)
    """Nobody waits for it: what is not there by then is made, or fails, where it is wanted."""

    def __init__(self, folder: Path, who: str, parent: QObject) -> None:
        super().__init__(parent)
        self._questions = partial(ask_first_questions, folder, who)
        self._at_work = Tasks(1, self, quiet=True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._make_classes)
        self._classes = made_one_by_one()
        self._begun = self._rehearsed = False

    def rehearse(self) -> None:
        """Once there is a photograph: its first click may come with its proposal."""
        if not self._rehearsed:
            self._rehearsed = True
            self._at_work.request("rehearsal", rehearse, _nothing, self.failed.emit)

    def begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._pause.start()

    def close(self) -> None:
        self._begun = self._rehearsed = True
        self._pause.stop()
        # Waits for the module at work: a thread that still loads one outlives no window.
        self._at_work.close()
        search_for_garbage(True)

    def _not_all_there(self, error: Exception) -> None:
        _all_there(None)
        # Such as a server that is away: whoever turns to a page is told then. Now it would take
        # the place of what was told of a click.
        if not isinstance(error, ActionableError):
            self.failed.emit(error)

    def _make_classes(self) -> None:
        """A few in each turn; what is loaded beside the window finds all of them made."""
        end = time.monotonic() + _TURN_S
        for _ in self._classes:
            if time.monotonic() > end:
                self._pause.start(0)
                return
        self._load()

    def _load(self) -> None:
        set_aside("what the first proposal needs")
        search_for_garbage(False)
        for module in _MODULES:
            load = partial(import_module, module)
            self._at_work.request(module, load, _nothing, self.failed.emit)
        self._at_work.request("questions", self._questions, _all_there, self._not_all_there)


def _all_there(_last: object) -> None:
    set_aside("what the pages need")
    search_for_garbage(True)


def _nothing(_answer: object) -> None:
    pass
