"""The one door to the user for what went wrong or needs saying.

Two kinds of failure: one that the user can act on is told in a banner (what happened, what was
kept, what to do) and waits for nobody; one that is our bug opens a report whose details can be
copied, and is written to a log that stays on this machine.
"""

import html
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from landmark_annotator.annotator.gui.services.crash_report import log_path, report, write_log
from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.widgets.banner import Banner
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.errors import IncompleteShape, ProjectError

_REMEMBERED = 40
"""Steps before a mistake of ours that its report names."""

_READ_S = 6.0
"""As long what minutes came to is in sight, though somebody goes on meanwhile."""


class Messages(QObject):
    """Decides how each failure reaches the user. `banner` is put where the window wants it."""

    bug_reported = Signal(str)
    _in_thread = Signal(object)
    """(exception that nobody caught in a thread)"""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._report: BugReport | None = None
        self.banner = Banner(window)
        self._follow: Callable[[], object] = lambda: None
        self.banner.followed.connect(lambda: self._follow())
        self._offers: dict[type[ActionableError], tuple[str, Callable[[], object]]] = {}
        self._remedies: dict[type[ActionableError], Callable[[], str]] = {}
        self._done: deque[str] = deque(maxlen=_REMEMBERED)
        self._until_stored = False
        self._result_since: float | None = None
        """When what is told was told, in the seconds of a clock, where it is what work came to."""
        self._in_thread.connect(self._caught_in_thread, Qt.ConnectionType.QueuedConnection)

    def remember(self, what: str) -> None:
        """A step of the user, by the name of its action, for the report of a mistake of ours."""
        self._done.append(what)

    def tell(self, error: Exception, *, until_stored: bool = False) -> None:
        """Shows any failure in the way that fits it. until_stored: it is of a gesture; where it
        says what to do before the next change, that was done when one is stored."""
        if isinstance(error, ActionableError):
            self._result_since = None
            self._until_stored = until_stored and isinstance(error, (ProjectError, IncompleteShape))
            link, self._follow = self._offers.get(type(error), ("", self._follow))
            self.banner.show_error(self.worded(error), link)
        else:
            self.bug(type(error), error, error.__traceback__)

    def offer(self, kind: type[ActionableError], text: str, follow: Callable[[], object]) -> None:
        """From now on such an error is told with a link of this text, which does what it says."""
        self._offers[kind] = text, follow

    def advise(self, kind: type[ActionableError], remedy: Callable[[], str]) -> None:
        """From now on this is what to do about such an error, in place of what a command line
        would say."""
        self._remedies[kind] = remedy

    def worded(self, error: Exception) -> ActionableError:
        """As the window says it; of what nobody foresaw only that an image cannot be shown."""
        if not isinstance(error, ActionableError):
            return ActionableError("This image cannot be shown.")
        remedy = self._remedies.get(type(error))
        if remedy is None:
            return error
        return type(error)(error.happened, kept=error.kept, remedy=remedy())

    def note(self, text: str, *, until_stored: bool = False) -> None:
        """Something worth knowing that needs no action. until_stored: it says why a gesture did
        nothing, which is so until something is stored."""
        self._until_stored, self._result_since = until_stored, None
        self.banner.show_note(html.escape(text))

    def note_result(self, text: str) -> None:
        """As `note`, of work that took minutes: whoever began it may be elsewhere when it ends, or
        at the key that goes on, so it stays until it is closed, replaced, or was there to read."""
        self._until_stored, self._result_since = False, time.monotonic()
        self.banner.show_link(html.escape(text))

    def note_with_link(
        self, text: str, follow: Callable[[], object], *, of_moment: bool = False
    ) -> None:
        """As `note_result`. text: HTML with a link, which does this. of_moment: it is of what is
        open, and goes with it."""
        self._follow, self._until_stored = follow, False
        self._result_since = None if of_moment else time.monotonic()
        self.banner.show_link(text)

    def bug(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """An error that nobody foresaw: logged, and shown once until the report is closed."""
        details = report(kind, error, trace, self._done)
        where = _logged(details)
        # More errors of the same cause often follow at once; one open report is enough.
        if self._report is None or not self._report.isVisible():
            self._report = BugReport(self._window, details, where)
            self._report.open()
        self.bug_reported.emit(details)

    def note_failure(self, said: str, error: Exception) -> None:
        """Of what nobody waits for: what it means is noted, and the log has the rest."""
        details = report(type(error), error, error.__traceback__, self._done)
        self.note(f"{said} {_logged(details)}")

    def clear(self) -> None:
        """What was told was of what is left now. What work came to is not, and stays as long as it
        takes to read."""
        since = self._result_since
        if since is None or time.monotonic() - since >= _READ_S:
            self.withdraw()

    def withdraw(self) -> None:
        """What was told no longer holds."""
        self.banner.hide()

    def stored(self) -> None:
        """The user has changed something: what was told of how it was before is over."""
        if self._until_stored:
            self._until_stored = False
            self.clear()

    def install(self) -> None:
        """From now on an exception that nobody catches comes here."""
        sys.excepthook = self._hook
        threading.excepthook = self._hook_of_threads

    def uninstall(self) -> None:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def _hook_of_threads(self, caught: threading.ExceptHookArgs) -> None:
        threading.__excepthook__(caught)
        if caught.exc_value is not None:
            self._in_thread.emit(caught.exc_value)

    def _caught_in_thread(self, error: BaseException) -> None:
        self.bug(type(error), error, error.__traceback__)

    def _hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        elif threading.current_thread() is not threading.main_thread():
            # Of a pool of Qt's, whose threads call this one: a dialog made there ends the program.
            sys.__excepthook__(kind, error, trace)
            self._in_thread.emit(error)
        elif isinstance(error, ActionableError):
            self.tell(error, until_stored=True)
        else:
            sys.__excepthook__(kind, error, trace)
            self.bug(kind, error, trace)


def _logged(details: str) -> str:
    """Writes it, and says where."""
    try:
        return f"What happened is written down in {write_log(details, log_path())}."
    except OSError as reason:
        return f"What happened could not be written to a log: {reason}."


class BugReport(QDialog):
    def __init__(self, window: QWidget, details: str, where: str) -> None:
        super().__init__(window)
        self.setWindowTitle("Something went wrong in the program")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        resize_within(self, QSize(760, 460))
        explanation = QLabel(
            "This is a mistake of the program, not yours. Every click up to now is stored in the "
            "project; you can go on, or close the program and open it again. Please send the "
            f"details below to whoever looks after this tool. {where} Nothing leaves this machine "
            "by itself."
        )
        explanation.setWordWrap(True)
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy = QPushButton("Copy details")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(explanation)
        column.addWidget(self.details)
        column.addWidget(buttons)
