"""A message lies over an edge of what is seen, and not over what hands are about."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.widgets.banner import Banner
from landmark_annotator.annotator.gui.widgets.message_place import MessagePlace

WIDE, HIGH = 500, 400


class Seen:
    """An area with a message over it, and what is in use there."""

    def __init__(self, qtbot) -> None:
        area = QWidget()
        qtbot.addWidget(area)
        area.resize(WIDE, HIGH)
        self.banner, self.in_use = Banner(), QRectF()
        self.place = MessagePlace(self.banner, area, lambda: self.in_use)
        self.place.follow(area)
        area.show()

    @property
    def is_above(self) -> bool:
        return self.banner.geometry().center().y() < HIGH / 2

    def uses(self, y: float) -> None:
        self.in_use = QRectF(WIDE / 2, y, 20, 20)
        self.place.look_again()


@pytest.fixture
def seen(qtbot) -> Seen:
    return Seen(qtbot)


def test_it_lies_over_the_lower_edge(seen) -> None:
    seen.banner.show_note("a note")
    assert not seen.is_above


def test_what_is_asked_for_at_the_lower_edge_stays_to_be_seen(seen) -> None:
    """It was under the message, which took the click."""
    seen.uses(HIGH - 30)
    seen.banner.show_note("a note")
    assert seen.is_above


def test_it_goes_out_of_the_way_of_what_is_asked_for_next_and_stays_there(seen, qtbot) -> None:
    seen.banner.show_note("a note")
    seen.uses(HIGH - 30)
    qtbot.waitUntil(lambda: seen.is_above)
    seen.uses(HIGH / 2)
    qtbot.wait(20)
    assert seen.is_above, "it would go up and down with each landmark"


def test_the_next_message_is_below_again(seen) -> None:
    seen.uses(HIGH - 30)
    seen.banner.show_note("a note")
    seen.banner.hide()
    seen.in_use = QRectF()
    seen.banner.show_note("another one")
    assert not seen.is_above
