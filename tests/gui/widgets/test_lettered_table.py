"""Nothing of a table is cut off, whatever size the letters get while it is open."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from landmark_annotator.annotator.gui.pages.label.panels.image_list import CLICKS, ERROR, STATE
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.gui.style.restyling import Restyling
from landmark_annotator.annotator.gui.widgets.lettered_table import (
    NamesFirst,
    fit_columns,
    scroll_by_moving,
)
from tests.gui.conftest import KITE

LONGEST = {STATE: "\N{CHECK MARK} accepted", ERROR: "88.8 %", CLICKS: "Clicks"}


@pytest.fixture
def letters(qapp):
    """Changes their size, in %."""

    def change(percent: int) -> None:
        themes.apply(qapp, font_scale=percent)
        # What the change itself posts, and what follows from that.
        for _ in range(3):
            QApplication.processEvents()

    yield change
    themes.apply(qapp)


def cut(view) -> list[str]:
    """Texts that their columns have no room for."""
    wide = view.fontMetrics().horizontalAdvance
    header = view.horizontalHeader()
    return [text for column, text in LONGEST.items() if header.sectionSize(column) < wide(text) + 8]


@pytest.mark.parametrize("steps", [(150,), (150, 100), (200, 80), (80, 150)])
def test_the_columns_of_the_list_follow_the_letters(hands, letters, steps):
    for percent in steps:
        letters(percent)
        assert cut(hands.window.list) == []
        metrics = hands.window.list.fontMetrics()
        assert hands.window.list.verticalHeader().defaultSectionSize() > metrics.height()


@pytest.mark.parametrize("percent", [100, 125, 150])
def test_headings_have_the_room_that_the_theme_gives_them(hands, letters, percent):
    """With less, the last letters of "Clicks" are missing."""
    letters(percent)
    header = hands.window.list.horizontalHeader()
    for column in (STATE, ERROR, CLICKS):
        assert header.sectionSize(column) >= header.sectionSizeHint(column)


@pytest.mark.parametrize("height", [600, 900])
def test_names_keep_their_room_and_the_parts_come_back(hands, letters, height):
    """In a low window the legend folds itself, which left its part as wide as it was."""
    images, parts = hands.window.list, hands.window.label_page.parts
    hands.window.resize(hands.window.width(), height)
    letters(100)  # whatever a test before this one left
    parts.begin_with([360, 780, 300])
    before = parts.sizes()
    letters(150)
    name = images.fontMetrics().horizontalAdvance("kites_00.png")
    assert images.horizontalHeader().sectionSize(0) > name
    assert parts.sizes()[0] > before[0]
    letters(100)
    assert parts.sizes() == pytest.approx(before, abs=2)


def test_where_there_is_little_room_other_columns_leave_before_names_do(hands, letters):
    images, metrics = hands.window.list, hands.window.list.fontMetrics
    assert not any(images.isColumnHidden(column) for column in (STATE, ERROR, CLICKS))
    letters(150)
    parts = hands.window.label_page.parts
    whole = parts.sizes()
    parts.setSizes([200, sum(whole) - 200 - whole[2], whole[2]])
    QApplication.processEvents()
    assert images.isColumnHidden(CLICKS)
    assert images.horizontalHeader().sectionSize(0) > metrics().horizontalAdvance("88888888")
    letters(100)
    parts.setSizes(whole)
    QApplication.processEvents()
    assert not any(images.isColumnHidden(column) for column in (STATE, ERROR, CLICKS))


def test_the_open_image_has_its_whole_name_as_long_as_a_column_could_leave(hands, letters):
    """The picture beside the name, and the room round it, were told too small."""
    letters(100)
    images, parts = hands.window.list, hands.window.label_page.parts
    whole = parts.sizes()
    index = images.currentIndex().siblingAtColumn(0)
    name = str(index.data())
    option = QStyleOptionViewItem()
    option.initFrom(images)
    for wide in range(210, 400, 6):
        parts.setSizes([wide, sum(whole) - wide - whole[2], whole[2]])
        QApplication.processEvents()
        if images.isColumnHidden(STATE):
            continue
        option.rect = images.visualRect(index)
        images.itemDelegate().initStyleOption(option, index)
        assert option.text == name, wide


@pytest.mark.parametrize(("name", "left"), [("kites_00.png", False), ("2988554491_2.jpg", True)])
def test_longer_names_make_other_columns_leave_earlier(qtbot, name, left):
    table = QTableView()
    qtbot.addWidget(table)
    model = QStandardItemModel(3, 2)
    table.setModel(model)
    table.verticalHeader().hide()
    names = NamesFirst(table, "88888888", (1,), 10)
    fit_columns(table, {1: "accepted"}, names=names)
    wide = table.fontMetrics().horizontalAdvance
    table.resize(wide("2988554491_2") + wide("accepted") + 40, 200)
    table.show()
    qtbot.waitExposed(table)
    names.expect(name)
    assert table.isColumnHidden(1) == left


def test_a_column_that_left_for_large_letters_comes_back_with_small_ones(qtbot, letters):
    table = QTableView()
    qtbot.addWidget(table)
    table.setModel(QStandardItemModel(3, 3))
    # Made first, so told last: what the columns are as soon as they have followed.
    away = []
    Restyling(table).done.connect(lambda: away.append(table.isColumnHidden(2)))
    fit_columns(table, {1: "accepted", 2: "8,888"}, names=NamesFirst(table, "88888888", (2,), 10))
    letters(100)
    wide = table.fontMetrics().horizontalAdvance
    table.verticalHeader().hide()
    table.resize(wide("88888888") + wide("accepted") + wide("8,888") + 50, 200)
    table.show()
    qtbot.waitExposed(table)
    for percent in (200, 100):
        letters(percent)
    assert away[-2:] == [True, False]


def test_the_column_of_errors_of_the_landmarks_follows_the_letters(hands, letters):
    tree = hands.window.landmarks.tree
    letters(200)
    assert tree.header().sectionSize(1) > tree.fontMetrics().horizontalAdvance("88.8 %")


class Painted(QObject):
    """Pixels of what is painted of a widget while this watches it."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.pixels = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched, event):
        if event.type() == QEvent.Type.Paint:
            self.pixels += sum(part.width() * part.height() for part in event.region())
        return False


@pytest.mark.parametrize("restyled", [False, True])
def test_a_list_that_scrolls_by_a_row_is_not_painted_anew(qtbot, letters, restyled):
    window, table = QMainWindow(), QTableView()
    qtbot.addWidget(window)
    table.setModel(QStringListModel([f"image {number}" for number in range(200)]))
    scroll_by_moving(table)
    window.setCentralWidget(table)
    letters(100)
    window.resize(300, 600)
    window.show()
    qtbot.waitExposed(window)
    if restyled:
        letters(110)
    QApplication.processEvents()
    viewport, painted = table.viewport(), Painted(table.viewport())
    table.verticalScrollBar().setValue(1)
    QApplication.processEvents()
    assert 0 < painted.pixels < 0.2 * viewport.width() * viewport.height()


@pytest.mark.parametrize(
    ("page_key", "name"), [(Qt.Key.Key_2, "review"), (Qt.Key.Key_3, "compare")]
)
def test_landmarks_are_told_apart_in_narrow_windows(
    make_project, open_window, qtbot, letters, page_key, name
):
    long = [f"lower incisor tip, {side}" for side in ("left", "right")]
    scheme = replace(KITE, landmarks=(*KITE.landmarks[:4], *long))
    project = make_project(labelled=3, untouched=1, scheme=scheme)
    project.add_instance(
        project.instances()[-1].image_id,
        project.instances()[-1].box,
        shape=project.shape(project.instances()[-1].id),
        who="bob",
    )
    hands = open_window(project)
    hands.wait_for()
    letters(150)
    hands.window.resize(1000, 700)
    hands.key(page_key, Qt.KeyboardModifier.ControlModifier)
    page = hands.window.pages.page(name)
    table = page.landmarks if name == "compare" else page.history.table
    qtbot.waitUntil(lambda: page.settled and table.topLevelItemCount() == 6, timeout=20_000)
    wide = table.fontMetrics().horizontalAdvance
    qtbot.waitUntil(lambda: table.columnWidth(0) > wide(long[1]))


def test_in_a_narrow_window_the_photograph_under_review_keeps_more_than_its_list(
    make_project, open_window, qtbot, letters
):
    hands = open_window(make_project(labelled=3))
    hands.wait_for()
    letters(150)
    hands.window.resize(1000, 720)
    hands.key(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = hands.window.pages.page("review")
    qtbot.waitUntil(lambda: page.settled and page.canvas.width() >= 440, timeout=20_000)
