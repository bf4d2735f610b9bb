"""One photograph with one or both of two people's shapes."""

import numpy as np
from PySide6.QtCore import QLineF
from PySide6.QtGui import QPainter, QPaintEvent
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.geometry.viewport import uncrowded_radius
from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks
from landmark_annotator.annotator.gui.canvas.layers.signs import paint_sign, stroke
from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats

SIGNS = (None, Provenance.CLICKED)
"""The first person's landmarks are blue rings, the second's orange squares."""


class PairCanvas(Canvas):
    """Fitted, it shows where both people's shapes are, so that two of them show the same place."""

    def __init__(self) -> None:
        super().__init__()
        self._both: Floats | None = None
        self._second: Floats | None = None
        self.show_every_ellipse(False)

    def show_pair(
        self, scheme: Scheme, both: Floats, alone: int | None, pointed: int | None
    ) -> None:
        """both: (2, L, 2) image pixels, NaN where unknown. alone: 0 or 1 for one person's shape,
        None for both. pointed: a landmark that stands out."""
        shown = alone or 0
        self._both = both
        self._second = both[1] if alone is None else None
        self.scene.beside = both.reshape(-1, 2)
        size = both.shape[1]
        self.show_marks(
            Marks(
                scheme,
                both[shown],
                np.full((size, 2, 2), np.nan),
                np.full(size, Visibility.VISIBLE, dtype=np.int8),
                (SIGNS[shown],) * size,
                None,
                pointed,
                to_look_at=True,
            )
        )

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        hidden = self.scene.marks_hidden or self.scene.image_size is None
        if self._second is None or self._both is None or self.scene.marks is None or hidden:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            first, second = (self.scene.viewport.to_screen(points) for points in self._both)
            known = np.isfinite(first).all(axis=1) & np.isfinite(second).all(axis=1)
            lines = [QLineF(*a, *b) for a, b in zip(first[known], second[known], strict=True)]
            if lines:
                stroke(painter, canvas_colours.LABEL_TEXT, 1.4, lambda: painter.drawLines(lines))
            radius = uncrowded_radius(first, canvas_colours.POINT_RADIUS)
            for x, y in second[np.isfinite(second).all(axis=1)]:
                place = (float(x), float(y))
                paint_sign(painter, place, radius, SIGNS[1], Visibility.VISIBLE)
