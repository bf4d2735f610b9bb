"""The regions of the scheme: which one is drawn, and what is said of each."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.style.themes import letters
from landmark_annotator.annotator.gui.widgets.lettered_table import fit_columns
from landmark_annotator.annotator.gui.widgets.swatch import swatch
from landmark_annotator.projects.vocabulary import MaskProvenance, Region, RegionMask
from landmark_annotator.projects.vocabulary.region import region_colours

_SAID = {
    MaskProvenance.DRAWN: "drawn",
    MaskProvenance.ACCEPTED: "accepted",
    MaskProvenance.PROPOSED: "proposed",
    MaskProvenance.IMPORTED: "imported",
}
_MOST_ROWS = 8
"""Seen at once; more of them are scrolled."""


class RegionPanel(QWidget):
    """Nothing where the scheme names no regions."""

    chosen = Signal(str)

    def __init__(self, regions: Sequence[Region], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Regions")
        self.tree.setHeaderLabels(["Region", "Mask"])
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side = round(14 * letters(self))
        self.tree.setIconSize(QSize(side, side))
        fit_columns(self.tree, {1: "proposed"})
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, self.tree.header().ResizeMode.Stretch)
        colours = region_colours(regions)
        self._rows: dict[str, QTreeWidgetItem] = {}
        for number, region in enumerate(regions, start=1):
            row = QTreeWidgetItem(self.tree, [region.name])
            row.setIcon(0, swatch(colours[region.name]))
            key = f"key {number}" if number < 10 else "no key"
            lies = "may lie on others" if region.overlaps else "shares no pixel with others"
            row.setToolTip(0, f"{region.name}: {key} while a tool for masks is in hand; {lies}")
            self._rows[region.name] = row
        self.tree.itemClicked.connect(lambda row: self.chosen.emit(row.text(0)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tree)
        self._limit()
        self.setVisible(bool(regions))

    def show_masks(self, masks: Mapping[str, RegionMask], current: str) -> None:
        for name, row in self._rows.items():
            found = masks.get(name)
            said = "" if found is None else _SAID[found.provenance]
            row.setText(1, said if found is None or found.mask else "not seen")
            kind = QPalette.ColorRole.PlaceholderText
            proposed = found is not None and found.provenance is MaskProvenance.PROPOSED
            row.setData(
                1,
                Qt.ItemDataRole.ForegroundRole,
                self.palette().color(kind) if proposed else None,
            )
        if current in self._rows:
            self.tree.setCurrentItem(self._rows[current])

    def _limit(self) -> None:
        rows = min(len(self._rows), _MOST_ROWS)
        high = self.tree.sizeHintForRow(0) if self._rows else 0
        head = self.tree.header().sizeHint().height()
        self.tree.setFixedHeight(head + rows * max(high, 1) + 4)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())
