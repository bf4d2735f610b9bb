"""Nothing of a table is cut off, whatever size the letters get while it is open."""

import pytest
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.pages.label.panels.image_list import CLICKS, ERROR, STATE
from landmark_annotator.annotator.gui.style import themes

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


def test_names_keep_their_room_and_the_parts_come_back(hands, letters):
    images, parts = hands.window.list, hands.window.label_page.parts
    before = parts.sizes()
    letters(150)
    name = images.fontMetrics().horizontalAdvance("kites_00.png")
    assert images.horizontalHeader().sectionSize(0) > name
    assert parts.sizes()[0] > before[0]
    letters(100)
    assert parts.sizes() == pytest.approx(before, abs=2)


def test_the_column_of_errors_of_the_landmarks_follows_the_letters(hands, letters):
    tree = hands.window.landmarks.tree
    letters(200)
    assert tree.header().sectionSize(1) > tree.fontMetrics().horizontalAdvance("88.8 %")
