"""The window as its pages know it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from landmark_annotator.annotator.gui.pages.context import Change, Changes, Kind
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.services.messages import Messages
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.widgets.status_line import StatusLine
from landmark_annotator.annotator.gui.window.work_strip import WorkStrip
from landmark_annotator.projects.store import Project


class WindowContext(QObject):
    """A `PageContext`: the project, the line at the bottom, and the messages of one window."""

    closing = Signal()

    def __init__(
        self,
        project: Project,
        who: str,
        messages: Messages,
        status: StatusLine,
        strip: WorkStrip,
        preferences: Preferences,
        open_instance: Callable[[int], None],
        show_page: Callable[[str], None],
    ) -> None:
        super().__init__(messages)
        self.project = project
        self.who = who
        self.changes = Changes(self, shared=project.shared)
        self.changed: Callable[[Change], None] = self.changes.announce
        # Before anybody else hears of it, who may have something to say of it.
        self.changes.announced.connect(self._hear)
        self.preferences = preferences
        self.open_instance, self.show_page = open_instance, show_page
        self.tell, self.note, self.clear = messages.tell, messages.note, messages.clear
        self.worded, self._messages = messages.worded, messages
        self._strip, self._shown = strip, list[BackgroundJob]()
        self.prompt = status.prompt.setText
        self.expected_error, self.model = status.show_error, status.show_model

    @property
    def folder(self) -> Path:
        return self.project.folder

    @property
    def work_runs(self) -> bool:
        return any(work.running for work in self._shown)

    def show_work(self, work: BackgroundJob, stopped: str) -> object:
        self._shown.append(work)
        return self._strip.show_work(work, stopped)

    def _hear(self, change: Change) -> None:
        # What others store answers nothing: it would take a message away before it is read.
        if Kind.STORED in change.kinds and not change.by_others:
            self._messages.stored()

    def close(self) -> None:
        """Once, before the project is closed."""
        self.closing.emit()
