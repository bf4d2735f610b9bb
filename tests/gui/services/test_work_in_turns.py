"""What is long is done in parts, and events come in between."""

from PySide6.QtCore import QTimer

from landmark_annotator.annotator.gui.services.turns import Turns


def test_each_part_has_a_turn_of_its_own_in_order(qtbot):
    turns, done = Turns(), []

    def part(name):
        done.append(name)
        QTimer.singleShot(0, lambda: done.append("between"))

    turns.begin(lambda: part("first"), lambda: part("second"))
    assert turns.pending
    assert done == []
    qtbot.waitUntil(lambda: not turns.pending)
    assert done[:3] == ["first", "between", "second"]


def test_what_is_begun_anew_takes_the_place_of_what_is_left(qtbot):
    turns, done = Turns(), []

    def begin_again():
        done.append("old")
        turns.begin(lambda: done.append("new"), lambda: done.append("last"))

    turns.begin(begin_again, lambda: done.append("never"))
    qtbot.waitUntil(lambda: not turns.pending)
    assert done == ["old", "new", "last"]


def test_what_is_stopped_is_not_done(qtbot):
    turns, done = Turns(), []
    turns.begin(lambda: (done.append("first"), turns.stop()), lambda: done.append("second"))
    qtbot.waitUntil(lambda: not turns.pending)
    qtbot.wait(20)
    assert done == ["first"]


def test_what_comes_besides_is_done_after_what_is_left(qtbot):
    turns, done = Turns(), []
    turns.begin(lambda: turns.also(lambda: done.append("besides")), lambda: done.append("left"))
    qtbot.waitUntil(lambda: not turns.pending)
    assert done == ["left", "besides"]


def test_what_comes_besides_needs_nothing_before_it(qtbot):
    turns, done = Turns(), []
    turns.also(lambda: done.append("besides"))
    qtbot.waitUntil(lambda: done == ["besides"])
