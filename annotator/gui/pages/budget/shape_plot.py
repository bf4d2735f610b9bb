"""The chosen points of a sparse format on the mean shape."""

from collections.abc import Collection

import numpy as np
import pyqtgraph as pg

from annotator.gui.style.plots import LINE, MARK, Plot, colour
from annotator.gui.style.themes import current
from projects.vocabulary import Scheme
from projects.vocabulary.arrays import Floats


class ShapePlot(Plot):
    def __init__(self, scheme: Scheme) -> None:
        super().__init__("", "", "")
        self._scheme = scheme
        self.drawing.setAccessibleName("The chosen points on the mean of the labelled shapes")
        self.item.setAspectLocked(True)
        self.item.invertY(True)
        self.item.hideAxis("left")
        self.item.hideAxis("bottom")

    def show_format(self, mean: Floats, chosen: Collection[int]) -> None:
        """mean: (L, 2), y down. The other landmarks are small."""
        self.begin()
        self.item.setTitle(None)
        self.item.showGrid(x=False, y=False)
        line = pg.mkPen(current().disabled, width=1.2)
        for a, b in self._scheme.edges:
            pair = mean[[a, b]]
            if np.isfinite(pair).all():
                self.item.plot(pair[:, 0], pair[:, 1], pen=line)
        self.dots(mean[:, 0], mean[:, 1], LINE, size=5)
        picked = mean[sorted(chosen)]
        self.item.plot(
            picked[:, 0],
            picked[:, 1],
            pen=None,
            symbol="s",
            symbolSize=13,
            symbolPen=pg.mkPen(current().text, width=1.2),
            symbolBrush=colour(MARK),
        )
        self.item.autoRange(padding=0.06)
