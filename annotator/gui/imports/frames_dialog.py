"""How many frames of a video come into the project, and which."""

from collections.abc import Sequence
from functools import partial
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

from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.session.setup.video_frames import FramesChoice
from landmark_annotator.projects.images.source import FramesOf, frames_of
from landmark_annotator.projects.vocabulary.wording import counted

_USUAL = 40
_MOST = 100_000


class FramesDialog(QDialog):
    """Reads how many frames there are, and writes nothing itself."""

    wanted = Signal(object)
    """(tuple of FramesChoice) One of each video."""

    def __init__(self, videos: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._videos = tuple(videos)
        name = videos[0].name if len(videos) == 1 else f"each of {len(videos)} videos"
        self.setWindowTitle(f"Frames of {name}")
        told = quiet(
            QLabel(
                "They become images of the project, each with an object to label. Nothing is "
                "copied: the video stays where it is. More frames can be added at any time."
            )
        )
        told.setWordWrap(True)
        self.held = QLabel("counting\N{HORIZONTAL ELLIPSIS}")
        self.held.setWordWrap(True)
        self.held.setAccessibleName("How many frames there are")
        self.count = QSpinBox()
        self.count.setRange(1, _MOST)
        self.count.setValue(_USUAL)
        self.count.setGroupSeparatorShown(True)
        self.different = QCheckBox("Those that look &least alike")
        self.different.setToolTip("Else they are spread evenly over the video")
        self.different.setChecked(True)
        rows = QFormLayout()
        rows.addRow("There are:", self.held)
        rows.addRow("&Frames to label:", self.count)
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
        self._at_work = Tasks(1, self)
        self.finished.connect(self._at_work.leave)
        count = partial(_counted, self._videos)
        self._at_work.request("count", count, self._show_count, self._show_failure)
        self.count.setFocus()

    def _show_count(self, held: Sequence[FramesOf]) -> None:
        self.held.setText(" ".join([frames_in_words(held), *(one.note for one in held)]).strip())
        self.count.setMaximum(max(one.count for one in held))

    def _show_failure(self, error: Exception) -> None:
        self.held.setText(str(error))
        self.accept_button.setEnabled(False)

    def _take(self) -> None:
        self.accept()
        count, different = self.count.value(), self.different.isChecked()
        self.wanted.emit(tuple(FramesChoice(video, count, different) for video in self._videos))


def frames_in_words(held: Sequence[FramesOf]) -> str:
    """How many, and how long that is where it is known."""
    total = counted(sum(one.count for one in held), "frame")
    if not all(one.rate for one in held):
        return f"{total}."
    seconds = sum(one.count / one.rate for one in held if one.rate)
    return f"{total}, {seconds:,.1f} seconds."


def _counted(videos: Sequence[Path]) -> list[FramesOf]:
    return [frames_of(video) for video in videos]
