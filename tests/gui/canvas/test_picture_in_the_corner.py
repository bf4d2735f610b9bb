"""Where the picture of the scheme lies, that shows where the landmark asked for sits on it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPixmap

SIZE = 60


def where(hands) -> list[str]:
    """The upper corners of the view in which the picture is seen."""
    canvas = hands.canvas
    seen = canvas.grab().toImage()
    middle = 12 + 4 + SIZE // 2
    places = {"left": middle, "right": canvas.width() - middle}
    ratio = seen.devicePixelRatio()
    return [
        side
        for side, x in places.items()
        if seen.pixelColor(QPoint(x, middle) * ratio) == QColor("magenta")
    ]


@pytest.mark.parametrize(
    ("at", "side"), [((400, 300), "left"), ((40, 40), "right"), ((60, 110), "right")]
)
def test_it_covers_neither_the_landmark_that_is_asked_for_nor_its_name(hands, at, side):
    picture = QPixmap(SIZE, SIZE)
    picture.fill(QColor("magenta"))
    scene = hands.canvas.scene
    x, y = scene.viewport.to_screen(scene.marks.points[scene.marks.asked]).tolist()
    scene.viewport = replace(
        scene.viewport,
        left=scene.viewport.left + at[0] - x,
        top=scene.viewport.top + at[1] - y,
    )
    hands.canvas.show_picture(picture)
    assert where(hands) == [side]
