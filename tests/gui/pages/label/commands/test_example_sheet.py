"""How a landmark was placed elsewhere, beside the photograph."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.projects.vocabulary import Box
from tests.gui.conftest import KITE

BOX = Box(120.0, 100.0, 90.0, 90.0)
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def sheet(hands):
    return opened(hands)


def opened(hands):
    hands.key(Qt.Key.Key_D, CONTROL)
    command = hands.window.label_page.viewing.examples
    hands.qtbot.waitUntil(lambda: command._found is not None, timeout=20_000)
    return command.sheet


def names(sheet) -> set[str]:
    return {picture.toolTip() for picture in sheet.pictures if not picture.isHidden()}


def test_it_shows_the_landmark_that_is_asked_for_in_six_others(hands, sheet):
    hands.window.controller.choose(4)
    assert sheet.name.text() == "centre"
    assert len(names(sheet)) == 6
    before = sheet.pictures[0].grab().toImage()
    hands.window.controller.choose(0)
    assert sheet.name.text() == "top"
    assert sheet.pictures[0].grab().toImage() != before


def test_the_open_image_is_no_example_of_itself(hands, sheet):
    model = hands.window.label_page.list_model
    first = next(iter(sorted(names(sheet))))
    rows = {model.source(hands.window.project.instance(i).image_id).name: i for i in hands.order}
    hands.window.controller.open(rows[first])
    hands.window.controller.choose(0)
    assert first not in names(sheet)


def test_hands_stay_at_the_photograph_and_the_key_closes_it(hands, sheet):
    assert hands.canvas.hasFocus()
    hands.key(Qt.Key.Key_D, CONTROL)
    assert not sheet.isVisible()


def test_before_anybody_has_placed_it_that_is_said_with_its_definition(make_project, open_window):
    scheme = replace(KITE, definitions=((4, "where both spars cross"),))
    hands = open_window(make_project(labelled=0, untouched=2, scheme=scheme))
    hands.qtbot.waitUntil(lambda: hands.window.controller.record is not None)
    sheet = opened(hands)
    hands.window.controller.choose(4)
    assert "where both spars cross" in sheet.said.text()
    assert "Nobody has placed it" in sheet.said.text()
    assert names(sheet) == set()


def test_what_was_accepted_since_is_there_when_it_is_opened_again(make_project, open_window):
    hands = open_window(make_project(labelled=2, untouched=3))
    hands.wait_for()
    hands.window.controller.choose(0)
    sheet, project = opened(hands), hands.window.project
    assert len(names(sheet)) == 2
    hands.key(Qt.Key.Key_D, CONTROL)
    waits, labelled = hands.order[-3], hands.order[-1]
    shape = project.shape(labelled)
    project.add_instance(project.instance(waits).image_id, BOX, shape=shape, who="x")
    opened(hands)
    assert len(names(sheet)) == 3


def test_where_no_landmark_is_asked_for_that_is_said(make_project, open_window):
    hands = open_window(make_project(labelled=2, untouched=0))
    hands.wait_for()
    assert hands.window.controller.asked is None
    sheet = opened(hands)
    assert "No landmark is asked for" in sheet.said.text()
    assert names(sheet) == set()
