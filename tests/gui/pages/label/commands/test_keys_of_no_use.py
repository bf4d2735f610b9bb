"""A key that can do nothing where it is pressed says why."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.projects.vocabulary import Region
from tests.gui.conftest import KITE


def said(hands) -> str:
    return hands.window.messages.banner.text.text()


def do(hands, action: str) -> None:
    hands.window.actions_by_name[action].trigger()


@pytest.mark.parametrize(("key", "end"), [("next", "last"), ("previous", "first")])
def test_the_ends_of_the_list(hands, key, end):
    place = 0 if end == "first" else -1
    hands.window.controller.open(hands.order[place])
    do(hands, key)
    assert hands.open_id == hands.order[place]
    assert f"the {end} one in the list" in said(hands)


def test_a_list_that_shows_nothing(hands):
    hands.window.label_page.browser.name.setText("no such name")
    hands.qtbot.waitUntil(lambda: hands.window.label_page.list_model.rowCount() == 0)
    do(hands, "next")
    assert "shows nothing" in said(hands)


@pytest.mark.parametrize(
    "action",
    [
        "swap",
        "confirm",
        "skip",
        "skip_back",
        "clear",
        "occluded",
        "absent",
        "visible",
        "mark_suggested",
        "absent_left_out",
        "start_again",
    ],
)
def test_what_is_about_landmarks_where_a_box_is_asked_for(make_project, open_window, action):
    hands = open_window(make_project(boxes=False))
    hands.wait_for(Phase.BOX)
    do(hands, action)
    assert "The box comes first" in said(hands)
    assert hands.entries == []


def test_a_number_where_a_box_is_asked_for(make_project, open_window):
    hands = open_window(make_project(boxes=False))
    hands.wait_for(Phase.BOX)
    hands.key(Qt.Key.Key_1)
    assert "The box comes first" in said(hands)


def test_a_number_where_the_shape_is_the_only_one(hands):
    hands.key(Qt.Key.Key_1)
    assert "only one shape" in said(hands)


def test_confirming_where_every_landmark_is_placed(hands):
    while hands.window.controller.asked is not None:
        do(hands, "confirm")
    do(hands, "confirm")
    assert "No landmark is asked for" in said(hands)


@pytest.fixture
def with_regions(make_project, open_window):
    regions = (Region("cloth"), Region("frame"))
    hands = open_window(make_project(12, 1, scheme=replace(KITE, regions=regions)))
    hands.wait_for()
    return hands


def test_clearing_a_region_of_which_nothing_is_stored(with_regions):
    do(with_regions, "clear_region")
    assert "Nothing is stored of cloth" in said(with_regions)


def test_a_number_beyond_the_last_region(with_regions):
    do(with_regions, "brush")
    with_regions.key(Qt.Key.Key_3)
    assert "no region 3" in said(with_regions)


def test_a_scheme_without_regions_says_where_the_window_names_some(hands):
    do(hands, "clear_region")
    assert "Project, Landmarks and regions" in said(hands)
