"""What to do with a project that somebody has open already."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMessageBox, QWidget


class OpenElsewhere(QMessageBox):
    """Whatever else closes it is a way to leave things as they are."""

    look = Signal()
    open_too = Signal()

    def __init__(self, told: str, parent: QWidget | None) -> None:
        """told: who has it open since when."""
        super().__init__(parent)
        self.setWindowTitle("Open already")
        self.setIcon(QMessageBox.Icon.Question)
        self.setText(told)
        self.setInformativeText(
            "Two windows on one project lose nothing that is stored, and each shows within seconds "
            "what is done in the other. Where the project has a list of people (Project, People), "
            "each is given images that nobody else has in hands; without one both may be given the "
            "same image."
        )
        role = QMessageBox.ButtonRole
        self.looking = self.addButton("&Look only", role.AcceptRole)
        self.opening = self.addButton("&Open all the same", role.DestructiveRole)
        self.leaving = self.addButton(QMessageBox.StandardButton.Cancel)
        self.setDefaultButton(self.looking)
        self.setEscapeButton(self.leaving)
        self.finished.connect(self._take)

    def _take(self) -> None:
        button = self.clickedButton()
        if button is self.looking:
            self.look.emit()
        elif button is self.opening:
            self.open_too.emit()
