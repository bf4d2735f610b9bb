"""The page of the preferences about what is painted over the photograph."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QPushButton, QWidget

from landmark_annotator.annotator.gui.services.preferences import (
    LARGEST_MARK,
    PALETTES,
    SMALLEST_MARK,
    Preferences,
)
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.gui.widgets.percent_slider import PercentSlider

_TITLES = {
    "usual": "Usual: for any colour vision",
    "vivid": "Vivid: for grey photographs, such as X-rays",
    "lightness": "Light and dark: told apart without colours",
}
_SIZES = {
    "point_size": ("P&oints:", "Size of points in percent"),
    "line_width": ("L&ines:", "Width of lines in percent"),
    "ellipse_strength": ("&Ellipses:", "Strength of ellipses in percent"),
}


class MarksPreferences(QWidget):
    preferred = Signal(dict)
    """Some preferences by name, at once."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        rows = QFormLayout(self)
        rows.setContentsMargins(18, 18, 18, 18)
        rows.setVerticalSpacing(14)
        self.sizes: dict[str, PercentSlider] = {}
        for name, (title, spoken) in _SIZES.items():
            value = getattr(preferences, name)
            slider = PercentSlider(spoken, SMALLEST_MARK, LARGEST_MARK, value)
            slider.chosen.connect(partial(self._prefer, name))
            self.sizes[name] = slider
            rows.addRow(title, slider)
        self.palette_choice = QComboBox()
        self.palette_choice.setAccessibleName("Colours of landmarks")
        for name in PALETTES:
            self.palette_choice.addItem(_TITLES[name], name)
        self.palette_choice.setCurrentIndex(PALETTES.index(preferences.palette))
        self.palette_choice.currentIndexChanged.connect(
            lambda: self._prefer("palette", self.palette_choice.currentData())
        )
        rows.addRow("&Colours:", self.palette_choice)
        usual = QPushButton("As at &first")
        usual.setAutoDefault(False)
        usual.clicked.connect(self._begin_again)
        rows.addRow(usual)
        told = QLabel(
            "In every palette each kind of landmark keeps a shape of its own. Landmarks to which "
            "the scheme gives a colour keep it."
        )
        told.setWordWrap(True)
        rows.addRow(quiet(told))

    def _prefer(self, name: str, value: object) -> None:
        self.preferred.emit({name: value})

    def _begin_again(self) -> None:
        for slider in self.sizes.values():
            slider.slider.setValue(100)
        self.palette_choice.setCurrentIndex(0)
