"""A key that comes before its page has anything to show does nothing, and breaks nothing."""

import pytest
from PySide6.QtWidgets import QApplication, QDialog

from landmark_annotator.annotator.gui.window.action_table import ACTIONS

PAGES = sorted({card.page for card in ACTIONS if card.page})


def press_all(window, page: str, *, turn: bool) -> None:
    """Every action of the page; turn: each as the first thing after coming to the page."""
    for card in ACTIONS:
        if card.page == page:
            if turn:
                window.pages.turn_to("dashboard" if page != "dashboard" else "label")
            window.pages.turn_to(page)
            window.actions_by_name[card.name].trigger()
            for dialog in window.findChildren(QDialog):
                dialog.close()
    QApplication.processEvents()


@pytest.mark.parametrize("page", PAGES)
def test_before_the_page_has_read_anything(make_project, open_window, page):
    press_all(open_window(make_project()).window, page, turn=True)


@pytest.mark.parametrize("page", PAGES)
def test_in_a_project_without_images(make_project, open_window, page):
    press_all(open_window(make_project(0, 0)).window, page, turn=False)


@pytest.mark.parametrize("page", PAGES)
def test_before_the_window_has_opened_an_image(make_project, open_window, page):
    press_all(open_window(make_project(), start=False).window, page, turn=False)
