"""Asks how long a line is that was laid in a photograph, and so what a pixel measures."""

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QWidget,
)

from landmark_annotator.annotator.gui.widgets.decimal_field import DecimalField

_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "µm": 0.001, "m": 1000.0, "inch": 25.4}
"""In a unit."""


class LengthSheet(QDialog):
    """length: of the line, in pixels. known: millimetres a pixel of this image, as far as anybody
    knows. others: how many images have a size of their own, besides this one; None where
    it is not this person's to say it of all. What was chosen last stands in it the next time."""

    _last: tuple[float, str, int] = (10.0, "mm", 0)

    def __init__(
        self, parent: QWidget, length: float, known: float | None, others: int | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("What a pixel measures")
        self._length = length
        value, unit, of = LengthSheet._last
        self.number = DecimalField()
        self.number.setAccessibleName("Length of the line")
        self.number.setDecimals(3)
        self.number.setRange(0.001, 1e6)
        self.number.setValue(value)
        self.unit = QComboBox()
        self.unit.setAccessibleName("Unit")
        self.unit.addItems(list(_MILLIMETRES))
        self.unit.setCurrentText(unit)
        self.of = QComboBox()
        self.of.setAccessibleName("Of which images")
        besides = f" but {others:,} with a size of their own" if others else ""
        self.of.addItem("this image")
        if others is None:
            self.of.setToolTip("A lead of the project says it of all images")
        else:
            self.of.addItem(f"all images{besides}")
            self.of.setCurrentIndex(of)
        self.said = QLabel()
        self._known = known
        row = QHBoxLayout()
        row.addWidget(self.number, 1)
        row.addWidget(self.unit)
        form = QFormLayout(self)
        form.addRow(QLabel(f"The line is {length:,.1f} pixels long."))
        form.addRow("It measures", row)
        form.addRow("Of", self.of)
        form.addRow(self.said)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Store")
        self.forget = self.buttons.addButton(
            "&Unknown", QDialogButtonBox.ButtonRole.DestructiveRole
        )
        self.forget.setToolTip("Takes back what was said of a pixel")
        self.forget.setVisible(known is not None)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form.addRow(self.buttons)
        self.number.valueChanged.connect(self._tell)
        self.unit.currentTextChanged.connect(self._tell)
        self.accepted.connect(self._remember)
        self.finished.connect(self.deleteLater)
        self._tell()
        self.number.setFocus()
        self.number.selectAll()

    @property
    def mm_per_pixel(self) -> float:
        return self.number.value() * _MILLIMETRES[self.unit.currentText()] / self._length

    @property
    def everywhere(self) -> bool:
        """Whether it is said of all images."""
        return self.of.currentIndex() == 1

    def _tell(self) -> None:
        now = "" if self._known is None else f", and not {self._known:.4g} mm as now"
        self.said.setText(f"A pixel then measures {self.mm_per_pixel:.4g} mm{now}.")

    def _remember(self) -> None:
        LengthSheet._last = (
            self.number.value(),
            self.unit.currentText(),
            self.of.currentIndex(),
        )
