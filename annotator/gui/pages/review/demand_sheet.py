"""Asks how good shapes have to be and how certain that is to be, and says what it takes."""

from collections.abc import Callable

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QWidget,
)

from landmark_annotator.annotator.gui.widgets.decimal_field import DecimalField

_USUAL = (("Visible error above, % of {}", 7.0, 0.1, 100.0),
          ("Share of the shapes that may have it, %", 2.0, 0.0, 99.0),
          ("Confidence, %", 95.0, 50.0, 99.9))  # fmt: skip


class DemandSheet(QDialog):
    """`look` is called whenever a number is another, and says by `say` what it takes."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        divisor: str,
        done: Callable[[float, float, float], object],
    ) -> None:
        """divisor: of the scheme. done: gets the numbers, in percent, where they are taken."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self._form = form = QFormLayout(self)
        self.numbers = []
        for named, value, low, high in _USUAL:
            name = named.format(divisor)
            number = DecimalField()
            number.setAccessibleName(name)
            number.setDecimals(1)
            number.setRange(low, high)
            number.setValue(value)
            form.addRow(name, number)
            self.numbers.append(number)
        self.said = QLabel()
        self.said.setWordWrap(True)
        form.addRow(self.said)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Draw the first")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form.addRow(self.buttons)
        self.accepted.connect(lambda: done(*self.values))
        self.finished.connect(self.deleteLater)
        for number in self.numbers:
            number.valueChanged.connect(self.look)
        self.look()

    @property
    def values(self) -> tuple[float, float, float]:
        """The visible error, the share and the confidence."""
        visible, share, confidence = (number.value() for number in self.numbers)
        return visible, share, confidence

    def look(self) -> None:
        raise NotImplementedError

    def say(self, text: str, *, enough: bool) -> None:
        """enough: whether there is anything to draw from."""
        self.said.setText(text)
        if self.isVisible():
            # It is not fitted again by itself, and what is said may come late, in more lines.
            high = self._form.totalHeightForWidth(self.width())
            self.resize(self.width(), max(self.height(), high))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(enough)
