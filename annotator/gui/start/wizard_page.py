"""What the pages of the wizard share: a heading, and one place where a problem is told."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.gui.widgets.banner import Banner
from landmark_annotator.annotator.gui.widgets.path_line import PathLine
from landmark_annotator.projects.vocabulary import ActionableError

_RING = 2
"""Pixels around a page for the line round what has the keyboard, which a scrolled part cuts off."""


class WizardPage(QWidget):
    complete_changed = Signal()

    def __init__(self, title: str, told: str) -> None:
        super().__init__()
        heading = QLabel(title)
        heading.setProperty("tone", "title")
        text = quiet(QLabel(told))
        text.setWordWrap(True)
        self.problem = Banner(self)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(_RING, _RING, _RING, _RING)
        self.column.setSpacing(10)
        self.column.addWidget(heading)
        self.column.addWidget(text)
        self.column.addWidget(self.problem)
        self.column.addSpacing(6)

    @property
    def complete(self) -> bool:
        """Whether the page is ready to be left."""
        return True

    def begin(self) -> None:
        """The page is shown, with what the pages before it said."""

    def check(self) -> None:
        """Raises ActionableError where the user cannot go on from here."""

    def passed(self) -> bool:
        """Whether it can be left forwards; if not, why is told on it."""
        for line in self.findChildren(PathLine):
            line.settle()
        self.problem.hide()
        try:
            self.check()
        except ActionableError as error:
            self.problem.show_error(error)
            return False
        return True
