"""From where a project's images are fetched is asked once, before anything is."""

import html
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from landmark_annotator.annotator.gui.services.messages import Messages
from landmark_annotator.annotator.session.reports.sources import ImageSource, image_sources
from landmark_annotator.projects.remote import fetching, settings
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.errors import NotConfirmed
from landmark_annotator.projects.vocabulary.wording import counted


class ImageSources(QObject):
    confirmed = Signal()
    """Images that could not be shown may be fetched now."""

    def __init__(self, project: Project, messages: Messages, window: QWidget) -> None:
        super().__init__(window)
        self._project, self._messages, self._window = project, messages, window
        self.question: QMessageBox | None = None
        messages.offer(NotConfirmed, "See from where, and decide", self.ask)

    def ask(self) -> None:
        """Waits for nobody: the question is a sheet over the window."""
        waiting = [source for source in image_sources(self._project) if not source.confirmed]
        if not waiting:
            self.confirmed.emit()
            return
        self.question = asking = QMessageBox(self._window)
        asking.setWindowTitle("Fetch images?")
        asking.setText(_told(waiting))
        asking.setInformativeText(
            "Whoever made the project wrote these addresses, and they may be hosts that only you "
            "can reach. Fetch from them if you know and trust them. You are not asked again."
        )
        fetch = asking.addButton("&Fetch from them", QMessageBox.ButtonRole.AcceptRole)
        asking.setDefaultButton(asking.addButton(QMessageBox.StandardButton.Cancel))
        fetch.clicked.connect(lambda: self._confirm(waiting))
        asking.open()

    def _confirm(self, waiting: Sequence[ImageSource]) -> None:
        try:
            settings.allow(source.name for source in waiting)
        except ActionableError as error:
            self._messages.tell(error)
            return
        fetching.forget_failures()
        self._messages.clear()
        self.confirmed.emit()


def _told(waiting: Sequence[ImageSource]) -> str:
    lines = [
        f"<b>{html.escape(source.name)}</b>: {counted(source.images, 'image')}"
        for source in waiting
    ]
    return "Images of this project lie elsewhere.<br><br>" + "<br>".join(lines)
