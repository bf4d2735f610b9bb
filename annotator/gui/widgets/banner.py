"""The strip that tells of a problem and waits for nobody."""

import html

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid
from typing_extensions import override

from landmark_annotator.projects.vocabulary import ActionableError

_NOTE_SHOWN_MS = 6000


class Banner(QFrame):
    """One message at a time; the newest replaces the one before."""

    followed = Signal()
    """The link of a message was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Message")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.text.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.text.linkActivated.connect(lambda _: self.followed.emit())
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        close = QToolButton()
        close.setText("\N{MULTIPLICATION SIGN}")
        close.setAutoRaise(True)
        close.setAccessibleName("Close the message")
        close.setToolTip("Close the message (Esc)")
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 6, 8)
        row.addWidget(self.text)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.timeout.connect(self.hide)
        self._before: QWidget | None = None
        """What had the keyboard before the text was clicked."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._remember)
        self.hide()

    def _remember(self, before: QWidget | None, now: QWidget | None) -> None:
        # From nobody it comes back after another window had it.
        if now is self.text and before is not None and before.window() is self.window():
            self._before = before

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """Qt would give the keyboard to whatever comes next, such as what stops work."""
        super().hideEvent(event)
        if self.text.hasFocus() and self._before is not None and isValid(self._before):
            self._before.setFocus()

    def show_error(self, error: ActionableError, link: str = "") -> None:
        """What happened, what was kept and what to do. link: the text of one that does it."""
        first, *others = [part for part in (error.happened, error.kept, error.remedy) if part]
        lines = [f"<b>{html.escape(first)}</b>", *(html.escape(part) for part in others)]
        if link:
            lines.append(f"<a href='do'>{html.escape(link)}</a>")
        self.show_problem("<br>".join(lines))
        if link:
            # It can be followed without a mouse.
            self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_problem(self, text: str) -> None:
        """Stays until it is closed or replaced. text: HTML, as in `show_note`."""
        self._fade.stop()
        self._show(text, "problem")

    def show_note(self, text: str) -> None:
        """Goes away by itself."""
        self._show(text, "note")
        self._fade.start(_NOTE_SHOWN_MS)

    def show_link(self, text: str) -> None:
        """A note with a link, which stays as a problem does. text: HTML."""
        self._fade.stop()
        self._show(text, "note")
        # It can be followed without a mouse.
        self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _show(self, text: str, kind: str) -> None:
        self.text.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("kind", kind)
        # The theme's style is chosen anew where a property that it asks for has changed.
        self.style().unpolish(self)
        self.style().polish(self)
        self.text.setText(text)
        self.show()
