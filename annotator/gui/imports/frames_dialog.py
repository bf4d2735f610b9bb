"""How many frames of a video come into the project, and which."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.session.setup.video_frames import FramesChoice

_USUAL = 40
_MOST = 100_000


class FramesDialog(QDialog):
    """Reads and writes nothing itself."""

    wanted = Signal(FramesChoice)

    def __init__(self, video: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._video = video
        self.setWindowTitle(f"Frames of {video.name}")
        told = quiet(
            QLabel(
                "They become images of the project, each with an object to label. Nothing is "
                "copied: the video stays where it is. More frames can be added at any time."
            )
        )
        told.setWordWrap(True)
        self.count = QSpinBox()
        self.count.setRange(1, _MOST)
        self.count.setValue(_USUAL)
        self.count.setGroupSeparatorShown(True)
        self.different = QCheckBox("Those that look &least alike")
        self.different.setToolTip("Else they are spread evenly over the video")
        self.different.setChecked(True)
        rows = QFormLayout()
        rows.addRow("&Frames:", self.count)
        rows.addRow("", self.different)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button = buttons.addButton("&Add", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(told)
        column.addLayout(rows)
        column.addWidget(buttons)

    def _take(self) -> None:
        self.accept()
        choice = FramesChoice(self._video, self.count.value(), self.different.isChecked())
        self.wanted.emit(choice)
