"""One kind of slow work in a thread: shown, paused, stopped, superseded."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.session.execution.progress import WatchedProgress
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import Cancelled

Answer = TypeVar("Answer")


def wait_for(what: str) -> str:
    """Said to whoever begins another work of the same kind. what: the one that is running."""
    return f"{what} is running. Wait until it is done, or stop it below."


class _Telling(QObject):
    """Where the thread of the work says how far it is; it lives as long as the thread's pool. A job
    may be destroyed, with the dialog that it belongs to, while its work is on the way to the next
    safe point."""

    told = Signal(object, str, int, int)

    def tell(self, progress: WatchedProgress, stage: str, done: int, total: int) -> None:
        self.told.emit(progress, stage, done, total)


class BackgroundJob(QObject):
    """A newer request stops the older one at its next safe point; its answer is dropped.

    The work gets a `Progress` and must bring all else that it needs: where it writes into a
    project it opens a connection of its own, for the window's is used from the window's thread.
    """

    progressed = Signal(str, int, int)
    """(stage, steps done, steps in all; 0: not known)"""
    ended = Signal()
    """Done, failed or stopped."""
    failed = Signal(Exception)

    def __init__(self, title: str, parent: QObject | None = None) -> None:
        """title: what people call it, such as "Importing"."""
        super().__init__(parent)
        self.title = self._usual = title
        self.paused = False
        self._progress: WatchedProgress | None = None
        self._at_work = Tasks(1, self)
        self._telling = _Telling(self._at_work)
        self._telling.told.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> bool:
        return self._progress is not None

    def begin(
        self,
        work: Callable[[Progress], Answer],
        done: Callable[[Answer], object],
        title: str | None = None,
    ) -> None:
        """`done` gets the answer in this thread, unless something newer was begun. title: what
        people call this time's work, where it is not the usual."""
        if self._progress is not None:
            self._progress.cancel()
        self.paused, self.title = False, title or self._usual
        telling = self._telling

        def told(stage: str, steps: int, total: int) -> None:
            telling.tell(progress, stage, steps, total)

        self._progress = progress = WatchedProgress(told)
        self.progressed.emit("", 0, 0)
        self._at_work.request("job", partial(work, progress), partial(self._end, done), self._fail)

    def pause(self, paused: bool) -> None:
        if self._progress is not None:
            self.paused = paused
            self._progress.pause(paused)

    def cancel(self) -> None:
        """Stops at the next safe point; what is done by then is kept, as the work says."""
        if self._progress is not None:
            self._progress.cancel()

    def drop(self) -> None:
        """As `cancel`, of work whose answer nobody wants any more, however far it is."""
        self.cancel()
        self._progress = None
        self._at_work.drop("job")

    def close(self) -> None:
        """Stops, waits for the safe point, and drops the answer."""
        self.cancel()
        self._progress = None
        self._at_work.close()

    def leave(self) -> None:
        """As `close`, without waiting: for work that writes nothing into the project."""
        self.cancel()
        self._progress = None
        self._at_work.leave()

    def _end(self, done: Callable[[Answer], object], answer: Answer) -> None:
        self._progress = None
        self.ended.emit()
        done(answer)

    def _fail(self, error: Exception) -> None:
        self._progress = None
        self.ended.emit()
        if not isinstance(error, Cancelled):
            self.failed.emit(error)

    def _pass_on(self, progress: WatchedProgress, stage: str, done: int, total: int) -> None:
        if progress is self._progress:
            self.progressed.emit(stage, done, total)
