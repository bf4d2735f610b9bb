"""Shows a photograph by itself once its file is there again, such as on a drive that was away."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.projects.vocabulary.errors import FileMissing

_EVERY_MS = 2000


class PictureBack(QObject):
    """Looks every two seconds as long as the open photograph is missing, and beside the window: a
    drive that is away may let whoever asks for a file wait."""

    def __init__(self, controller: LabelController, context: PageContext) -> None:
        super().__init__(controller)
        self._controller = controller
        self._at_work = Tasks(1, self)
        self._clock = QTimer(self)
        self._clock.setInterval(_EVERY_MS)
        self._clock.timeout.connect(self.look)
        controller.picture_changed.connect(self._begin)
        context.closing.connect(self._clock.stop)
        context.closing.connect(self._at_work.leave)

    @property
    def _missing(self) -> Path | None:
        """The file of what is open, where it is not there."""
        now, ready = self._controller.session.now, self._controller.preparation
        if now is None or not isinstance(ready.failure(now.image.id), FileMissing):
            return None
        return now.image.path

    def _begin(self) -> None:
        if self._missing is not None:
            self._clock.start()

    def look(self) -> None:
        path = self._missing
        if path is None:
            self._clock.stop()
        elif not self._at_work.pending("missing"):
            self._at_work.request("missing", path.exists, self._take, lambda _: None)

    def _take(self, is_there: bool) -> None:
        if is_there and self._missing is not None:
            self._controller.preparation.look_for_pictures()
