"""The exports of one window: asked for, run beside the labelling, and told of."""

import html
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from landmark_annotator.annotator.gui.services.background_job import BackgroundJob, wait_for
from landmark_annotator.annotator.gui.services.messages import Messages
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import ActionableError

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.exchange.export_preview import ExportPreview
    from landmark_annotator.projects.exchange.transfer.export_set import SetReport


class ExportWork(QObject):
    def __init__(self, project: Project, who: str, messages: Messages, window: QWidget) -> None:
        super().__init__(window)
        self._project, self._who = project, who
        self._messages, self._window = messages, window
        self.job = BackgroundJob("Exporting", self)
        self.question: QMessageBox | None = None
        """What asks before an unfinished export is given up."""
        self._given_up = False
        self._leave: Callable[[], object] = window.close

    def give_up(self) -> None:
        """From now on nobody is asked."""
        self._given_up = True

    def keeps_open(self, leave: Callable[[], object]) -> bool:
        """Whether the window is not to be closed yet: of what is being exported nothing would be
        written. Asks whether it is to be closed all the same, and waits for nobody. leave: does
        what was wanted, once the export is given up."""
        if self._given_up or not self.job.running:
            return False
        self._leave = leave
        if self.question is None:
            self.question = asking = QMessageBox(self._window)
            asking.setWindowTitle("Close before it is written?")
            asking.setText(
                "An export is not finished. If the window closes now, nothing of it is written."
            )
            stop = asking.addButton("&Stop it and close", QMessageBox.ButtonRole.DestructiveRole)
            stay = asking.addButton("&Keep open", QMessageBox.ButtonRole.RejectRole)
            asking.setDefaultButton(stay)
            asking.setEscapeButton(stay)
            stop.clicked.connect(self._stop)
            self.job.ended.connect(asking.reject)
        self.question.open()
        return True

    def _stop(self) -> None:
        self.give_up()
        self._leave()
        self._given_up = False  # where the window is still there: what was to be opened cannot be

    def choose(self) -> None:
        """Asks what to export."""
        if self.job.running:
            self._messages.note(wait_for("An export"))
            return
        # Loads the formats, which the window does not need before.
        from landmark_annotator.annotator.gui.exports.dialog import ExportDialog

        project = self._project
        dialog = ExportDialog(
            project.folder,
            project.name,
            project.scheme,
            self._window,
            videos=bool(project.videos()),
            people=project.labelled_by(),
            who=self._who,
        )
        dialog.wanted.connect(self.take)
        dialog.panel.broke.connect(self._messages.tell)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take(self, seen: "ExportPreview") -> None:
        """Exports what was previewed."""
        from landmark_annotator.annotator.session.exchange.export_preview import export_previewed

        work = partial(export_previewed, self._project.folder, seen)
        self.job.begin(work, partial(self._tell, seen.choice.target))

    def _tell(self, target: Path, report: "SetReport") -> None:
        from landmark_annotator.annotator.gui.exports.sentences import result_line

        sheet = report.sheet
        assert sheet is not None
        said = html.escape(result_line(report, target))
        link = f"<a href='sheet'>{html.escape(sheet.name)}</a>"
        self._messages.note_with_link(
            f"{said} {link} says what is in it.", partial(self._show_sheet, sheet)
        )

    def _show_sheet(self, sheet: Path) -> None:
        from landmark_annotator.annotator.gui.exports.data_sheet import DataSheetDialog

        try:
            dialog = DataSheetDialog(sheet, self._window)
        except OSError as error:
            self._messages.tell(
                ActionableError(f"The data sheet {sheet} cannot be read: {error.strerror}.")
            )
            return
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
