"""The choice of a colour for what is drawn on photographs."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QMenu, QWidget

from landmark_annotator.annotator.gui.widgets.swatch import swatch

_COLOURS = {
    "orange": "#e69f00",
    "sky blue": "#56b4e9",
    "green": "#009e73",
    "yellow": "#f0e442",
    "blue": "#0072b2",
    "red": "#d55e00",
    "purple": "#cc79a7",
}
"""Okabe and Ito's, as on the canvas: people with any colour vision tell them apart."""


def ask_colour(below: QWidget, take: Callable[[str | None], None]) -> None:
    """A menu under a button. take: what is done with the colour, "#rrggbb", or None for the usual
    one; it is not called where nothing is chosen."""
    menu = QMenu(below)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def ask_for_another() -> None:
        dialog = QColorDialog(below.window())
        dialog.colorSelected.connect(lambda found: take(QColor(found).name()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    menu.addAction("The usual one").triggered.connect(lambda: take(None))
    for name, colour in _COLOURS.items():
        action = menu.addAction(swatch(colour), name.capitalize())
        action.triggered.connect(lambda _=False, colour=colour: take(colour))
    menu.addAction("Another\N{HORIZONTAL ELLIPSIS}").triggered.connect(ask_for_another)
    menu.popup(below.mapToGlobal(QPoint(0, below.height())))
