"""The chosen points of a sparse format on the mean shape."""

from collections.abc import Collection

import numpy as np
import pyqtgraph as pg
from typing_extensions import override

from landmark_annotator.annotator.gui.style.plots import LINE, MARK, Plot, colour
from landmark_annotator.annotator.gui.style.themes import current
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats


class ShapePlot(Plot):
    def __init__(self, scheme: Scheme) -> None:
        super().__init__("", "", "")
        self._scheme = scheme

    @override
    def _make(self) -> pg.PlotWidget:
        drawing = super()._make()
        drawing.setAccessibleName("The chosen points on the mean of the labelled shapes")
        item = drawing.getPlotItem()
        item.setAspectLocked(True)
        item.invertY(True)
        item.hideAxis("left")
        item.hideAxis("bottom")
        return drawing

    def show_format(self, mean: Floats, chosen: Collection[int]) -> None:
        """mean: (L, 2), y down. The other landmarks are small."""
        self.begin()
        self.item.setTitle(None)
        self.item.showGrid(x=False, y=False)
        if self._scheme.lines:
            # As one curve with gaps: an item for each line takes milliseconds.
            pairs = mean[np.array(self._scheme.lines)]
            gapped = np.full((len(pairs), 3, 2), np.nan)
            gapped[:, :2] = pairs
            line = pg.mkPen(current().disabled, width=1.2)
            x, y = gapped.reshape(-1, 2).T
            self.item.plot(x, y, pen=line, connect="finite")
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
