"""One line that a person writes about what is open: why it is flagged, what is wrong with it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.style.themes import quiet

_BELOW = 40
"""Pixels to the window's lower edge."""


class CommentSheet(QDialog):
    """Enter stores, Esc leaves everything as it is. needed: whether it may not be empty. text:
    what it is now, to be changed or written anew. against: why what is written would be refused,
    said while it is written and can be changed; "" where it would not."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        question: str,
        done: Callable[[str], object],
        *,
        needed: bool = False,
        text: str = "",
        against: Callable[[str], str] = lambda _: "",
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        self._about, self._done = parent, done
        self._needed, self._against = needed, against
        self.comment = QLineEdit(text)
        self.comment.setAccessibleName(question)
        self.comment.setMaxLength(500)
        self.comment.selectAll()
        label = QLabel(question)
        label.setTextFormat(Qt.TextFormat.PlainText)  # names stand in it
        label.setBuddy(self.comment)
        self.refused = quiet(QLabel())
        self.refused.setTextFormat(Qt.TextFormat.PlainText)
        self.refused.setWordWrap(True)
        self.refused.hide()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(title)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(label)
        column.addWidget(self.comment)
        column.addWidget(self.refused)
        column.addWidget(self.buttons)
        self.comment.textChanged.connect(self._enable)
        self.accepted.connect(lambda: self._done(self.comment.text()))
        self._enable()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Low in the window: what is written about stays to be seen."""
        super().showEvent(event)
        around = self._about.window().frameGeometry()
        own = self.frameGeometry()
        self.move(around.center().x() - own.width() // 2, around.bottom() - own.height() - _BELOW)

    def _enable(self) -> None:
        text = self.comment.text()
        empty = self._needed and not text.strip()
        why = self._against(text)
        self.refused.setText(why)
        self.refused.setVisible(bool(why))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not (empty or why))


class Comments:
    """Asks for comments about objects. What was refused, as somebody was faster or a server is
    away, is not to be written once more: it is there when the same is asked again."""

    def __init__(self, over: QWidget) -> None:
        self._over = over
        self._refused: dict[tuple[str, int], str] = {}

    def ask(
        self,
        title: str,
        question: str,
        about: int,
        done: Callable[[str], bool],
        *,
        needed: bool = False,
    ) -> None:
        """about: the object. done: whether the comment is stored. needed: see `CommentSheet`."""
        key = title, about

        def store(comment: str) -> None:
            self._refused[key] = comment  # done may raise
            if done(comment):
                del self._refused[key]

        text = self._refused.get(key, "")
        CommentSheet(self._over, title, question, store, needed=needed, text=text).open()
