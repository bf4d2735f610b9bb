"""Training while people label: a process of its own, so that the window stays quick."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

from landmark_annotator.backends.registry import DEFAULT_BACKEND
from landmark_annotator.projects.priority import giving_way
from landmark_annotator.projects.vocabulary import ActionableError

_PATIENCE_MS = 3000


class BackgroundTraining(QObject):
    """Stopped, it keeps what is done; started again, it goes on from there."""

    progressed = Signal(str, int, int)
    """(stage, steps done, steps in all; 0: not known)"""
    ended = Signal()
    """Done, failed or stopped."""
    trained = Signal(str, str, bool)
    """(error on held-out shapes, in words with how sure it is; how the images are related; whether
    it is a first model, and the training goes on)"""
    failed = Signal(Exception)

    def __init__(self, folder: Path, who: str, parent: QObject | None = None) -> None:
        """who: begins it, as its record says."""
        super().__init__(parent)
        self.title = "Training"
        self.paused = False
        module = "landmark_annotator.annotator.session.models.training_process"
        own = (sys.executable, "-m", module, str(folder), DEFAULT_BACKEND, who)
        self.command: Sequence[str] = giving_way(own)
        self._stopping = False
        self._told_end = False
        self._process = QProcess(self)
        # What goes wrong in it that nobody foresaw belongs on the terminal, with its traceback.
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        if sys.platform != "win32":
            # Ctrl+C in the terminal of the window, and its closing, end the window alone: by that
            # the training hears that it is to stop, and is no failed one.
            own_session = QProcess.UnixProcessFlag.CreateNewSession
            self._process.setUnixProcessParameters(own_session)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finished)

    @property
    def running(self) -> bool:
        return self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def stopped(self) -> bool:
        """Whether somebody has stopped it, and nobody has begun it again since."""
        return self._stopping

    def switch(self, on: bool) -> None:
        """Begins or goes on; or stops at the next safe point."""
        if on and not self.running:
            self._stopping = self._told_end = self.paused = False
            self._process.start(self.command[0], list(self.command[1:]))
            self.progressed.emit("starting", 0, 0)
        elif not on and self.running:
            self._stopping = True
            self.progressed.emit("stopping", 0, 0)
            self._process.closeWriteChannel()

    def pause(self, paused: bool) -> None:
        """It waits at the next safe point, and keeps what it holds in memory."""
        if self.running:
            self.paused = paused
            self._process.write(b"pause\n" if paused else b"go on\n")

    def cancel(self) -> None:
        self.switch(False)

    def close(self) -> None:
        """Asks it to stop and does not wait long: it writes checkpoints as it goes."""
        self.blockSignals(True)
        if self.running:
            self._process.closeWriteChannel()
            if not self._process.waitForFinished(_PATIENCE_MS):
                self._process.kill()
                self._process.waitForFinished()

    def _read(self) -> None:
        while self._process.canReadLine():
            said = json.loads(self._process.readLine().toStdString())
            if "stage" in said:
                if not self._stopping:
                    self.progressed.emit(said["stage"], said["done"], said["total"])
            elif "held_out_error" in said:
                self._told_end = not said["goes_on"]
                self.trained.emit(said["held_out_error"], said["related"], said["goes_on"])
            else:
                self._told_end = True
                if not self._stopping:
                    self.failed.emit(ActionableError(**said))

    def _finished(self) -> None:
        self._read()
        if not self._told_end and not self._stopping:
            self.failed.emit(
                ActionableError(
                    "The training ended without a word.",
                    kept="What it had written up to then is kept.",
                    remedy="Start it again, or see what annotator train says.",
                )
            )
        self.ended.emit()
