"""What is done beside the labelling, in the line at the bottom: to see, pause and stop it."""

from typing import Protocol

from PySide6.QtCore import QSize, Qt, SignalInstance
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.projects.vocabulary.wording import percent


class Work(Protocol):
    """`BackgroundJob` and `BackgroundTraining` are."""

    title: str
    paused: bool
    progressed: SignalInstance
    ended: SignalInstance

    def pause(self, paused: bool) -> None: ...

    def cancel(self) -> None: ...


class WorkLine(QWidget):
    """Seen while the work runs."""

    def __init__(self, work: Work, stop: str, tip: str) -> None:
        """stop: the text of the button that ends it; tip: what becomes of the work then."""
        super().__init__()
        self._work = work
        self._stage = ""
        self.text = quiet(QLabel())
        self.text.setAccessibleName(f"How far it is: {work.title}")
        self.bar = QProgressBar()
        self.bar.setAccessibleName(work.title)
        self.bar.setTextVisible(False)
        self.bar.setMinimumWidth(1)  # it says nothing that the words do not, and gives way first
        self.bar.setMaximumWidth(110)
        self.bar.setMaximumHeight(10)
        self.pause = QPushButton("Pause")
        self.pause.setAccessibleName(f"Pause: {work.title}")
        self.pause.clicked.connect(self._pause)
        self.stop = QPushButton(stop)
        self.stop.setAccessibleName(f"{stop}: {work.title}")
        self.stop.setToolTip(tip)
        self.stop.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(6)
        row.addWidget(self.text)
        row.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignVCenter)
        for button in (self.pause, self.stop):
            button.setFlat(True)
            row.addWidget(button)
        self.hide()

    def show_progress(self, stage: str, done: int, total: int) -> None:
        """total: 0 where nobody knows how much there is."""
        if self.isHidden():
            self.stop.setEnabled(True)
        self._stage = stage
        self.bar.setRange(0, total)
        self.bar.setValue(min(done, total))
        share = f" {percent(done, total)} %" if total else ""
        self._show(f"{stage or 'beginning'}{share}")

    def _show(self, what: str) -> None:
        paused = " (paused)" if self._work.paused else ""
        title = self._work.title
        # "Training: training 28 %" says it twice. At a terminal a stage stands alone.
        said = what.startswith((title, title.lower()))
        what = what[len(title) :] if said else f": {what[:1].lower()}{what[1:]}"
        self.text.setText(f"{title}{what}{paused}")
        self.pause.setText("Go on" if self._work.paused else "Pause")
        self.show()

    def _pause(self) -> None:
        self._work.pause(not self._work.paused)
        self.show_progress(self._stage, self.bar.value(), self.bar.maximum())

    def _stop(self) -> None:
        self._work.cancel()
        self.stop.setEnabled(False)
        self._show("stopping")


class WorkStrip(QWidget):
    """Lies in the line at the bottom, which it makes neither higher nor longer: what comes and
    goes by itself moves nothing that is under the hand."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    @override
    def minimumSizeHint(self) -> QSize:
        """Its words and buttons, where they take less than half of the window."""
        return QSize(min(self._row.minimumSize().width(), self.window().width() // 2), 0)

    def show_work(self, work: Work, tip: str) -> WorkLine:
        """From now on it has a line while it runs. tip: what becomes of it when it is stopped."""
        line = WorkLine(work, "Stop", tip)
        work.progressed.connect(line.show_progress)
        work.ended.connect(line.hide)
        self._row.addWidget(line)
        return line
