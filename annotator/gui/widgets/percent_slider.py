"""A slider of percents with its number beside it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget


class PercentSlider(QWidget):
    chosen = Signal(int)
    """At once, while it is dragged as well."""

    def __init__(self, name: str, smallest: int, largest: int, value: int) -> None:
        """name: for screen readers."""
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(name)
        self.slider.setRange(smallest, largest)
        self.slider.setSingleStep(10)
        self.slider.setPageStep(25)
        self.slider.setValue(value)
        self.setFocusProxy(self.slider)
        # Else the letter of its label goes nowhere.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._number = QLabel(f"{value} %")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.slider, 1)
        line.addWidget(self._number)
        self.slider.valueChanged.connect(self._take)

    def _take(self, value: int) -> None:
        self._number.setText(f"{value} %")
        self.chosen.emit(value)
