"""Second opinions asked for on the compare page."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.compare.second_opinions import SecondOpinionSheet
from landmark_annotator.annotator.gui.pages.context import Kind
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.projects.vocabulary import Shape
from tests.gui.conftest import WHO, kite

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(make_project, open_window):
    hands = open_window(make_project(labelled=4, untouched=1))
    hands.wait_for()
    hands.key(Qt.Key.Key_3, CONTROL)
    return hands.window.pages.page("compare")


def sheet_of(page) -> SecondOpinionSheet:
    QTest.keyClick(page.canvas, Qt.Key.Key_A)
    [sheet] = [one for one in page.findChildren(SecondOpinionSheet) if one.isVisible()]
    return sheet


def test_the_sheet_says_what_would_be_added(page):
    sheet = sheet_of(page)
    sheet.count.setValue(3)
    assert "3 objects on 3 images" in sheet.preview.text()
    assert "from 4 accepted" in sheet.preview.text()
    sheet.count.setValue(1)
    assert "1 object on 1 image," in sheet.preview.text()


def test_no_more_can_be_asked_for_than_there_are(page):
    sheet = sheet_of(page)
    sheet.count.setValue(1000)
    assert sheet.count.value() == 4


def test_enter_adds_them_and_announces_it_once(page):
    heard = []
    page._context.changes.announced.connect(heard.append)
    sheet = sheet_of(page)
    QTest.keyClick(sheet.count, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(sheet.count, "2")
    QTest.keyClick(sheet.count, Qt.Key.Key_Return)
    added = [r for r in page.project.instances() if r.second_opinion_on is not None]
    assert len(added) == 2
    assert [change.kinds for change in heard] == [Kind.LIST]
    assert heard[0].instances == {record.id for record in added}


def test_the_page_says_that_they_wait_for_another_person(page, qtbot):
    qtbot.waitUntil(lambda: page.canvas.failure.isVisible(), timeout=20_000)
    sheet = sheet_of(page)
    QTest.keyClicks(sheet.count, "2")
    QTest.keyClick(sheet.count, Qt.Key.Key_Return)
    told = page.canvas.failure.text
    qtbot.waitUntil(lambda: "2 objects wait for a second opinion" in told(), timeout=20_000)
    assert "another person" in told()


def test_they_wait_in_the_list_of_the_label_page(page):
    rows = page.window().label_page.list_model
    before = rows.rowCount()
    QTest.keyClick(sheet_of(page).count, Qt.Key.Key_Return)
    assert rows.rowCount() == before + 4


def test_escape_adds_nothing(page):
    before = page.project.instances()
    QTest.keyClick(sheet_of(page).count, Qt.Key.Key_Escape)
    assert page.project.instances() == before


def test_where_all_have_one_nothing_can_be_asked_for(page, qtbot):
    QTest.keyClick(sheet_of(page).count, Qt.Key.Key_Return)
    with qtbot.waitActive(page.window()):
        page.window().activateWindow()
    sheet = sheet_of(page)
    assert not sheet.ask.isEnabled()
    assert "Accept some first" in sheet.preview.text()


def test_nobody_is_led_to_a_second_opinion_on_their_own_labels(make_project, open_window):
    project = make_project(labelled=0, untouched=2)
    hands = open_window(project)
    first, other = project.instances()
    project.accept(first.id, Shape(kite(np.random.default_rng(1))), who=WHO)
    project.add_instance(first.image_id, first.box, second_opinion_on=first.id, who=WHO)
    following = hands.window.controller.session.following
    assert following(other.id) is None
    assert LabellingSession(project, who="bob").following(other.id) not in (None, other.id)
