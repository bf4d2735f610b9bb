"""How many frames videos hold, and which of them are to be labelled."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QSpinBox, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.session.setup.video_frames import FramesChoice
from landmark_annotator.projects.images.source import FramesOf, frames_of
from landmark_annotator.projects.vocabulary.errors import ImageError
from landmark_annotator.projects.vocabulary.wording import counted

_USUAL = 40
_MOST = 100_000
_TO_LABEL, _OF_EACH = "Frames to la&bel:", "Frames to la&bel of each:"
_NAMED = 3
"""Videos that cannot be read, of which it is said why."""


class FramesFields(QWidget):
    changed = Signal()
    """It was found out how many frames there are, or that they cannot be read."""

    def __init__(self) -> None:
        super().__init__()
        self._videos: tuple[Path, ...] = ()
        self.held = _WholeText()
        self.held.setAccessibleName("How many frames there are")
        self.readable = True
        self.counting = False
        """Of several videos, among which one may be that cannot be read: of one alone whoever adds
        its frames hears that anyway."""
        self.count = QSpinBox()
        self.count.setRange(1, _MOST)
        self.count.setValue(_USUAL)
        self.count.setGroupSeparatorShown(True)
        self.different = QCheckBox("Those that look &least alike")
        self.different.setToolTip("Else they are spread evenly over the video")
        self.different.setChecked(True)
        rows = QFormLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addRow("There are:", self.held)
        rows.addRow(_TO_LABEL, self.count)
        rows.addRow("", self.different)
        self._rows = rows
        self.setFocusProxy(self.count)
        self._at_work = Tasks(1, self)

    def look_at(self, videos: Sequence[Path]) -> None:
        """Beside the window: a long video takes seconds."""
        self._videos, self.readable, self.counting = tuple(videos), True, len(videos) > 1
        self.held.setText("counting\N{HORIZONTAL ELLIPSIS}")
        label = self._rows.labelForField(self.count)
        assert isinstance(label, QLabel)
        label.setText(_TO_LABEL if len(self._videos) == 1 else _OF_EACH)
        count = partial(_counted, self._videos)
        self._at_work.request("count", count, self._show_count, self._show_failure)

    @property
    def choices(self) -> tuple[FramesChoice, ...]:
        """One of each video that can be read, once they are counted."""
        count, different = self.count.value(), self.different.isChecked()
        return tuple(FramesChoice(video, count, different) for video in self._videos)

    def close_threads(self) -> None:
        self._at_work.leave()

    def _show_count(self, found: tuple[Mapping[Path, FramesOf], Sequence[str]]) -> None:
        by_video, failed = found
        held, self._videos = list(by_video.values()), tuple(by_video)
        self.count.setMaximum(max(one.count for one in held))
        said = [_in_words(held), *(one.note for one in held if one.note)]
        said += [f"Left out: {why}" for why in failed[:_NAMED]]
        if len(failed) > _NAMED:
            said.append(f"Left out as well: {counted(len(failed) - _NAMED, 'video')}.")
        self._say(" ".join(said))

    def _show_failure(self, error: Exception) -> None:
        self.readable = False
        self._say(str(error))

    def _say(self, text: str) -> None:
        self.counting = False
        self.held.show_text(text)
        self.changed.emit()


class _WholeText(QLabel):
    """With room for all its lines at each width, which a form does not ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)

    def show_text(self, text: str) -> None:
        self.setText(text)
        self._make_room()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        # Of no text that is less than nothing.
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))


def _in_words(held: Sequence[FramesOf]) -> str:
    """How many, and how long that is where it is known."""
    total = counted(sum(one.count for one in held), "frame")
    total += f" in {len(held):,} videos" if len(held) > 1 else ""
    if not all(one.rate for one in held):
        return f"{total}."
    seconds = sum(one.count / one.rate for one in held if one.rate)
    return f"{total}, {seconds:,.1f} seconds."


def _counted(videos: Sequence[Path]) -> tuple[dict[Path, FramesOf], list[str]]:
    """What each video holds, and why others cannot be read. Raises ImageError where none can."""
    held, failed = dict[Path, FramesOf](), list[ImageError]()
    for video in videos:
        try:
            held[video] = frames_of(video)
        except ImageError as error:
            failed.append(error)
    if not held:
        raise failed[0]
    return held, [error.happened for error in failed]
