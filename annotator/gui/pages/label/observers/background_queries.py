"""What is computed beside the window's work and shown a moment after the landmarks.

The shapes that the instance may have, and the global variables of what is believed.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.services.tasks import Tasks


class BackgroundQueries(QObject):
    """Newer requests supersede older ones; what no longer holds is never shown late."""

    shapes_found = Signal(list)
    """(of Hypothesis)"""
    variables_read = Signal(list)
    """(of Reading)"""

    def __init__(self, controller: LabelController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._at_work = Tasks(1, self, quiet=True)
        self._after_painting = QTimer(self)
        self._after_painting.setSingleShot(True)
        self._after_painting.timeout.connect(self._request)
        controller.changed.connect(self._after_painting.start)

    def close(self) -> None:
        self._at_work.close()

    def _request(self) -> None:
        session, failed = self._controller.session, self._controller.fail
        ready = self._controller.phase is Phase.READY
        for key, work, found in (
            ("shapes", session.hypotheses_work, self.shapes_found),
            ("variables", session.readings_work, self.variables_read),
        ):
            self._at_work.drop(key)
            wanted = work() if ready else None
            if wanted is None:
                found.emit([])
            else:
                self._at_work.request(key, wanted, found.emit, failed)
