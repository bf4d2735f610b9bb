"""The names beside the cursor: said before a press, and found by what the press will use."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from landmark_annotator.annotator.gui.canvas.geometry.aim import Aim
from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.projects.vocabulary import Provenance

_GAP = 16.0
"""Screen pixels between the cursor and the names, so that they hide nothing that is aimed at."""
_MARGIN = 6.0


@dataclass(frozen=True)
class CursorName:
    """asked: in the colour of the landmark that is asked for."""

    text: str
    asked: bool


def cursor_names(
    aim: Aim | None, marks: Marks, *, resting: bool, exact: bool = False
) -> tuple[CursorName, ...]:
    """One line, or two where a click is about another landmark than a drag or a key.

    resting: keys act on the landmark that is asked for, see `Scene`. exact: with Shift a drag is
    about what a click is.
    """
    if aim is None:
        return ()
    names, asked = marks.scheme.landmarks, marks.asked
    if marks.to_look_at or asked is None:
        placed = "place " if aim.places else ""
        return (CursorName(f"{placed}{names[aim.clicked]}", False),)
    if aim.places:
        click = names[aim.clicked] if aim.clicked == asked else f"place {names[aim.clicked]}"
    else:
        click = f"take {names[aim.clicked]}"
    lines = [CursorName(click, aim.places and aim.clicked == asked)]
    if exact and resting:
        return tuple(lines)
    if aim.under is not None and aim.under != aim.clicked:
        hands = "keys" if exact else "drag" if resting else "drag, keys"
        lines.append(CursorName(f"{hands}: {names[aim.under]}", False))
    elif aim.clicked != asked and (resting or aim.under is None):
        lines.append(CursorName(f"keys: {names[asked]}", True))
    return tuple(lines)


def after_placing(
    names: Sequence[CursorName], placed: int | None, marks: Marks
) -> tuple[CursorName, ...]:
    """While the hand is still on what it has just placed, keys are of two landmarks: that it is
    hidden is said of what was placed, that one is not in the image of the one asked for."""
    asked, landmarks = marks.asked, marks.scheme.landmarks
    if placed is None or asked is None or asked == placed or marks.to_look_at:
        return tuple(names)
    told = [] if any("keys: " in name.text for name in names) else [f"keys: {landmarks[placed]}"]
    of_own = (CursorName(text, False) for text in told)
    # A key as well: by itself it would read as what the program thinks.
    return (*names, *of_own, CursorName(f"key for not in the image: {landmarks[asked]}", True))


def while_held(held: int | None, marks: Marks) -> tuple[CursorName, ...]:
    """What a hand would wonder about that moves a landmark: where it is on a contour only that is
    said, so that it lies beside the cursor, along the contour."""
    if held is None or marks.provenance[held] is not Provenance.TRACED:
        return ()
    name = marks.scheme.landmarks[held]
    return (CursorName(f"contour of {name}; with Shift its very place", False),)


def paint_cursor_names(
    painter: QPainter,
    lines: Sequence[CursorName],
    cursor: QPointF,
    size: tuple[float, float],
    font: QFont,
    beside: float,
    taken: QRectF,
) -> None:
    """As `names_plate` places them."""
    if not lines:
        return
    metrics = QFontMetricsF(font)
    plate = names_plate(lines, cursor, size, metrics, beside, taken)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(canvas_colours.LABEL_BACKGROUND)
    painter.drawRoundedRect(plate, 4, 4)
    painter.setFont(font)
    for number, line in enumerate(lines):
        painter.setPen(canvas_colours.ASKED if line.asked else canvas_colours.LABEL_TEXT)
        row = plate.adjusted(_MARGIN, _MARGIN / 2 + number * metrics.height(), 0, 0)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, line.text)


def names_plate(
    lines: Sequence[CursorName],
    cursor: QPointF,
    size: tuple[float, float],
    metrics: QFontMetricsF,
    beside: float,
    taken: QRectF,
) -> QRectF:
    """size: (width, height) of the view. beside: the radius round the cursor to keep free. taken:
    where another name stands, which stays to be read where there is room beside it."""
    width = max(metrics.horizontalAdvance(line.text) for line in lines) + 2 * _MARGIN
    height = len(lines) * metrics.height() + _MARGIN
    off = max(_GAP, beside + 4.0)
    across = (cursor.x() + off, cursor.x() - off - width)
    if beside:
        across = (cursor.x() - width / 2, cursor.x() - off - width)
    # On the other side of the cursor where the view ends, never over it.
    left_first = across[0] + width > size[0]
    up_first = cursor.y() + off + height > size[1]
    places = [
        QRectF(max(left, 0.0), max(top, 0.0), width, height)
        for left in across[:: -1 if left_first else 1]
        for top in (cursor.y() + off, cursor.y() - off - height)[:: -1 if up_first else 1]
    ]
    view = QRectF(0.0, 0.0, *size)
    free = (each for each in places if view.contains(each) and not each.intersects(taken))
    return next(free, places[0])
