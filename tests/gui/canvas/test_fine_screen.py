"""On a screen with two device pixels for each pixel, all is as large as before, and finer."""

import os
import subprocess
import sys

from PySide6.QtGui import QImage

_SCRIPT = """
import sys
import numpy as np
from PySide6.QtCore import QPointF
from landmark_annotator.annotator.gui.services.application import application
from landmark_annotator.annotator.gui.canvas.layers.backdrop import Pyramid
from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks
from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.projects.vocabulary import Provenance, Scheme
app = application()
canvas = Canvas()
canvas.resize(400, 320)
canvas.show()
points = np.array([[60.0, 60.0], [140.0, 90.0]])
marks = Marks(
    Scheme("pair", ("left end", "right end")), points, np.full((2, 2, 2), np.nan),
    np.full(2, 2, np.int8), (Provenance.CLICKED, None), asked=1,
)
canvas.show_marks(marks)
canvas.show_image(Pyramid(np.full((200, 200, 3), 90, np.uint8)))
canvas.scene.fit("image")
app.processEvents()
canvas.grab().toImage().save(sys.argv[1])
"""


def picture(path, scale: str) -> QImage:
    environment = {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
    command = [sys.executable, "-c", _SCRIPT, str(path)]
    subprocess.run(command, check=True, timeout=120, env={**os.environ, **environment})
    return QImage(str(path))


def test_a_point_is_as_large_and_finer(tmp_path):
    usual, fine = picture(tmp_path / "1.png", "1"), picture(tmp_path / "2.png", "2")
    assert (fine.width(), fine.height()) == (2 * usual.width(), 2 * usual.height())
    assert 3 <= orange(fine) / orange(usual) <= 5
    smaller = fine.scaled(usual.size())
    alike = sum(
        abs(smaller.pixelColor(x, y).lightness() - usual.pixelColor(x, y).lightness()) < 40
        for x in range(0, usual.width(), 4)
        for y in range(0, usual.height(), 4)
    )
    assert alike > 0.95 * (usual.width() // 4) * (usual.height() // 4)


def orange(image: QImage) -> int:
    """Pixels of the clicked point, which is in the left half."""
    return sum(
        colour.red() > 200 and 100 < colour.green() < 200 and colour.blue() < 90
        for x in range(image.width() // 2)
        for y in range(image.height())
        for colour in [image.pixelColor(x, y)]
    )
