"""What a person reads off the axes of a plot, from the strings that are painted."""

from datetime import datetime

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.style.axes import DateAxis
from landmark_annotator.annotator.gui.style.plots import Plot


def painted(plot: Plot, side: str) -> list[tuple[QRectF, str]]:
    """Where each number stands, in pixels of the axis, and what it says."""
    axis = plot.item.getAxis(side)
    for _ in range(3):  # an axis makes room for its numbers when it is painted
        plot.grab()
        QApplication.processEvents()
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setFont(axis.style["tickFont"] or QFont())
    _, _, texts = axis.generateDrawSpecs(painter)
    painter.end()
    return [(QRectF(place), text) for place, _, text in texts]


def wrong_numbers(plot: Plot) -> list[str]:
    """Numbers that are not what is drawn beside them, and those that are printed over others."""
    found = []
    view = plot.item.getViewBox()
    for side in ("bottom", "left"):
        axis = plot.item.getAxis(side)
        if not axis.isVisible():
            continue
        written = painted(plot, side)
        if len(written) < 2:
            found.append(f"{side}: only {len(written)} numbers")
        if "(x" in axis.labelString():
            found.append(f"{side}: {axis.labelString()}")
        for n, (place, text) in enumerate(written):
            found += [f"{side}: {text} over {o}" for at, o in written[:n] if at.intersects(place)]
            # Ticks with names, such as those of bars, are no numbers.
            if axis._tickLevels is not None:
                continue
            here = view.mapToView(view.mapFromScene(axis.mapToScene(place.center())))
            value = here.x() if side == "bottom" else here.y()
            per_pixel = view.viewPixelSize()[side == "left"]
            if isinstance(axis, DateAxis):
                said = f"{datetime.fromtimestamp(round(value + per_pixel)):%H %d %b %Y}"
                if not set(text.replace("\n", " ").replace(":", " ").split()) & set(said.split()):
                    found.append(f"{side}: {text} at {said}")
            elif abs(float(text.replace(",", "")) - value) > per_pixel + 1e-9:
                found.append(f"{side}: {text} at {value}")
    return found
