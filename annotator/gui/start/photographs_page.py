"""Where the photographs are, and what the project is called."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit
from typing_extensions import override

from annotator.gui.services.tasks import Tasks
from annotator.gui.start.wizard_page import WizardPage
from annotator.gui.style.themes import quiet
from annotator.gui.widgets.path_line import PathLine
from annotator.session.setup.new_project import check_folder, photographs_in
from projects.vocabulary import ActionableError


class PhotographsPage(WizardPage):
    def __init__(self) -> None:
        super().__init__(
            "Photographs",
            "They stay where they are and are never changed; the project keeps only where to find "
            "them.",
        )
        self.images = PathLine("Folder of photographs", folder=True)
        self.found = quiet(QLabel())
        self.found.setAccessibleName("How many photographs were found")
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the project")
        self.folder = PathLine("Folder of the project", folder=True)
        self._suggested: Path | None = None
        rows = QFormLayout()
        rows.setVerticalSpacing(10)
        rows.addRow("&Photographs:", self.images)
        rows.addRow("", self.found)
        rows.addRow("&Name:", self.name)
        rows.addRow("Project &folder:", self.folder)
        self.column.addLayout(rows)
        self.column.addStretch()
        self.setFocusProxy(self.images)
        self._at_work = Tasks(1, self)
        self.images.changed.connect(self._look)
        self.name.textEdited.connect(self._suggest_folder)

    @override
    def check(self) -> None:
        images, folder = self.images.path, self.folder.path
        if images is None or not images.is_dir():
            raise ActionableError(
                "There is no such folder of photographs." if images else "No folder is named yet.",
                remedy="Choose the folder that holds the photographs.",
            )
        if not self.name.text().strip():
            raise ActionableError("The project has no name.", remedy="Type one.")
        if folder is None:
            raise ActionableError("The project has no folder.", remedy="Choose a new one.")
        check_folder(folder.absolute())

    def close_threads(self) -> None:
        self._at_work.close()

    def _look(self) -> None:
        images = self.images.path
        self.found.setText("")
        self.problem.hide()
        if images is None or not images.is_dir():
            return
        self.found.setText("counting\N{HORIZONTAL ELLIPSIS}")
        self._at_work.request(
            "count", partial(photographs_in, images), self._show_count, self._show_failure
        )
        if not self.name.isModified():
            self.name.setText(images.name)
            self._suggest_folder()

    def _suggest_folder(self) -> None:
        """Beside the photographs, unless the user has chosen another place."""
        images, name = self.images.path, self.name.text().strip().replace("/", "-")
        if images is not None and name and self.folder.path in (None, self._suggested):
            wanted = name if name != images.name else f"{name}-landmarks"
            self._suggested = images.parent / wanted
            self.folder.show_path(self._suggested)

    def _show_count(self, count: int) -> None:
        self.found.setText(
            f"{count:,} found" if count else "No photographs were found in this folder."
        )

    def _show_failure(self, error: Exception) -> None:
        self.found.setText(f"It cannot be looked at: {error}")
