"""Who takes part in the project, as what, and how images are handed out; every change is stored
at once."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.annotator.gui.widgets.decimal_field import DecimalField
from landmark_annotator.projects.store import Person, Project, Role
from landmark_annotator.projects.vocabulary import ActionableError

_TOLD = (
    "An annotator changes own labels only; a reviewer also accepts and sends back; a lead may do "
    "everything. While nobody is in the list, the project is everybody's. A name is that which "
    "is in ANNOTATOR_NAME when the person works, else that of the machine's user."
)


class PeopleDialog(QDialog):
    def __init__(self, project: Project, who: str, parent: QWidget | None = None) -> None:
        """who: in whose name all is changed."""
        super().__init__(parent)
        self._project, self._who = project, who
        self.setWindowTitle("People")
        resize_within(self, QSize(560, 380) * min(letters(self), 1.6))
        told = quiet(QLabel(_TOLD))
        told.setWordWrap(True)
        self.list = QGridLayout()
        self.list.setColumnStretch(0, 1)
        self.roles: dict[str, QComboBox] = {}
        self.removers: dict[str, QPushButton] = {}
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of a person")
        self.name.setPlaceholderText("Name")
        self.role = _role_choice("Role of that person")
        self.add = QPushButton("&Add")
        self.add.setEnabled(False)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setAccessibleName("Why it was not changed")
        line = QHBoxLayout()
        for part, stretch in ((self.name, 1), (self.role, 0), (self.add, 0)):
            line.addWidget(part, stretch)
        self.minutes = _number("Minutes that an image stays with a person", 0.5, 1440.0)
        self.twice = _number("Share of the images that two people label, in percent", 0.0, 100.0)
        handed = QFormLayout()
        handed.addRow("An image stays with a person for minutes", self.minutes)
        handed.addRow("Images that two people label, %", self.twice)
        self.minutes.setToolTip("After the last gesture there; then others are offered it")
        self.twice.setToolTip("Neither sees the other's labels until both are done")
        ends = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        ends.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(told)
        column.addLayout(self.list)
        column.addLayout(line)
        column.addLayout(handed)
        column.addWidget(self.problem)
        column.addStretch(1)
        column.addWidget(ends)
        self.name.textChanged.connect(lambda text: self.add.setEnabled(bool(text.strip())))
        self.name.returnPressed.connect(self._add)
        self.add.clicked.connect(self._add)
        self.add.setAutoDefault(False)
        for number in (self.minutes, self.twice):
            number.editingFinished.connect(self._hand_out)
        self._show()

    def _hand_out(self) -> None:
        """What a field does not show in full, as a third, stays until it is changed."""
        said = before = self._project.assignment()
        minutes, twice = self._shown
        if self.minutes.value() != minutes:
            said = replace(said, lease_seconds=60 * self.minutes.value())
        if self.twice.value() != twice:
            said = replace(said, twice=self.twice.value() / 100)
        if said != before:
            self._do(lambda: self._project.set_assignment(said, who=self._who))

    def _add(self) -> None:
        name, role = self.name.text().strip(), Role(self.role.currentText())
        if name and self._do(lambda: self._project.set_person(name, role, who=self._who)):
            self.name.clear()
            self.name.setFocus()

    def _do(self, change: Callable[[], object]) -> bool:
        """Whether it went through; if not, why is said. All that is shown is as it is then."""
        try:
            change()
            self.problem.clear()
        except ActionableError as error:
            self.problem.setText(str(error))
        self._show()
        return not self.problem.text()

    def _show(self) -> None:
        held = next((name for name, role in self.roles.items() if role is self.focusWidget()), None)
        while (item := self.list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.roles.clear()
        self.removers.clear()
        found = self._project.people()
        for row, person in enumerate(found):
            self._show_person(row, person)
        if not found:
            self.role.setCurrentText(Role.LEAD)  # which the first one has to be
        if held in self.roles:  # whoever gives roles by keys goes on there
            self.roles[held].show()
            self.roles[held].setFocus()
        said = self._project.assignment()
        self.minutes.setValue(said.lease_seconds / 60)
        self.twice.setValue(100 * said.twice)
        self._shown = self.minutes.value(), self.twice.value()

    def _show_person(self, row: int, person: Person) -> None:
        project, name = self._project, person.name
        label = QLabel(f"{name} (you)" if name == self._who else name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setToolTip(f"Added by {person.added_by} on {person.at.astimezone():%Y-%m-%d}")
        choice = self.roles[name] = _role_choice(f"Role of {name}")
        choice.setCurrentText(person.role)
        choice.textActivated.connect(
            lambda role: self._do(lambda: project.set_person(name, Role(role), who=self._who))
        )
        remover = self.removers[name] = QPushButton("Remove")
        remover.setAccessibleName(f"Remove {name}")
        remover.setToolTip("What that person labelled stays")
        remover.setAutoDefault(False)
        remover.clicked.connect(
            lambda: self._do(lambda: project.remove_person(name, who=self._who))
        )
        for column, widget in enumerate((label, choice, remover)):
            self.list.addWidget(widget, row, column)


def _number(name: str, low: float, high: float) -> DecimalField:
    number = DecimalField()
    number.setAccessibleName(name)
    number.setRange(low, high)
    number.setDecimals(1)
    return number


def _role_choice(name: str) -> QComboBox:
    choice = QComboBox()
    choice.setAccessibleName(name)
    choice.addItems([role.value for role in Role])
    return choice
