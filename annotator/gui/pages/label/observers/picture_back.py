"""Shows a photograph by itself once it is there again, as the drive or the server that was away."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.projects.images import Elsewhere, source_of
from landmark_annotator.projects.vocabulary.errors import FileMissing, NotConfirmed, SourceAway

_EVERY_MS = 2000


class PictureBack(QObject):
    """Looks every two seconds as long as the open photograph is missing, and beside the window: a
    drive or a server that is away may let whoever asks wait. A server is asked as rarely as
    `projects.remote` lets it be."""

    def __init__(self, controller: LabelController, context: PageContext) -> None:
        super().__init__(controller)
        self._controller, self._context = controller, context
        self._at_work = Tasks(1, self)
        self._clock = QTimer(self)
        self._clock.setInterval(_EVERY_MS)
        self._clock.timeout.connect(self.look)
        controller.picture_changed.connect(self._begin)
        context.closing.connect(self._clock.stop)
        context.closing.connect(self._at_work.leave)

    @property
    def _failure(self) -> Exception | None:
        """Why the picture of what is open cannot be shown."""
        now = self._controller.session.now
        return None if now is None else self._controller.preparation.failure(now.image.id)

    @property
    def _asks(self) -> Callable[[], object] | None:
        """Tells whether what is open can be read by now, where it is not there; raises ImageError
        where its server still does not answer."""
        now, failure = self._controller.session.now, self._failure
        if now is None or failure is None or isinstance(failure, NotConfirmed):
            return None
        if isinstance(failure, FileMissing):
            return now.image.path.exists
        source = source_of(now.image)
        if isinstance(failure, SourceAway) and isinstance(source, Elsewhere):
            return source.stamp
        return None

    def _begin(self) -> None:
        if self._asks is not None:
            self._clock.start()

    def look(self) -> None:
        asks = self._asks
        if asks is None:
            self._clock.stop()
        elif not self._at_work.pending("missing"):
            self._at_work.request("missing", asks, self._take, lambda _: None)

    def _take(self, is_there: object) -> None:
        if is_there and self._asks is not None:
            if isinstance(self._failure, SourceAway):  # which is told below the picture, too
                self._context.clear()
            self._controller.preparation.look_for_pictures()
