"""The photograph keeps room in a narrow window and beside large letters."""

import pytest
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.gui.widgets.side_parts import SideParts


@pytest.fixture
def parts(qtbot, qapp):
    themes.apply(qapp)
    made = SideParts(QWidget(), QWidget(), QWidget())
    made.resize(1500, 300)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.begin_with((420, 830, 240))
    yield made
    themes.apply(qapp)


def test_the_sides_give_way_in_a_window_that_gets_narrower(parts):
    before = parts.sizes()
    parts.resize(1000, 300)
    left, middle, right = parts.sizes()
    assert middle >= 448
    assert left + right < before[0] + before[2]
    assert left / right == pytest.approx(before[0] / before[2], rel=0.05)


def test_larger_letters_leave_half_of_it_too(parts, qapp, qtbot):
    parts.resize(1000, 300)
    before = parts.sizes()
    themes.apply(qapp, "dark", 200)
    qtbot.wait(50)
    assert parts.sizes()[1] >= 448
    themes.apply(qapp, "dark", 100)
    qtbot.waitUntil(lambda: parts.sizes() == pytest.approx(before, abs=4))


def test_what_one_side_cannot_give_the_other_gives(parts):
    parts.widget(2).setMinimumWidth(400)
    parts.resize(1000, 300)
    _, middle, right = parts.sizes()
    assert right >= 400
    assert middle >= 440


def test_what_the_search_line_is_for_is_read_in_a_narrow_list(hands):
    browser = hands.window.label_page.browser
    hands.window.label_page.parts.setSizes([220, 900, 240])
    hands.qtbot.waitUntil(lambda: browser.width() < 260)
    letters = browser.name.fontMetrics().horizontalAdvance(browser.name.placeholderText())
    assert browser.name.width() > letters


def test_a_part_that_needs_less_again_only_later_gives_its_room_back(parts, qapp, qtbot):
    """What letters made wider stayed so, where the part itself had not heard of them yet."""
    before, right = parts.sizes(), parts.widget(2)
    themes.apply(qapp, "dark", 150)
    qtbot.waitUntil(lambda: parts.sizes()[2] > before[2])
    right.setMinimumWidth(300)
    themes.apply(qapp, "dark", 100)
    qtbot.waitUntil(lambda: parts.sizes()[2] == 300)
    right.setMinimumWidth(0)
    qtbot.waitUntil(lambda: parts.sizes() == pytest.approx(before, abs=4))
