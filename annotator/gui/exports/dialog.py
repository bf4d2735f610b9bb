"""Labels out of the open project: chosen, looked at, then exported."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from landmark_annotator.annotator.gui.exports.choices import ExportChoices
from landmark_annotator.annotator.gui.exports.preview import ExportPreviewPanel
from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.annotator.session.exchange.export_choice import (
    ExportChoice,
    suggested_target,
)
from landmark_annotator.annotator.session.exchange.export_preview import (
    ExportPreview,
    preview_export,
)
from landmark_annotator.projects.vocabulary import Scheme


class ExportDialog(QDialog):
    """Writes nothing itself."""

    wanted = Signal(ExportPreview)
    """What was previewed is to be exported."""

    def __init__(
        self,
        project: Path,
        name: str,
        scheme: Scheme,
        parent: QWidget | None = None,
        *,
        videos: bool = False,
        people: Sequence[str] = (),
        who: str | None = None,
    ) -> None:
        """project: its folder; name, scheme: the project's own; videos: whether it has some.
        people: who has labelled. who: exports, see `ExportChoice`."""
        super().__init__(parent)
        self._project, self._name, self._who = project, name, who
        self.setWindowTitle("Export labels")
        resize_within(self, QSize(700, 600) * min(letters(self), 1.6))
        told = quiet(
            QLabel(
                "Labels for other programs, with a data sheet that says what is in them. You see "
                "what would be written and what the format loses before anything is written."
            )
        )
        told.setWordWrap(True)
        self.choices = ExportChoices(scheme, videos, people)
        self.target = QLineEdit()
        self.target.setAccessibleName("File or folder to write")
        choose = QPushButton("&Choose\N{HORIZONTAL ELLIPSIS}")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        into = QLabel("&To:")
        into.setBuddy(self.target)
        line = QHBoxLayout()
        for widget, share in ((into, 0), (self.target, 1), (choose, 0)):
            line.addWidget(widget, share)
        self.panel = ExportPreviewPanel()
        buttons = QDialogButtonBox()
        self.take = buttons.addButton("&Export", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(told)
        column.addWidget(self.choices)
        column.addLayout(line)
        column.addWidget(self.panel, 1)
        column.addWidget(buttons)
        self._suggested: Path | None = None
        self._looked_at: ExportChoice | None = None
        self.target.editingFinished.connect(self._look)
        self.choices.format_chosen.connect(self._suggest)
        self.choices.changed.connect(self._look)
        self.panel.changed.connect(self._show_whether_it_can)
        self.finished.connect(self.panel.close_threads)
        self._suggest()
        self._look()

    @property
    def choice(self) -> ExportChoice | None:
        """None where no target is named."""
        text = self.target.text().strip()
        if not text:
            return None
        return replace(self.choices.choice(Path(text).expanduser()), who=self._who)

    def _suggest(self) -> None:
        """A name of its own for each format; a name that somebody typed keeps all but its end."""
        card, chosen = self.choices.card, self.choice
        if chosen is None or chosen.target == self._suggested:
            folder = self._project.parent if self._suggested is None else self._suggested.parent
            self._suggested = suggested_target(folder, self._name, card.name)
            self.target.setText(str(self._suggested))
        else:
            self.target.setText(str(chosen.target.with_suffix(card.suffix)))

    def _choose(self) -> None:
        card, now = self.choices.card, self.target.text()
        if card.writes_folder:
            chosen = QFileDialog.getExistingDirectory(self, "Export to a folder", now)
        else:
            chosen, _ = QFileDialog.getSaveFileName(
                self,
                "Export to a file",
                now,
                f"{card.title} (*{card.suffix})",
                # What is there is said in the preview, for all files of the export.
                options=QFileDialog.Option.DontConfirmOverwrite,
            )
        if chosen:
            self.target.setText(chosen)
            self._look()

    def _look(self) -> None:
        choice = self.choice
        if choice is None:
            self._looked_at = None
            self.panel.clear()
        elif choice != self._looked_at or not (self.panel.preview or self.panel.looking):
            self._looked_at = choice
            self.panel.look(partial(preview_export, self._project, choice))

    def _show_whether_it_can(self) -> None:
        seen = self.panel.preview
        self.take.setEnabled(seen is not None and seen.report.instances > 0)

    def _take(self) -> None:
        seen = self.panel.preview
        if seen is not None and seen.choice == self.choice:
            self.accept()
            self.wanted.emit(seen)
