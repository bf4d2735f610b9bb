"""What the pages of the wizard share: a heading, and one place where a problem is told."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWizardPage

from annotator.gui.panels.banner import Banner
from annotator.gui.themes import quiet
from projects.vocabulary import ActionableError


class WizardPage(QWizardPage):
    """`check` of a page raises ActionableError, which is shown on it and keeps the user there."""

    def __init__(self, title: str, told: str) -> None:
        super().__init__()
        heading = QLabel(title)
        heading.setProperty("tone", "title")
        text = quiet(QLabel(told))
        text.setWordWrap(True)
        self.problem = Banner(self)
        self.column = QVBoxLayout(self)
        self.column.setSpacing(10)
        self.column.addWidget(heading)
        self.column.addWidget(text)
        self.column.addWidget(self.problem)
        self.column.addSpacing(6)

    def check(self) -> None:
        """Whether the user can go on from here."""

    def validatePage(self) -> bool:
        self.problem.hide()
        try:
            self.check()
        except ActionableError as error:
            self.problem.show_error(error)
            return False
        return True
