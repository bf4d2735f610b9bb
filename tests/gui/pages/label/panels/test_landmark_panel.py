"""The panel of landmarks: parts of the shape by name, how sure each is, what to ask for."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QStyleOptionViewItem

from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks
from landmark_annotator.annotator.gui.pages.label.panels.landmarks import (
    LandmarkPanel,
    deviations,
    group_titles,
)
from landmark_annotator.annotator.gui.pages.label.panels.legend import Legend
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.projects.store import Plan
from landmark_annotator.projects.vocabulary import Box, Provenance, Region, Scheme, Visibility


def test_groups_are_called_by_the_words_that_their_landmarks_share():
    scheme = Scheme.named("face68")
    titles = group_titles([[scheme.landmarks[i] for i in group] for group in scheme.groups])
    assert titles[:7] == [
        "jaw",
        "right brow",
        "left brow",
        "nose bridge",
        "nostril",
        "right eye",
        "left eye",
    ]


def test_a_group_is_not_called_by_the_small_words_at_the_ends_of_what_its_landmarks_share():
    groups = [["top of iris", "left of iris"], ["side of nose", "base of bridge"]]
    assert group_titles(groups) == ["iris", "side of nose to base of bridge"]


def test_groups_of_one_name_are_numbered():
    assert group_titles([["hip leg", "leg foot"], ["knee leg", "leg toe"]]) == ["leg 1", "leg 2"]


def test_no_group_is_called_by_the_name_of_a_landmark_that_is_in_another():
    groups = [["leg 1", "leg 2"], ["leg 3", "leg 4"]]
    assert group_titles(groups) == ["leg 1 to leg 2", "leg 3 to leg 4"]


def test_a_landmark_that_stands_alone_takes_no_number_from_the_groups():
    groups = [["wing tip", "wing"], ["wing 8"], ["wing end", "wing"]]
    assert group_titles(groups) == ["wing 1", "wing", "wing 2"]


def test_a_group_that_shares_no_word_is_called_by_its_first_and_last_landmark():
    """By the first alone, it would stand above a landmark of the same name."""
    assert group_titles([["top", "middle", "bottom"]]) == ["top to bottom"]


def test_where_all_landmarks_are_one_group_they_stand_without_a_heading(qtbot):
    fly = Scheme("fly", ("head", "thorax", "wing"), edges=((0, 1), (1, 2)))
    panel = LandmarkPanel(fly)
    qtbot.addWidget(panel)
    rows = [panel.tree.topLevelItem(row) for row in range(panel.tree.topLevelItemCount())]
    assert [row.text(0) for row in rows] == ["head", "thorax", "wing"]


def test_choosing_a_landmark_in_the_panel_asks_for_it(hands):
    panel = hands.window.landmarks
    panel.tree.itemClicked.emit(panel._rows[5], 0)
    assert hands.window.controller.asked == 5
    assert hands.text == "Click the tail, or Enter to accept"


def test_the_landmark_that_is_asked_for_stands_out(hands):
    panel, asked = hands.window.landmarks, hands.window.controller.asked
    bold = [landmark for landmark, row in panel._rows.items() if row.font(0).bold()]
    assert bold == [asked]


def test_a_row_that_was_chosen_by_hand_stands_out_no_more_once_another_is_asked_for(hands):
    panel, controller = hands.window.landmarks, hands.window.controller
    panel.tree.setCurrentItem(panel._rows[5])
    panel.tree.itemClicked.emit(panel._rows[5], 0)
    assert panel._rows[5].isSelected()
    hands.click(*hands.free_place())
    assert controller.asked != 5
    assert not panel.tree.selectedItems()


def test_what_a_person_placed_has_no_uncertainty_left(hands):
    asked = hands.window.controller.asked
    assert hands.window.landmarks._rows[asked].text(1) != ""
    hands.click(*hands.free_place())
    assert hands.window.landmarks._rows[asked].text(1) == ""


def test_the_uncertainty_is_the_deviation_along_the_worst_direction(hands):
    marks = hands.canvas.scene.marks
    largest = np.linalg.eigvalsh(marks.covariances[2])[-1]
    wide = np.linalg.norm(marks.points[1] - marks.points[3])
    assert deviations(marks)[2] == pytest.approx(100 * np.sqrt(largest) / wide)


def test_the_uncertainty_is_told_in_the_size_in_which_errors_are():
    points, sure = np.array([[0.0, 0.0], [30.0, 40.0]]), np.tile(np.eye(2), (2, 1, 1))
    seen = np.full(2, Visibility.VISIBLE)
    marks = Marks(
        Scheme("pair", ("a", "b")), points, sure, seen, (None, None), Box.whole_image(400, 300)
    )
    assert deviations(marks)[0] == pytest.approx(100 / 500)
    own = replace(marks, measured=Box(15.0, 20.0, 30.0, 40.0))
    assert deviations(own)[0] == pytest.approx(100 / 50)


def test_under_a_plan_it_counts_the_planned_ones(make_project, open_window):
    project = make_project()
    project.set_plan(Plan("m2", (0, 5)), who="lea")
    hands = open_window(project)
    hands.wait_for()
    assert hands.window.landmarks.progress.text() == "0 of the 2 planned landmarks placed"
    hands.key(Qt.Key.Key_C)
    assert hands.window.landmarks.progress.text() == "1 of the 2 planned landmarks placed"
    hands.key(Qt.Key.Key_C)
    assert hands.window.landmarks.progress.text() == "2 of the 2 planned landmarks placed"
    assert hands.window.controller.asked is None
    assert hands.text.startswith("Every planned landmark is placed.")


def test_what_a_file_brought_of_the_plan_counts_as_placed(qtbot):
    scheme = Scheme("three", ("a", "b", "c"))
    panel = LandmarkPanel(scheme)
    qtbot.addWidget(panel)
    brought = (Provenance.IMPORTED, Provenance.FILLED, None)
    seen = np.full(3, Visibility.VISIBLE)
    marks = Marks(scheme, np.zeros((3, 2)), np.full((3, 2, 2), np.nan), seen, brought)
    panel.show_marks(marks, can_accept=True, accepted=False, planned=(0,))
    assert panel.progress.text() == "1 of the 1 planned landmark placed"
    panel.show_marks(marks, can_accept=True, accepted=False, planned=(0, 1))
    assert panel.progress.text() == "1 of the 2 planned landmarks placed"


def test_it_counts_what_the_person_placed(hands):
    hands.click(*hands.free_place())
    hands.key(Qt.Key.Key_C)
    assert hands.window.landmarks.progress.text() == "2 landmarks placed by hand, of 6"


def test_how_unsure_one_is_that_may_be_anywhere_is_not_cut_off(qtbot):
    """ "1...%" was read where an animal of a video is lost."""
    scheme = Scheme("pair", ("a", "b"))
    panel = LandmarkPanel(scheme)
    qtbot.addWidget(panel)
    panel.resize(242, 320)
    panel.show()
    points, wide = np.array([[0.0, 0.0], [30.0, 40.0]]), np.tile(93.0**2 * np.eye(2), (2, 1, 1))
    seen = np.full(2, Visibility.VISIBLE)
    marks = Marks(scheme, points, wide, seen, (None, None), Box(15.0, 20.0, 30.0, 40.0))
    panel.show_marks(marks, can_accept=True, accepted=False)
    row = panel._rows[0]
    letters = QFontMetrics(row.font(1)).horizontalAdvance(row.text(1))
    room = panel.tree.visualRect(panel.tree.indexFromItem(row, 1)).width() - 6
    assert row.text(1) == "186 %"
    assert letters <= room


def test_how_probably_hidden_one_is_is_not_cut_off(qtbot):
    scheme = Scheme.named("face68")
    panel = LandmarkPanel(scheme)
    qtbot.addWidget(panel)
    panel.resize(242, 320)
    panel.show()
    count = len(scheme)
    points = np.random.default_rng(0).uniform(0, 100, (count, 2))
    marks = Marks(
        scheme,
        points,
        np.tile(np.eye(2), (count, 1, 1)),
        np.full(count, 2, np.int8),
        (None,) * count,
        Box(50, 50, 100, 100),
        asked=3,
        hidden=np.full(count, 0.79),
    )
    panel.show_marks(marks, can_accept=True, accepted=False)
    qtbot.waitUntil(lambda: panel.tree.verticalScrollBar().isVisible())
    row = panel._rows[3]
    letters = QFontMetrics(row.font(0)).horizontalAdvance(row.text(0))
    icon_and_margins = panel.tree.iconSize().width() + 12
    room = panel.tree.visualRect(panel.tree.indexFromItem(row, 0)).width() - icon_and_margins
    assert row.text(0) == "right jaw 4 (79 %)"
    assert letters <= room


@pytest.mark.parametrize(
    "said", ["left_ankle (not in the image)", "left_ankle (not in image)", "left_ankle"]
)
def test_of_what_is_not_in_the_image_the_whole_name_is_seen_however_narrow_the_row(qtbot, said):
    scheme = Scheme("man", ("left_ankle", "right_ankle"))
    panel = LandmarkPanel(scheme)
    qtbot.addWidget(panel)
    points, unsure = np.array([[np.nan] * 2, [10.0, 10.0]]), np.tile(np.eye(2), (2, 1, 1))
    seen = np.array([Visibility.NOT_LABELLED, Visibility.VISIBLE], dtype=np.int8)
    placed = (Provenance.INFERRED, None)
    marks = Marks(scheme, points, unsure, seen, placed, absent=frozenset((0,)), asked=0)
    panel.show_marks(marks, can_accept=True, accepted=False)
    tree = panel.tree
    option = QStyleOptionViewItem()
    option.initFrom(tree)
    bold = QFont(tree.font())
    bold.setBold(True)
    sign = tree.iconSize().width() + 12
    option.rect.setWidth(sign + QFontMetrics(bold).horizontalAdvance(said))
    tree.itemDelegate().initStyleOption(option, tree.model().index(0, 0))
    assert option.text == said
    assert tree.topLevelItem(0).text(0) == "left_ankle (not in the image)", "as it is read out"


def test_the_group_of_the_asked_landmark_opens_for_it_and_closes_after_it(qtbot):
    scheme = Scheme.named("face68")
    panel = LandmarkPanel(scheme)
    qtbot.addWidget(panel)
    panel.resize(260, 640)
    panel.show()
    marks = Marks(
        scheme,
        np.zeros((68, 2)),
        np.full((68, 2, 2), np.nan),
        np.full(68, 2, dtype=np.int8),
        (None,) * 68,
    )
    rows = {}
    for asked in (62, 3):
        panel.show_marks(replace(marks, asked=asked), can_accept=True, accepted=False)
        rows[asked] = panel._rows[asked]
        assert rows[asked].parent().isExpanded()
        seen = panel.tree.visualItemRect(rows[asked])
        assert panel.tree.viewport().rect().contains(seen)
    assert not rows[62].parent().isExpanded()


@pytest.fixture
def in_theme(qapp):
    yield lambda name: themes.apply(qapp, name)
    themes.apply(qapp)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_asked_for_has_the_colour_of_the_theme(hands, in_theme, theme):
    in_theme("dark" if theme == "light" else "light")
    row = hands.window.landmarks._rows[hands.window.controller.asked]
    in_theme(theme)
    wanted = QColor(themes.current().mark)
    role = Qt.ItemDataRole.ForegroundRole
    hands.qtbot.waitUntil(lambda: row.data(0, role) == wanted, timeout=20_000)


def test_what_is_asked_for_stays_in_sight_where_there_is_less_room(qtbot):
    scheme = Scheme.named("face68")
    panel = LandmarkPanel(scheme)
    qtbot.addWidget(panel)
    panel.resize(260, 1000)
    panel.show()
    marks = Marks(
        scheme,
        np.zeros((68, 2)),
        np.full((68, 2, 2), np.nan),
        np.full(68, 2, dtype=np.int8),
        (None,) * 68,
        asked=16,
    )
    panel.show_marks(marks, can_accept=True, accepted=False)
    tree, row = panel.tree, panel._rows[16]
    qtbot.waitUntil(lambda: tree.viewport().rect().contains(tree.visualItemRect(row)))
    panel.resize(260, 480)
    qtbot.waitUntil(lambda: tree.viewport().height() < 400)
    assert tree.viewport().rect().contains(tree.visualItemRect(row).center())


def test_before_anything_is_open_there_is_nothing_to_accept(qtbot):
    panel = LandmarkPanel(Scheme.named("face68"))
    qtbot.addWidget(panel)
    assert panel.accept.text() == "Accept and next"
    assert not panel.accept.isEnabled()


@pytest.fixture
def in_letters(qapp):
    yield lambda percent: themes.apply(qapp, "dark", percent)
    themes.apply(qapp)


@pytest.mark.parametrize("percent", [80, 100, 120, 140, 160, 180, 200])
def test_how_unsure_one_is_is_not_cut_off_in_letters_of_any_size(qtbot, in_letters, percent):
    """ "1...%" was read in the place of 10.9 % in letters of 160 %, for want of one pixel."""
    in_letters(percent)
    panel = LandmarkPanel(Scheme("pair", ("a", "b")))
    qtbot.addWidget(panel)
    panel.resize(340, 500)
    panel.show()
    panel._rows[0].setText(1, "88.8 %")
    tree = panel.tree
    qtbot.waitUntil(lambda: tree.columnWidth(1) >= tree.sizeHintForColumn(1), timeout=2_000)


def legend_of(panel):
    return panel.findChild(Legend)


def test_the_legend_leaves_most_of_a_low_column_to_the_list(qtbot, in_letters):
    panel = LandmarkPanel(Scheme.named("face68"))
    qtbot.addWidget(panel)
    panel.resize(260, 620)
    panel.show()
    legend = legend_of(panel)
    in_letters(100)
    qtbot.waitUntil(legend.lines.isVisible)
    in_letters(200)
    qtbot.waitUntil(legend.button.isVisible)
    assert legend.lines.isHidden()
    assert legend.height() < panel.height() / 6
    in_letters(100)
    qtbot.waitUntil(legend.lines.isVisible)
    assert legend.button.isHidden()


def test_regions_leave_room_for_the_legend_or_it_folds(qtbot, in_letters):
    """On a laptop its lines were drawn over each other, below a list of two landmarks."""
    named = tuple(Region(name) for name in "abcdefghij")
    panel = LandmarkPanel(replace(Scheme.named("face68"), regions=named))
    qtbot.addWidget(panel)
    in_letters(100)
    panel.resize(260, 620)
    panel.show()
    legend = legend_of(panel)
    qtbot.waitUntil(legend.button.isVisible)
    assert legend.lines.isHidden()
    panel.resize(260, 900)
    qtbot.waitUntil(legend.lines.isVisible)
    assert legend.lines.height() >= legend.lines.sizeHint().height()


def test_in_very_large_letters_the_legend_takes_no_width_of_the_photograph(qtbot, in_letters):
    panel = LandmarkPanel(Scheme.named("face68"))
    qtbot.addWidget(panel)
    panel.resize(500, 3000)
    panel.show()
    legend = legend_of(panel)
    in_letters(200)
    qtbot.waitUntil(legend.button.isVisible)
    assert panel.minimumSizeHint().width() < legend.lines.minimumSizeHint().width()


def test_a_folded_legend_is_seen_at_a_click(qtbot):
    panel = LandmarkPanel(Scheme.named("face68"))
    qtbot.addWidget(panel)
    panel.resize(260, 420)
    panel.show()
    legend = legend_of(panel)
    qtbot.waitUntil(legend.button.isVisible)
    qtbot.mouseClick(legend.button, Qt.MouseButton.LeftButton)
    [apart] = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not panel]
    words = " ".join(label.text() for label in apart.findChildren(QLabel))
    assert "placed by the model" in words
    apart.close()
