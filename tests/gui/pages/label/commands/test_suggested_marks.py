"""What is probably hidden: seen as such, marked by one key, and by nothing else."""

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.projects.store import ActionKind, InstanceState
from landmark_annotator.projects.vocabulary import Visibility
from tests.gui.suggested import PROBABLE, suggest

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def told(make_project, open_window, monkeypatch):
    """A window where two of six landmarks are probably hidden."""
    suggest(monkeypatch)
    hands = open_window(make_project(labelled=4, untouched=3))
    hands.wait_for()
    return hands


def marked(hands) -> set[int]:
    """What is stored as hidden of the open instance."""
    visibility = hands.window.project.shape(hands.open_id).visibility
    return {j for j, one in enumerate(visibility) if one == Visibility.OCCLUDED}


def suggested(hands) -> frozenset[int]:
    return hands.window.controller.view.suggested


def test_nothing_is_marked_before_a_person_asks_for_it(told):
    assert suggested(told) == PROBABLE
    assert marked(told) == set()


def test_accepting_leaves_everything_seen(told):
    first = told.open_id
    told.key(Qt.Key.Key_Return)
    assert told.state(first) is InstanceState.ACCEPTED
    assert (told.window.project.shape(first).visibility == Visibility.VISIBLE).all()


def test_one_key_marks_all_as_one_step_that_the_journal_tells_from_single_marks(told):
    told.key(Qt.Key.Key_O, SHIFT)
    assert marked(told) == PROBABLE
    assert suggested(told) == frozenset()
    (entry,) = told.entries
    assert (entry.kind, entry.landmark) == (ActionKind.SUGGESTION, None)
    assert entry.title == "marking of 2 probably hidden landmarks"


def test_the_same_key_takes_it_back(told):
    told.key(Qt.Key.Key_O, SHIFT)
    told.key(Qt.Key.Key_O, SHIFT)
    assert marked(told) == set()
    assert suggested(told) == PROBABLE


def test_undo_and_redo(told):
    told.key(Qt.Key.Key_O, SHIFT)
    told.key(Qt.Key.Key_Z, CONTROL)
    assert marked(told) == set()
    assert suggested(told) == PROBABLE
    told.key(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert marked(told) == PROBABLE


def test_what_is_marked_is_accepted_as_hidden(told):
    first = told.open_id
    told.key(Qt.Key.Key_O, SHIFT)
    told.key(Qt.Key.Key_Return)
    shape = told.window.project.shape(first)
    assert set((shape.visibility == Visibility.OCCLUDED).nonzero()[0]) == PROBABLE
    assert shape.known.all()


def test_what_was_clicked_counts_as_seen(told):
    told.window.controller.choose(1)
    told.click(*told.free_place())
    told.key(Qt.Key.Key_O, SHIFT)
    assert marked(told) == PROBABLE - {1}


def test_what_a_person_said_of_one_is_neither_marked_nor_unmarked(told):
    for landmark, key in ((1, Qt.Key.Key_V), (4, Qt.Key.Key_O)):
        told.window.controller.choose(landmark)
        told.key(key)
    assert suggested(told) == frozenset()
    told.key(Qt.Key.Key_O, SHIFT)
    assert marked(told) == {4}


def test_taking_back_a_single_mark_suggests_it_again(told):
    told.window.controller.choose(1)
    told.key(Qt.Key.Key_V)
    told.key(Qt.Key.Key_Z, CONTROL)
    assert suggested(told) == PROBABLE


def test_where_nothing_is_suggested_the_key_says_so(hands):
    hands.key(Qt.Key.Key_O, SHIFT)
    assert hands.entries == []
    assert "Nothing here is probably hidden" in hands.window.messages.banner.text.text()


def test_the_panel_and_the_line_at_the_bottom_say_it(told):
    panel = told.window.landmarks
    assert panel._rows[4].text(0).endswith("(83 %)")
    assert panel._rows[4].toolTip(0).endswith(": probably hidden, 83 %")
    assert "2 probably hidden: Shift+O marks them so" in told.text
    told.key(Qt.Key.Key_O, SHIFT)
    assert panel._rows[4].text(0).endswith("(hidden)")
    assert "probably hidden" not in told.text


def test_a_single_one_is_told_in_the_singular(told):
    told.window.controller.choose(1)
    told.key(Qt.Key.Key_V)
    assert "1 probably hidden: Shift+O marks it so" in told.text
