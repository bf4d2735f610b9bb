"""Asking for second opinions: how many, and what that would do, before anything is added."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.annotator.session.review.second_opinions import drawn
from landmark_annotator.projects.store import InstanceRecord
from landmark_annotator.projects.vocabulary.wording import counted

SEED = 0
"""Which ones are drawn is the same for everybody, as with `annotator agreement --ask`."""
_USUAL = 10


class SecondOpinionSheet(QDialog):
    """Enter asks for them, Esc adds nothing. Adds nothing itself."""

    wanted = Signal(int)
    """So many are to be drawn."""

    def __init__(self, free: Sequence[InstanceRecord], parent: QWidget) -> None:
        """free: the instances that can be drawn."""
        super().__init__(parent)
        self._free = free
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Ask for second opinions")
        self.setMinimumWidth(round(440 * min(letters(self), 1.6)))
        self.count = QSpinBox()
        self.count.setAccessibleName("How many objects")
        self.count.setRange(min(len(free), 1), len(free))
        self.count.setValue(_USUAL)
        self.count.setEnabled(bool(free))
        self.preview = QLabel()
        self.preview.setWordWrap(True)
        told = quiet(
            QLabel(
                "Whoever labels them again does not see the first labels, nor proposals that have "
                "learned from them. Undo does not take them out of the list; one that nobody has "
                "begun can be removed on the label page."
            )
        )
        told.setWordWrap(True)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ask = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ask.setText("&Ask")
        self.ask.setEnabled(bool(free))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        line = QFormLayout()
        line.addRow("&Objects:", self.count)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addLayout(line)
        for widget in (self.preview, told, buttons):
            column.addWidget(widget)
        self.count.valueChanged.connect(self._look)
        self.accepted.connect(lambda: self.wanted.emit(self.count.value()))
        self._look()
        self.count.selectAll()

    def _look(self) -> None:
        if not self._free:
            self.preview.setText(
                "No accepted object with a box is without a second opinion. Accept some first."
            )
            return
        chosen = drawn(self._free, self.count.value(), SEED)
        images = {record.image_id for record in chosen}
        self.preview.setText(
            f"{counted(len(chosen), 'object')} on {counted(len(images), 'image')}, drawn at "
            f"random from {len(self._free):,} accepted without a second opinion, would be listed "
            "once more beside the first one, for another person."
        )
