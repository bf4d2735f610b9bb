"""How much a gesture asks the project's database: the window's thread waits for every answer."""

import pytest

from landmark_annotator.projects.store import InstanceState
from tests.statements import statements_asked


def test_a_click(hands):
    hands.click(*hands.free_place())
    controller, place = hands.window.controller, hands.free_place()
    with statements_asked() as said:
        controller.place(controller.asked, *place)
    # Seven to store it, two to see it, one each for the row, its remarks and the menu.
    assert len(said) <= 12, "\n".join(said)


def test_accepting_and_going_on(hands):
    acceptance, opened = hands.window.label_page.acceptance, hands.open_id
    hands.qtbot.waitUntil(lambda: acceptance.sees(opened), timeout=20_000)
    with statements_asked() as said:
        acceptance.accept()
    assert hands.state(opened) is InstanceState.ACCEPTED
    # What comes is read once, what is left is not read again.
    assert len(said) <= 28, "\n".join(said)


def test_opening_the_next_image(hands):
    following = hands.window.controller.session.following()
    with statements_asked() as said:
        hands.window.controller.open(following)
    assert len(said) <= 15, "\n".join(said)


@pytest.mark.parametrize("untouched", [6, 12])
def test_a_sheet_asks_for_all_of_its_objects_at_once(make_project, open_window, untouched):
    hands = open_window(make_project(untouched=untouched))
    hands.window.pages.turn_to("sheet")
    page = hands.window.pages.page("sheet")
    hands.qtbot.waitUntil(lambda: page.settled, timeout=20_000)
    with statements_asked() as said:
        page._look_again()
    assert len(page.cells) == untouched
    assert len(said) <= 10, "\n".join(said)
