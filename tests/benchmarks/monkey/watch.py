"""What counts as a finding while the window is used at random."""

import faulthandler
import logging
import sys
import traceback
import warnings
from collections import deque
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from typing_extensions import override

from landmark_annotator.annotator.gui.services.messages import Messages

_HANGS_S = 90.0
_REMEMBERED = 12
_HARMLESS = ("This plugin does not support", "propagateSizeHints")


class Watch:
    """Collects what nobody should ever see, each with what was done before it. As a context it
    takes the places where such things are said, and gives them back."""

    def __init__(self, told: Callable[[str], None]) -> None:
        self.findings: list[str] = []
        self._told = told
        self.done: deque[str] = deque(maxlen=_REMEMBERED)
        """The gestures before this one."""
        self._log = _Log(self)
        self._put_back: list[Callable[[], object]] = []

    def find(self, what: str) -> None:
        told = f"{what}\nafter {', '.join(self.done)}"
        self.findings.append(told)
        self._told(told)

    def __enter__(self) -> "Watch":
        bug, note_failure, shown = Messages.bug, Messages.note_failure, warnings.showwarning
        hook = sys.excepthook

        def caught(
            _messages: Messages,
            kind: type[BaseException],
            error: BaseException,
            trace: TracebackType | None,
        ) -> None:
            self.find("".join(traceback.format_exception(kind, error, trace)))

        def noted(_messages: Messages, said: str, error: Exception) -> None:
            self.find(said + "".join(traceback.format_exception(error)))

        def warned(message: Warning | str, kind: type[Warning], *_: object) -> None:
            self.find(f"{kind.__name__}: {message}\n{''.join(traceback.format_stack(limit=8))}")

        Messages.bug = caught  # type: ignore[method-assign, assignment]
        Messages.note_failure = noted  # type: ignore[method-assign, assignment]
        warnings.showwarning = warned  # type: ignore[assignment]
        logging.getLogger().addHandler(self._log)
        before = qInstallMessageHandler(self._of_qt)

        def put_back() -> None:
            Messages.bug, Messages.note_failure = bug, note_failure  # type: ignore[method-assign]
            warnings.showwarning, sys.excepthook = shown, hook
            logging.getLogger().removeHandler(self._log)
            qInstallMessageHandler(before)
            faulthandler.cancel_dump_traceback_later()

        self._put_back.append(put_back)
        return self

    def __exit__(self, *_: object) -> None:
        while self._put_back:
            self._put_back.pop()()

    def begin(self) -> None:
        """Of a gesture: one that hangs ends the process, saying where."""
        faulthandler.dump_traceback_later(_HANGS_S, exit=True)

    def _of_qt(self, kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not any(text in message for text in _HARMLESS):
            self.find(f"Qt: {message}\n{''.join(traceback.format_stack(limit=10))}")


class _Log(logging.Handler):
    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.WARNING)
        self._watch = watch

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self._watch.find(f"log of {record.name}: {record.getMessage()}")
