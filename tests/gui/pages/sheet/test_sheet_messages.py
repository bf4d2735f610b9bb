"""Messages lie over the help of the sheet, and hide nothing of its cells."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.style import themes


@pytest.mark.parametrize("scale", [100, 125, 150])
def test_what_work_came_to_leaves_the_captions_of_the_lowest_row_in_sight(
    make_project, open_window, qapp, scale
):
    try:
        themes.apply(qapp, font_scale=scale)
        hands = open_window(make_project(labelled=4, untouched=14))
        hands.key(Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
        page = hands.window.pages.page("sheet")
        hands.qtbot.waitUntil(lambda: page.settled and len(page.cells) == 12, timeout=20_000)
        banner = hands.window.messages.banner
        hands.window.messages.note_result("The model is trained. " * 8)
        for _ in range(3):
            QApplication.processEvents()
        two = 2 * banner.text.fontMetrics().lineSpacing()
        assert banner.text.heightForWidth(banner.text.width()) == pytest.approx(two, abs=3)
        top = banner.mapToGlobal(QPoint(0, 0)).y()
        for cell in page.cells:
            lowest = cell.caption.mapToGlobal(cell.caption.rect().bottomLeft()).y()
            assert lowest < top
    finally:
        themes.apply(qapp)


def test_where_only_objects_without_a_box_are_left_none_of_them_is_called_accepted(
    make_project, open_window
):
    hands = open_window(make_project(labelled=4, untouched=3, boxes=False))
    hands.key(Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    page = hands.window.pages.page("sheet")
    hands.qtbot.waitUntil(lambda: page.settled, timeout=20_000)
    page.turn(1)
    said = hands.window.messages.banner.text.text()
    assert "3 objects have none" in said
    assert "accepted" not in said
