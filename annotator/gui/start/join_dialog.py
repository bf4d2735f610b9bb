"""Asks for the address of a shared project and a folder of one's own, and joins it."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.start.working_dialog import WorkingDialog
from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.annotator.gui.widgets.banner import Banner
from landmark_annotator.annotator.gui.widgets.path_line import PathLine
from landmark_annotator.annotator.session.setup.joined_project import (
    JoinedProject,
    join_project,
    proposed_folder,
)
from landmark_annotator.projects.vocabulary import ActionableError

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_WIDTH = 560
_TOLD = (
    "The database of a shared project is on a server; whoever made it tells the address. The "
    "folder is your own: it gets the address and what your window keeps, and images that the "
    "project names within its folder are looked for within this one."
)
_NO_PASSWORD = "Without a password: it is read from ~/.pgpass, a service or $PGPASSWORD."


class JoinDialog(WorkingDialog):
    """Joins in a thread, for a server may take its time to answer. What is wrong is told here;
    nothing is left behind then, nor where it is stopped."""

    joined = Signal(object)
    """(JoinedProject)"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "Joining the project", "How far joining is")
        self.setWindowTitle("Join a shared project")
        self._proposed: Path | None = None
        told, secret = quiet(QLabel(_TOLD)), quiet(QLabel(_NO_PASSWORD))
        for label in (told, secret):
            label.setWordWrap(True)
        self.problem = Banner(self)
        self.address = QLineEdit()
        self.address.setAccessibleName("Address of the project")
        self.address.setPlaceholderText("postgresql://USER@HOST:PORT/DATABASE")
        self.folder = PathLine("Folder of your own for it", folder=True)
        buttons = QDialogButtonBox()
        self.join = buttons.addButton("&Join", QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel = buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.join.setDefault(True)
        self.cancel.setAutoDefault(False)
        buttons.accepted.connect(self._begin)
        buttons.rejected.connect(self.reject)
        rows = QFormLayout()
        rows.setVerticalSpacing(10)
        rows.addRow("&Address:", self.address)
        rows.addRow("", secret)
        rows.addRow("&Folder:", self.folder)
        self._column = column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(told)
        column.addWidget(self.problem)
        column.addLayout(rows)
        self._add_progress(column)
        column.addStretch(1)
        column.addWidget(buttons)
        self._fit()
        self.finished.connect(self.close_threads)
        self.address.textChanged.connect(self._propose)
        self.folder.line.textChanged.connect(self._show_buttons)
        self._show_buttons()
        self.address.setFocus()

    def close_threads(self) -> None:
        self.work.close()

    @property
    def _address(self) -> str:
        return self.address.text().strip()

    def _propose(self) -> None:
        """A folder called as the database is, unless the person has chosen another."""
        if self.folder.path in (None, self._proposed):
            self._proposed = proposed_folder(self._address, Path.home())
            self.folder.show_path(self._proposed)
        self._show_buttons()

    def _begin(self) -> None:
        folder = self.folder.path
        if self.work.running or folder is None or not self._address:
            return
        self.problem.hide()
        work = partial(join_project, self._address, folder.absolute())
        self.work.begin(work, self._end)
        self._show_buttons()

    @override
    def _show_buttons(self) -> None:
        busy = self.work.running
        whole = bool(self._address) and self.folder.path is not None
        self.join.setEnabled(whole and not busy)
        for line in (self.address, self.folder):
            line.setEnabled(not busy)

    @override
    def _show_progress(self, stage: str, done: int, total: int) -> None:
        if not self._leaving:
            steps = f" {done:,} of {total:,}" if total else _ELLIPSIS
            self.how_far.setText(f"{stage or 'Asking the server'}{steps}")
        seen = not self.bar.isHidden()
        super()._show_progress(stage, done, total)
        if not seen:
            self._fit()

    @override
    def _tell(self, error: ActionableError) -> None:
        self.problem.show_error(error)
        self._fit()
        # What is most likely to be mended, with the keyboard at once.
        self.address.setFocus()

    def _fit(self) -> None:
        """As high as all that is told needs, which a dialog does not become by itself."""
        height = self.height() if self.isVisible() else 0
        wide = max(self.width() if self.isVisible() else 0, round(_WIDTH * letters(self)))
        # How wide it may be on its screen says how high it has to be.
        resize_within(self, QSize(wide, height))
        self._column.activate()
        needed = self._column.totalHeightForWidth(self.width())
        resize_within(self, QSize(wide, max(needed, height)))

    def _end(self, joined: JoinedProject) -> None:
        if not self._leaving:
            self.done(QDialog.DialogCode.Accepted)
            self.joined.emit(joined)
