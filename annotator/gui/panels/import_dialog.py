"""Bringing images or labels into the open project: chosen or dropped, looked at, then imported."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
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

from annotator.gui.panels.import_preview import ImportPreviewPanel
from annotator.gui.themes import quiet
from annotator.session.importing_preview import ImportPreview, preview_of_open


class ImportDialog(QDialog):
    """Writes nothing itself."""

    wanted = Signal(ImportPreview)
    """What was previewed is to be imported."""

    def __init__(self, project: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self.setWindowTitle("Import images or labels")
        self.resize(620, 420)
        told = quiet(
            QLabel(
                "A folder of images, with or without labels beside them, or a label file. You see "
                "what would happen before anything is written."
            )
        )
        told.setWordWrap(True)
        self.source = QLineEdit()
        self.source.setAccessibleName("Folder or label file to import")
        self.source.setPlaceholderText("Folder or label file")
        self.source.editingFinished.connect(self._look)
        folder, file = (
            QPushButton("&Folder\N{HORIZONTAL ELLIPSIS}"),
            QPushButton("Fi&le\N{HORIZONTAL ELLIPSIS}"),
        )
        folder.clicked.connect(self._choose_folder)
        file.clicked.connect(self._choose_file)
        line = QHBoxLayout()
        line.addWidget(self.source, 1)
        line.addWidget(folder)
        line.addWidget(file)
        self.panel = ImportPreviewPanel()
        self.panel.changed.connect(self._show_whether_it_can)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.take = buttons.addButton("&Import", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(told)
        column.addLayout(line)
        column.addWidget(self.panel, 1)
        column.addWidget(buttons)
        self._looked_at = ""
        self._show_whether_it_can()
        self.finished.connect(self.panel.close_threads)

    def look_at(self, source: Path) -> None:
        self.source.setText(str(source))
        self._look()

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Import a folder", self.source.text())
        if chosen:
            self.look_at(Path(chosen))

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Import a label file", self.source.text())
        if chosen:
            self.look_at(Path(chosen))

    def _look(self) -> None:
        text = self.source.text().strip()
        if text and text != self._looked_at:
            self._looked_at = text
            self.panel.look(partial(preview_of_open, self._project, Path(text)))

    def _show_whether_it_can(self) -> None:
        seen = self.panel.preview
        self.take.setEnabled(seen is not None and seen.report.added + seen.report.filled > 0)

    def _take(self) -> None:
        seen = self.panel.preview
        if seen is not None:
            self.accept()
            self.wanted.emit(seen)
