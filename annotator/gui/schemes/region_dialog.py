"""The regions of a scheme that no project has yet, by themselves."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.schemes.draft import Draft
from landmark_annotator.annotator.gui.schemes.region_list import RegionList
from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.style.themes import letters
from landmark_annotator.annotator.gui.widgets.banner import Banner
from landmark_annotator.projects.vocabulary import Region, Scheme


class RegionDialog(QDialog):
    """`regions` are those that were taken by OK."""

    def __init__(self, regions: Sequence[Region], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Regions that have masks")
        resize_within(self, QSize(480, 560) * min(letters(self), 1.5))
        # A draft is of a whole scheme; which landmarks it has is chosen elsewhere.
        self.draft = Draft(Scheme("scheme", ("landmark 1",), regions=tuple(regions)), self)
        self.list = RegionList(self.draft)
        self.problem = Banner(self)
        self.draft.refused.connect(self.problem.show_error)
        self.draft.changed.connect(self.problem.hide)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        for button in buttons.buttons():
            button.setAutoDefault(False)  # type: ignore[attr-defined]
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        for key, step in (("Ctrl+Z", self.draft.undo), ("Ctrl+Shift+Z", self.draft.redo)):
            QShortcut(QKeySequence(key), self).activated.connect(step)
        column = QVBoxLayout(self)
        column.addWidget(self.problem)
        column.addWidget(self.list)
        column.addWidget(buttons)
        self.list.table.setFocus()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ok.setDefault(False)  # which the row of buttons has just made it: Enter is for names

    @property
    def regions(self) -> tuple[Region, ...]:
        return self.draft.scheme.regions
