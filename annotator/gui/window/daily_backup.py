"""The backup that is made by itself, beside the labelling, once a day."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.rotation import back_up_now, due
from landmark_annotator.projects.store.opening import DATABASE_NAME

_FIRST_MS, _AGAIN_MS = 60_000, 1_800_000
"""Not while the window opens."""


class DailyBackup(QObject):
    """Looks whether one is due, in a thread, and makes it there."""

    def __init__(
        self, project: Project, tell: Callable[[Exception], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._work = partial(_back_up_if_due, project.folder)
        self._tell = tell
        self._at_work = Tasks(1, self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        if not project.read_only and not project.shared:  # of which the server's keeper takes care
            self._timer.start(_FIRST_MS)

    def look(self) -> None:
        self._timer.setInterval(_AGAIN_MS)
        self._at_work.request("backup", self._work, lambda _: None, self._failed)

    def close(self) -> None:
        self._timer.stop()
        self._at_work.leave()

    def _failed(self, error: Exception) -> None:
        """Told once: half an hour later it is likely to be the same."""
        self._timer.stop()
        self._tell(error)


def _back_up_if_due(folder: Path) -> None:
    database = folder / DATABASE_NAME
    if database.exists() and due(database):
        back_up_now(database, "daily")
