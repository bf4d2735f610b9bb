"""What a file left out is not in the image, where a person says so by one key."""

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import Visibility
from tests.gui.left_out import GONE, absent, leave_out

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def at_gaps(make_project, open_window):
    """A window on kites of which a file has left two of six landmarks out."""
    project = make_project(labelled=4, untouched=2)
    leave_out(project)
    hands = open_window(project)
    hands.wait_for()
    return hands


def test_one_key_says_it_of_all_of_them_as_one_step(at_gaps):
    project, first = at_gaps.window.project, at_gaps.open_id
    assert at_gaps.text.endswith("X at those that are not in the image, Ctrl+X if none is")
    at_gaps.key(Qt.Key.Key_X, CONTROL)
    assert absent(project, first) == GONE
    assert at_gaps.window.controller.view.left_out == frozenset()
    (entry,) = at_gaps.entries
    assert entry.title == "marking of 2 landmarks as not in the image"
    assert at_gaps.window.status.stored.text() == f"Stored: {entry.title}"

    at_gaps.key(Qt.Key.Key_Z, CONTROL)
    assert absent(project, first) == frozenset()
    assert at_gaps.window.controller.view.left_out == GONE
    at_gaps.key(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    at_gaps.key(Qt.Key.Key_Return)
    assert at_gaps.state(first) is InstanceState.ACCEPTED
    assert absent(project, first) == GONE


def test_what_somebody_has_said_to_be_hidden_stays_so(at_gaps):
    hidden, other = sorted(GONE)
    at_gaps.window.controller.choose(hidden)
    at_gaps.key(Qt.Key.Key_O)
    assert at_gaps.window.controller.view.left_out == {other}
    assert "The file left out the tail: X if it is not in the image" in at_gaps.text
    at_gaps.key(Qt.Key.Key_X, CONTROL)
    shape = at_gaps.window.project.shape(at_gaps.open_id)
    assert absent(at_gaps.window.project, at_gaps.open_id) == {other}
    assert shape.visibility[hidden] == Visibility.OCCLUDED


def test_where_nothing_was_left_out_that_is_said(hands):
    hands.key(Qt.Key.Key_X, CONTROL)
    assert hands.entries == []
    assert "No file left a landmark out here" in hands.window.messages.banner.text.text()
