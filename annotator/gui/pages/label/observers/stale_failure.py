"""Takes back that something could not be stored, or what was missing, once something is stored."""

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.projects.vocabulary.errors import IncompleteShape, ProjectError


class StaleFailure(QObject):
    """Such a message says what to do before the next change; when that is stored, it was done."""

    def __init__(self, controller: LabelController, context: PageContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._told = False
        controller.failed.connect(self.take)
        context.changes.announced.connect(self._hear)

    def take(self, error: Exception) -> None:
        """It was told just now."""
        self._told = isinstance(error, (ProjectError, IncompleteShape))

    def _hear(self, change: Change) -> None:
        # What others store answers nothing: it would take a message away before it is read.
        if self._told and Kind.STORED in change.kinds and not change.by_others:
            self._told = False
            self._context.clear()
