"""Sliders for how the photograph is shown."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QSlider, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.layers.tone import Tone
from landmark_annotator.annotator.gui.pages.label.panels.quiet_corner import quiet_corner

_STEPS = 100
_MOST_GAMMA = 4.0
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OWN = (*_ENTER, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class ToneSheet(QDialog):
    """Stays open beside the object; every move of a slider shows at once.

    A tool window has the shortcuts of its parent, so the key that opens it reaches it, too; but
    Enter, which accepts an image in the window, is done with the sheet here, and Tab, which asks
    for another landmark there, goes to the next slider.
    """

    changed = Signal(Tone)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setWindowTitle("Brightness and contrast")
        self.tone = Tone()
        rows = QFormLayout(self)
        self.sliders: dict[str, QSlider] = {}
        for name, title in (
            ("brightness", "&Brightness"),
            ("contrast", "&Contrast"),
            ("gamma", "&Shadows (gamma)"),
        ):
            slider = QSlider(Qt.Orientation.Horizontal)
            slider.setRange(-_STEPS, _STEPS)
            slider.setMinimumWidth(220)
            slider.setAccessibleName(title.replace("&", ""))
            slider.valueChanged.connect(self._take)
            rows.addRow(title, slider)
            self.sliders[name] = slider
        rows.addRow(QLabel("Only what you see changes; the image file stays as it is."))
        buttons = QDialogButtonBox()
        again = buttons.addButton("&As it is", QDialogButtonBox.ButtonRole.ResetRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Close)
        again.clicked.connect(self._reset)
        buttons.rejected.connect(self.reject)
        rows.addRow(buttons)

    def open_beside(self, canvas: QRect, free: QRect) -> None:
        """In the corner of the canvas where it hides the least of `free`; both on the screen."""
        self.move(quiet_corner(self.sizeHint(), canvas, free))
        self.show()
        self.activateWindow()
        self.sliders["brightness"].setFocus()

    @override
    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _OWN
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self.accept()
        else:
            super().keyPressEvent(event)

    def switch(self, **switches: bool) -> None:
        """Turns grey or equalised on or off."""
        self.tone = replace(self.tone, **switches)
        self.changed.emit(self.tone)

    def _take(self) -> None:
        share = {name: slider.value() / _STEPS for name, slider in self.sliders.items()}
        self.tone = replace(
            self.tone,
            brightness=share["brightness"],
            contrast=share["contrast"],
            gamma=_MOST_GAMMA ** share["gamma"],
        )
        self.changed.emit(self.tone)

    def _reset(self) -> None:
        for slider in self.sliders.values():
            slider.setValue(0)
