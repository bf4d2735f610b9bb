"""Frames of videos into the open project: how many, and which."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from landmark_annotator.annotator.gui.imports.frames_fields import FramesFields
from landmark_annotator.annotator.gui.style.themes import letters, quiet

_WIDTH = 440


class FramesDialog(QDialog):
    """Writes nothing itself."""

    wanted = Signal(object)
    """(tuple of FramesChoice) One of each video."""

    def __init__(self, videos: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = videos[0].name if len(videos) == 1 else f"each of {len(videos)} videos"
        self.setWindowTitle(f"Frames of {name}")
        told = quiet(
            QLabel(
                "They become images of the project, each with an object to label. Nothing is "
                "copied: the video stays where it is. More frames can be added at any time."
            )
        )
        told.setWordWrap(True)
        self.fields = FramesFields()
        buttons = QDialogButtonBox()
        self.accept_button = buttons.addButton("&Add", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(told)
        column.addWidget(self.fields)
        column.addWidget(buttons)
        self.setMinimumWidth(round(_WIDTH * letters(self)))
        self.fields.changed.connect(self._show_found)
        self.finished.connect(self.fields.close_threads)
        self.fields.look_at(videos)
        self._show_able()
        self.fields.setFocus()

    def _show_found(self) -> None:
        self._show_able()
        self.adjustSize()  # a sentence of several lines may have come

    def _show_able(self) -> None:
        self.accept_button.setEnabled(self.fields.readable and not self.fields.counting)

    def _take(self) -> None:
        self.accept()
        self.wanted.emit(self.fields.choices)
