"""The data sheet of an export, to read it where it was made."""

from pathlib import Path

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.style.themes import letters


class DataSheetDialog(QDialog):
    def __init__(self, sheet: Path, parent: QWidget | None = None) -> None:
        """sheet: its Markdown file."""
        super().__init__(parent)
        self.setWindowTitle(sheet.name)
        resize_within(self, QSize(720, 560) * min(letters(self), 1.6))
        self.text = QTextBrowser()
        self.text.setAccessibleName("Data sheet")
        self.text.setMarkdown(sheet.read_text(encoding="utf-8"))
        buttons = QDialogButtonBox()
        folder = buttons.addButton("Show the &folder", QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Close)
        folder.setAutoDefault(False)
        there = QUrl.fromLocalFile(str(sheet.parent.resolve()))
        folder.clicked.connect(lambda: QDesktopServices.openUrl(there))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(buttons)
