"""What stands on the axes of a plot is what was drawn, however often and however large."""

import itertools

import numpy as np
import pytest
from axis_numbers import painted, wrong_numbers
from pyqtgraph import InfLineLabel, TextItem
from PySide6.QtCore import SIGNAL, QPoint, QPointF, Qt, QThread
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.gui.style.plots import Plot


@pytest.fixture
def app(qapp):
    yield qapp
    themes.apply(qapp)


@pytest.fixture
def make_plot(qtbot):
    def make(highest: float = 0.05, **kinds) -> Plot:
        plot = Plot("Effort", "images", "hours", **kinds)
        plot.resize(420, 300)
        qtbot.addWidget(plot)
        draw(plot, highest)
        with qtbot.waitExposed(plot):
            plot.show()
        return plot

    return make


def draw(plot: Plot, highest: float) -> None:
    plot.begin()
    x = np.arange(1.0, 26.0)
    plot.dots(x, np.linspace(0, highest, 25))
    plot.from_zero(highest)
    QApplication.processEvents()


@pytest.mark.parametrize("highest", [3e-4, 0.05, 0.375, 0.999, 1.0, 12.0, 5e4, 2e9])
def test_the_numbers_are_what_is_drawn_however_often_it_is(make_plot, highest):
    plot = make_plot(highest)
    for _ in range(3):
        assert wrong_numbers(plot) == []
        draw(plot, highest)


def test_the_numbers_stay_in_every_size_theme_and_size_of_letters(app, make_plot):
    plot = make_plot()
    sizes, letters = ((160, 120), (420, 300), (1200, 700)), (80, 150, 200)
    for size, scale, theme in itertools.product(sizes, letters, ("light", "dark")):
        themes.apply(app, theme, scale)
        plot.resize(*size)
        draw(plot, 0.05)
        wrong = wrong_numbers(plot)
        if size[0] < 400:  # there may be room for one number only
            wrong = [said for said in wrong if "only" not in said]
        assert wrong == [], (size, scale, theme)


def test_what_is_counted_has_no_halves(make_plot):
    plot = make_plot(2.0, counted="xy")
    assert [text for _, text in painted(plot, "left")] == ["0", "1", "2"]


def test_a_single_point_with_its_name_has_its_number_below(make_plot):
    plot = make_plot(counted="x")
    plot.begin()
    x, y = np.array([30.0]), np.array([2.8])
    plot.line(x, y)
    plot.dots(x, y)
    plot.label(30.0, 2.8, "heatmap", anchor=(1, 0))
    plot.from_zero(2.8)
    assert [text for _, text in painted(plot, "bottom")] == ["30"]


def test_nothing_is_counted_below_zero(make_plot):
    plot = make_plot(2.0, counted="xy")
    plot.from_zero(30.0, x=True)
    plot.resize(900, 300)
    assert min(float(text) for _, text in painted(plot, "bottom")) == 0


def test_the_day_below_an_hour_is_whole(make_plot):
    plot = make_plot(10.0, dates=True)
    plot.begin()
    plot.line(1.77e9 + np.linspace(0, 600, 20), np.arange(20.0))
    assert any("\n" in text for _, text in painted(plot, "bottom"))
    axis = plot.item.getAxis("bottom")
    assert axis.height() >= 2 * plot.fontMetrics().lineSpacing() + axis.style["tickTextOffset"][1]


def test_points_at_the_edges_are_whole(make_plot):
    plot = make_plot(0.05)
    view = plot.item.getViewBox()
    whole = view.rect()
    for x, y in ((1.0, 0.0), (25.0, 0.05)):
        there = view.mapFromView(QPointF(x, y))
        assert min(there.x(), whole.right() - there.x()) > 6
        assert min(there.y(), whole.bottom() - there.y()) > 6


def test_the_wheel_changes_nothing(make_plot):
    plot = make_plot()
    before = plot.item.viewRange()
    middle = QPointF(plot.drawing.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(plot.drawing.mapToGlobal(middle.toPoint())),
        QPoint(0, 0),
        QPoint(0, 480),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot.drawing.viewport(), event)
    QApplication.processEvents()
    assert plot.item.viewRange() == before


@pytest.mark.parametrize("days", [0.01, 0.3, 1.0, 4.0, 40.0, 400.0, 4000.0])
def test_dates_are_written_side_by_side(make_plot, days):
    plot = make_plot(10.0, dates=True)
    plot.begin()
    begin = 1.77e9
    plot.line(begin + np.linspace(0, days * 86400, 20), np.arange(20.0))
    plot.from_zero(20.0)
    QApplication.processEvents()
    assert wrong_numbers(plot) == []


def test_what_was_written_before_is_let_go(make_plot):
    """It would be called while it is taken apart, which fails now and then."""
    plot = make_plot()
    for _ in range(3):
        draw(plot, 1.0)
        plot.level(0.5, "half")
        plot.label(3.0, 0.5, "here")
        plot.grab()
        QApplication.processEvents()
    scene = plot.drawing.scene()
    before = scene.receivers(SIGNAL("sigPrepareForPaint()"))
    draw(plot, 1.0)
    assert before - scene.receivers(SIGNAL("sigPrepareForPaint()")) == 2
    assert scene.receivers(SIGNAL("sigPrepareForPaint()")) < 2


def test_plots_of_a_page_are_made_in_different_turns_of_the_event_loop(qtbot):
    plots = [Plot(f"Plot {number}", "across", "up") for number in range(3)]
    for plot in plots:
        qtbot.addWidget(plot)
    made = [0]
    while made[-1] < len(plots) and len(made) < 1000:
        QThread.msleep(3)
        QApplication.processEvents()
        made.append(sum(plot._made is not None for plot in plots))
    assert made[-1] == len(plots)
    # Never two more at once.
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(made))


def test_a_plot_that_has_something_to_say_goes_on_saying_it(qtbot):
    plot = Plot("Plot", "across", "up")
    qtbot.addWidget(plot)
    plot.say("Nothing was accepted by hand yet.")
    qtbot.waitUntil(lambda: plot._made is not None)
    assert plot.currentWidget() is plot.nothing


def test_the_values_of_bars_stand_beside_the_axis_and_not_on_it(make_plot):
    plot = make_plot()
    plot.resize(300, 240)
    plot.begin()
    plot.bars(["a long name of what is measured", "short"], np.array([50.0, 0.4]))
    plot.from_zero(50.0, x=True)
    QApplication.processEvents()
    plot.grab()
    left = plot.item.getViewBox().sceneBoundingRect().left()
    written = [one for one in plot.item.items if hasattr(one, "textItem")]
    assert [one.toPlainText() for one in written] == ["50.00", "0.40"]
    assert all(one.sceneBoundingRect().left() >= left for one in written)


@pytest.mark.parametrize("scale", [80, 100, 200])
def test_names_of_points_that_lie_close_stand_apart(app, make_plot, scale):
    themes.apply(app, "dark", scale)
    plot = make_plot()
    names = ["JACK", "WFLW of 29", "face17", "MUCT of 31", "ibug 5"]
    x, y = [12.0, 12.5, 12.5, 13.0, 24.9], [0.02, 0.021, 0.02, 0.0195, 0.049]
    plot.names(x, y, names)
    for size in ((420, 300), (900, 500)):
        plot.resize(*size)
        plot.grab()
        written = [item for item in plot.item.items if isinstance(item, TextItem)]
        places = [item.mapRectToScene(item.boundingRect()) for item in written]
        room = plot.item.getViewBox().sceneBoundingRect()
        for place, other in itertools.combinations(places, 2):
            assert not place.adjusted(1, 1, -1, -1).intersects(other)
        assert all(room.adjusted(-1, -1, 1, 1).contains(place) for place in places)


@pytest.mark.parametrize("size", [(240, 180), (420, 300), (900, 500)])
def test_the_name_of_a_point_near_a_line_is_not_printed_over_it(make_plot, size):
    plot = make_plot()
    x = np.linspace(1.0, 25.0, 1000)
    y = 0.05 / x
    plot.line(x, y)
    plot.names([1.5], [0.025], ["no plan"])
    plot.resize(*size)
    plot.grab()
    [written] = [item for item in plot.item.items if isinstance(item, TextItem)]
    place = written.mapRectToScene(written.boundingRect())
    view = plot.item.getViewBox()
    on_line = (view.mapViewToScene(QPointF(*pair)) for pair in zip(x, y, strict=True))
    assert not any(place.contains(each) for each in on_line)


def test_bars_are_as_many_as_there_is_room_for(app, make_plot):
    themes.apply(app, "dark", 150)
    plot = make_plot()
    plot.begin()
    plot.item.enableAutoRange()
    names = [f"right brow {n}" for n in range(9)]
    plot.bars(names, np.linspace(4, 3, 9))
    rows = {}
    for height in (200, 900, 200):
        plot.resize(420, height)
        assert wrong_numbers(plot) == []
        rows[height] = [text for _, text in painted(plot, "left")]
    assert rows[900] == names
    assert rows[200] == names[: len(rows[200])] != names


def test_long_names_leave_room_for_bars(make_plot):
    plot = make_plot()
    plot.begin()
    plot.item.enableAutoRange()
    name = "Annabel Katharina Konstantinopoulou-Featherstonehaugh and ada: all"
    plot.bars([name, "chin"], np.array([2.0, 1.0]))
    for width in (320, 1200, 320):
        plot.resize(width, 300)
        plot.grab()  # of which the axis learns how wide it is
        QApplication.processEvents()
        plot.grab()
        assert plot.item.getViewBox().width() > 0.3 * width
        [long, short] = [text for _, text in painted(plot, "left")]
        assert (long == name) == (width == 1200)
        assert long.startswith("Annabel")
        assert long.endswith("ada: all")
        assert short == "chin"


def test_what_is_said_of_a_band_stands_below_it(qtbot, make_plot):
    plot = make_plot()
    plot.begin()
    plot.line(np.arange(3.0), np.arange(3.0))
    plot.level(9.0, "expected", spread=(8.8, 9.2))
    plot.from_zero(10.0)
    plot.grab()
    QApplication.processEvents()
    [said] = [each for each in plot.drawing.scene().items() if isinstance(each, InfLineLabel)]
    upper_edge = (
        plot.item.getViewBox().mapSceneToView(said.textItem.sceneBoundingRect().topLeft()).y()
    )
    assert upper_edge <= 8.8
