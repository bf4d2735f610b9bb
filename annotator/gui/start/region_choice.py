"""Which regions the objects of a new project have masks of."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from landmark_annotator.annotator.gui.schemes.region_dialog import RegionDialog
from landmark_annotator.annotator.gui.schemes.region_list import said_set
from landmark_annotator.projects.vocabulary import Region, Scheme
from landmark_annotator.projects.vocabulary.region import region_set, region_sets
from landmark_annotator.projects.vocabulary.wording import counted


class RegionChoice(QWidget):
    """Those of the scheme itself, before anything is chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._of_scheme: tuple[Region, ...] = ()
        self.choice = QComboBox()
        self.choice.setAccessibleName("Regions that have masks")
        self.choice.addItem("", None)
        for name in region_sets():
            regions = region_set(name)
            self.choice.addItem(f"{said_set(name)} ({counted(len(regions), 'region')})", regions)
        self.edit = QPushButton("&Edit\N{HORIZONTAL ELLIPSIS}")
        self.edit.setAccessibleName("Edit the regions")
        self.edit.setAutoDefault(False)
        self.edit.clicked.connect(self._edit)
        title = QLabel("&Masks of regions")
        title.setBuddy(self.choice)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(title)
        row.addWidget(self.choice, 1)
        row.addWidget(self.edit)
        self._place = self.choice.count()
        self.choice.currentIndexChanged.connect(self.changed)
        self.show_scheme(None)

    @property
    def regions(self) -> tuple[Region, ...]:
        chosen = self.choice.currentData()
        return self._of_scheme if chosen is None else tuple(chosen)

    @property
    def is_edited(self) -> bool:
        return self.choice.currentIndex() == self._place

    def given_to(self, scheme: Scheme) -> Scheme:
        """The scheme with the regions that are chosen."""
        self.show_scheme(scheme)
        return replace(scheme, regions=self.regions)

    def show_scheme(self, scheme: Scheme | None) -> None:
        self._of_scheme = scheme.regions if scheme is not None else ()
        count = len(self._of_scheme)
        self.choice.setItemText(0, f"Those of the scheme ({count})" if count else "None")

    def _edit(self) -> None:
        self.dialog = dialog = RegionDialog(self.regions, self)
        dialog.accepted.connect(lambda: self._take(dialog.regions))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, regions: tuple[Region, ...]) -> None:
        title = f"As edited ({counted(len(regions), 'region')})"
        if self.choice.count() == self._place:
            self.choice.addItem(title, regions)
        else:
            self.choice.setItemText(self._place, title)
            self.choice.setItemData(self._place, regions)
        if self.is_edited:
            self.changed.emit()
        self.choice.setCurrentIndex(self._place)
