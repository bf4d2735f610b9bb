"""Plots in the colours of the theme. Imported only by pages that are made when first shown:
pyqtgraph takes a moment to load."""

from collections import deque
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QLabel, QStackedWidget
from shiboken6 import isValid
from typing_extensions import override

from landmark_annotator.annotator.gui.style.axes import DateAxis, NumberAxis
from landmark_annotator.annotator.gui.style.name_places import along, free_places
from landmark_annotator.annotator.gui.style.themes import current, quiet
from landmark_annotator.projects.vocabulary.arrays import Floats

pg.setConfigOptions(antialias=True)

_SHORTEST = 300.0
"""Seconds across a plot with dates, at least."""
_BEYOND = 1.5
"""Heights of a letter to the right of a plot, for half of the last number below it."""
_DATES = 2.5
"""Lines of letters below a plot with dates: an hour, its day, and the gap above them."""
_PAUSE_MS = 4
"""Between two steps of making plots: what the last one changed is painted in a turn of its own."""
_MOST_POINTS = 2_000
"""Of a line or a cloud: more than a plot has pixels for, and slow to draw."""
_MARGIN = 0.049
"""Round what is drawn, as a share of the plot: a point at the edge is a whole one. Less than one of
twenty steps, so that no number beyond the last is written in it."""

_LINES_BESIDE_BARS = 5
"""Heights of a letter for the title above bars, and the numbers and words below them."""
_NAMES_BESIDE_BARS = 0.45
"""Of a plot's width, at most: longer names would leave no room for bars."""
_NAMED_RADIUS = 6.0
"""Pixels of the sign of a point that has a name."""
_APART = 14.0
"""Pixels between a point and its name from which on a line joins them."""
_LARGEST_TITLE = 15.0
"""Points."""

LINE, MARK, THIRD = "#56b4e9", "#ffa51e", "#00cd96"
"""On the dark ground; Okabe and Ito's, as on the canvas. See `colour`."""
_ON_LIGHT = {LINE: "#0072b2", MARK: "#b85c00", THIRD: "#00785a"}


def colour(name: str) -> QColor:
    """One of LINE, MARK and THIRD, as it reads on the theme's ground."""
    return QColor(_ON_LIGHT[name] if current().name == "light" else name)


_to_make: deque["Plot"] = deque()


def _thinned(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Of too many points some from everywhere, the first and the last among them."""
    if len(x) <= _MOST_POINTS:
        return x, y
    kept = np.linspace(0, len(x) - 1, _MOST_POINTS).round().astype(int)
    return x[kept], y[kept]


def _make_later(plot: "Plot") -> None:
    """One in each turn of the event loop, so that what people do comes between."""
    _to_make.append(plot)
    if len(_to_make) == 1:
        QTimer.singleShot(_PAUSE_MS, _make_next)


def _make_next() -> None:
    plot, done = _to_make[0], True
    try:
        # Its page may be gone by now.
        done = not isValid(plot) or plot.made_ready()
    finally:
        # One that cannot be made keeps no other waiting.
        if done:
            _to_make.popleft()
        if _to_make:
            QTimer.singleShot(_PAUSE_MS, _make_next)


class Plot(QStackedWidget):
    """A titled plot, or in its place why there is nothing to see yet.

    across, up: what the axes say. dates: whether x is seconds since 1970. counted: which of "x"
    and "y" are whole numbers. What a plot shows, it shows as it is: no axis changes its unit, and
    no wheel its range.
    """

    def __init__(
        self, title: str, across: str, up: str, *, dates: bool = False, counted: str = ""
    ) -> None:
        super().__init__()
        self._title, self._across, self._up = title, across, up
        self._dates, self._counted = dates, counted
        self._made: pg.PlotWidget | None = None
        self._marked: pg.PlotDataItem | None = None
        self._named: list[tuple[QPointF, pg.TextItem, pg.PlotCurveItem]] = []
        """Points with their names, and a line to each name that stands apart."""
        self._lines: list[tuple[Floats, Floats]] = []
        """Over which no name is printed."""
        self._barred: tuple[Sequence[str], Floats] = ((), np.empty(0))
        self._bar_items: list[pg.GraphicsObject] = []
        self._bar_names: list[str] = []
        """As there is room for them."""
        self.nothing = quiet(QLabel())
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.setMargin(20)
        self.addWidget(self.nothing)
        _make_later(self)

    @property
    def drawing(self) -> pg.PlotWidget:
        """Made when it is first asked for, or a moment after the page is there: several at once
        would hold the window for a tenth of a second."""
        if self._made is None:
            self._made = self._make()
            self.addWidget(self._made)
        return self._made

    def _make(self) -> pg.PlotWidget:
        below = (
            DateAxis("bottom") if self._dates else NumberAxis("bottom", whole="x" in self._counted)
        )
        beside = NumberAxis("left", whole="y" in self._counted)
        axes = {"bottom": below, "left": beside}
        drawing = pg.PlotWidget(axisItems=axes, enableMenu=False)
        drawing.setMouseEnabled(x=False, y=False)
        view = drawing.getPlotItem().getViewBox()
        view.setDefaultPadding(_MARGIN)
        view.sigTransformChanged.connect(self._place_names)
        drawing.setAccessibleName(self._title)
        drawing.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        drawing.setMenuEnabled(False)
        drawing.hideButtons()
        if self._dates:
            # What was done at once is not stretched over the plot.
            view.setLimits(minXRange=_SHORTEST)
        elif "x" in self._counted:
            # A single point with its name has no width of its own, and no number would be below.
            view.setLimits(minXRange=1.0)
        return drawing

    @property
    def item(self) -> pg.PlotItem:
        return self.drawing.getPlotItem()

    def made_ready(self) -> bool:
        """Does one of two steps: makes the axes, and has them seen where there is nothing else to
        see already. Returns whether that was the last."""
        if self._made is None:
            assert self.drawing is not None
            return False
        if self.currentWidget() is self.nothing and not self.nothing.text():
            self.begin()
        return True

    def call(self, title: str) -> None:
        """From when it is next drawn, or says something."""
        self._title = title
        if self._made is not None:
            self._made.setAccessibleName(title)

    def begin(self, *, across: str | None = None, up: str | None = None) -> None:
        """Empty, in the colours of the theme as it is now. across, up: what the axes say from
        now on, where that has changed."""
        self._across = self._across if across is None else across
        self._up = self._up if up is None else up
        theme = current()
        self._let_texts_go()
        self.item.clear()
        self._marked, self._named, self._lines, self._bar_items = None, [], [], []
        if self.item.legend is not None:
            self.item.legend.clear()
        self.drawing.setBackground(theme.base)
        # A title wider than the plot would push its right side out of sight.
        size = min(1.1 * self.font().pointSizeF(), _LARGEST_TITLE)
        self.item.setTitle(self._title, color=theme.text, size=f"{size:.1f}pt")
        beyond = round(_BEYOND * self.fontMetrics().height())
        for name, text in (("bottom", self._across), ("left", self._up)):
            axis = self.item.getAxis(name)
            axis.setPen(theme.quiet)
            axis.setTextPen(theme.quiet)
            points = f"{self.font().pointSizeF():.1f}pt"
            axis.setLabel(text, color=theme.quiet, **{"font-size": points})
            # The last number below may stand out into the margin on the right.
            axis.setStyle(tickFont=self.font(), hideOverlappingLabels=beyond)
            if name == "bottom" and self._dates:
                # pyqtgraph's own height holds four fifths of the two lines.
                axis.setHeight(round(_DATES * self.fontMetrics().lineSpacing()))
        self.item.layout.setContentsMargins(4, 2, beyond, 6)
        self.item.showGrid(y=True, alpha=0.15)
        self.setCurrentWidget(self.drawing)

    def _let_texts_go(self) -> None:
        """pyqtgraph leaves what it writes connected to the scene, which would call it even while
        it is taken apart."""
        scene = self.drawing.scene()
        for written in scene.items():
            if isinstance(written, pg.TextItem) and written._lastScene is scene:
                scene.sigPrepareForPaint.disconnect(written.updateTransform)
                written._lastScene = None

    def say(self, why: str) -> None:
        """In place of the plot."""
        self.nothing.setText(f"<b>{self._title}</b><br><br>{why}")
        self.setCurrentWidget(self.nothing)

    def line(
        self, x: Floats, y: Floats, name: str = LINE, *, width: float = 2.0, dashed: bool = False
    ) -> None:
        style, shown = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine, _thinned(x, y)
        self.item.plot(*shown, pen=pg.mkPen(colour(name), width=width, style=style))
        self._lines.append(shown)

    def dots(
        self, x: Floats, y: Floats, name: str = LINE, *, size: float = 5, symbol: str = "o"
    ) -> None:
        brush, shown = colour(name), _thinned(x, y)
        self.item.plot(
            *shown, pen=None, symbol=symbol, symbolSize=size, symbolPen=None, symbolBrush=brush
        )

    def mark(self, x: Sequence[float], y: Sequence[float]) -> None:
        """A large square at each of these, in the place of those that were marked before."""
        if self._marked is None:
            edge = pg.mkPen(current().text, width=1.2)
            style = {"symbolSize": 13, "symbolPen": edge, "symbolBrush": colour(MARK)}
            self._marked = self.item.plot([], [], pen=None, symbol="s", **style)
        self._marked.setData(x, y)

    def level(
        self,
        at: float,
        text: str,
        name: str = MARK,
        *,
        spread: tuple[float, float] | None = None,
        dashed: bool = True,
        above: bool = False,
    ) -> None:
        """A level from edge to edge, with what it is. spread: a band round it, below which it is
        said, for letters are higher than most bands."""
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        pen = pg.mkPen(colour(name), width=1.4, style=style)
        beside = pg.InfiniteLine(at, angle=0, pen=pen)
        self.item.addItem(beside)
        if spread is not None:
            tone = colour(name)
            tone.setAlpha(45)
            region = pg.LinearRegionItem(
                spread, orientation="horizontal", brush=tone, pen=pg.mkPen(None), movable=False
            )
            self.item.addItem(region)
            beside = region.lines[0]
        anchor = (0, 1) if above else (0, 0)
        said = {"position": 0.02, "anchors": [anchor, anchor], "color": current().text}
        pg.InfLineLabel(beside, text, **said)

    def band(self, x: Floats, low: Floats, high: Floats, name: str = LINE) -> None:
        """Filled between the two."""
        tone = colour(name)
        tone.setAlpha(45)
        edges = [pg.PlotCurveItem(x, y, pen=pg.mkPen(None)) for y in (low, high)]
        for edge in edges:
            self.item.addItem(edge)
        self.item.addItem(pg.FillBetweenItem(*edges, brush=tone))

    def label(self, x: float, y: float, text: str, *, anchor: tuple[float, float] = (0, 1)) -> None:
        written = pg.TextItem(text, color=current().text, anchor=anchor)
        self.item.addItem(written)
        written.setPos(x, y)

    def names(self, x: Sequence[float], y: Sequence[float], texts: Sequence[str]) -> None:
        """Beside points that were drawn; none is printed over another, however close they lie, or
        over a line."""
        for across, up, text in zip(x, y, texts, strict=True):
            written = pg.TextItem(text, color=current().text)
            leader = pg.PlotCurveItem(pen=pg.mkPen(current().quiet, width=0.8))
            for each in (leader, written):
                self.item.addItem(each, ignoreBounds=True)
            self._named.append((QPointF(across, up), written, leader))
        self._place_names()

    def _place_names(self) -> None:
        """Where pixels have room for them now."""
        if not self._named:
            return
        view = self.item.getViewBox()
        points = np.array([view.mapFromView(at).toTuple() for at, _, _ in self._named])
        rooms = [text.boundingRect() for _, text, _ in self._named]
        sizes = np.array([(room.width(), room.height()) for room in rooms])
        room = (view.rect().width(), view.rect().height())
        lines = [self._in_pixels(*xy) for xy in self._lines]
        drawn = np.vstack([np.empty((0, 2)), *(along(line, room) for line in lines)])
        places = free_places(points, sizes, room, _NAMED_RADIUS, drawn)
        for (at, written, leader), point, place, size in zip(
            self._named, points, places, sizes, strict=True
        ):
            written.setPos(view.mapToView(QPointF(*place)))
            end = np.clip(point, place, place + size)
            apart = float(np.hypot(*(end - point))) > _APART
            to = view.mapToView(QPointF(*end))
            leader.setData([at.x(), to.x()], [at.y(), to.y()])
            leader.setVisible(apart)

    def _in_pixels(self, x: Floats, y: Floats) -> Floats:
        """(N, 2) of the view; without those that have no place."""
        view = self.item.getViewBox()
        pairs = zip(x.tolist(), y.tolist(), strict=True)
        found = np.array([view.mapFromView(QPointF(*pair)).toTuple() for pair in pairs])
        return found[np.isfinite(found).all(axis=1)] if len(found) else np.empty((0, 2))

    def bars(self, names: Sequence[str], values: Floats) -> None:
        """Lying ones, the first on top, each with its name and value; the last ones leave where
        their names would be printed over each other. The values begin where the bars do: no bar is
        too short for its own."""
        self._barred, self._bar_items = (names, values), []
        self._draw_bars()

    def _draw_bars(self) -> None:
        """As many as there is room for now."""
        names, values = self._barred
        line = self.fontMetrics().height()
        rows = min(len(values), max(int(self.height() / line - _LINES_BESIDE_BARS), 1))
        room, middle = int(_NAMES_BESIDE_BARS * self.width()), Qt.TextElideMode.ElideMiddle
        fitting = [self.fontMetrics().elidedText(name, middle, room) for name in names[:rows]]
        if not rows or (len(self._bar_items) == 1 + rows and fitting == self._bar_names):
            return
        self._bar_names = fitting
        for item in self._bar_items:
            self.item.removeItem(item)
        y, values = -np.arange(rows, dtype=float), values[:rows]
        tone = colour(LINE)
        tone.setAlpha(150)
        drawn = pg.BarGraphItem(x0=0, y=y, height=0.7, width=values, brush=tone, pen=None)
        self._bar_items = [drawn]
        self.item.getAxis("left").setTicks([list(zip(y.tolist(), fitting, strict=True))])
        for height, value in zip(y.tolist(), values.tolist(), strict=True):
            text = pg.TextItem(f"{value:.2f}", color=current().text, anchor=(-0.1, 0.5))
            text.setPos(0, height)
            self._bar_items.append(text)
        for item in self._bar_items:
            self.item.addItem(item)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._bar_items:
            self._draw_bars()

    def from_zero(self, highest: float, *, x: bool = False) -> None:
        """The axis goes from 0 to `highest`, with a margin in which points at both are whole."""
        top = highest if highest > 0 else 1.0
        (self.item.setXRange if x else self.item.setYRange)(0, top, padding=_MARGIN)
