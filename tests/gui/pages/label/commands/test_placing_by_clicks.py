"""An instance without a box is placed by two clicks on landmarks that the window names."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.projects.store import ActionKind
from landmark_annotator.projects.vocabulary import Provenance

RIGHT, LEFT = 1, 3


@pytest.fixture
def boxless(make_project, open_window):
    hands = open_window(make_project(boxes=False))
    hands.wait_for(Phase.BOX)
    hands.qtbot.waitUntil(lambda: hands.window.label_page.placement.wanted is not None)
    return hands


def test_it_names_the_two_landmarks_one_after_the_other(boxless):
    assert boxless.text == "Draw a box around the object: drag. Or click the right"
    boxless.click(150, 95)
    assert boxless.text == "Draw a box around the object: drag. Or click the left"
    assert boxless.entries == []


def test_the_second_click_makes_the_box_and_keeps_both_as_clicks(boxless):
    pixel = 1.5 / boxless.canvas.scene.viewport.scale
    boxless.click(150, 95)
    boxless.click(85, 100)
    boxless.wait_for(Phase.READY)
    kinds = [(entry.kind, entry.landmark) for entry in boxless.entries]
    assert kinds == [(ActionKind.BOX, None), (ActionKind.CLICK, RIGHT), (ActionKind.CLICK, LEFT)]
    assert boxless.points[RIGHT] == pytest.approx((150, 95), abs=pixel)
    assert boxless.points[LEFT] == pytest.approx((85, 100), abs=pixel)
    assert np.isfinite(boxless.points).all()
    provenance = boxless.window.controller.view.shape.provenance
    assert provenance[RIGHT] is provenance[LEFT] is Provenance.CLICKED


def test_an_object_that_is_turned_gets_a_turned_box(boxless):
    boxless.click(120, 130)
    boxless.click(120, 60)
    assert abs(boxless.window.controller.record.box.angle) == pytest.approx(np.pi / 2, abs=0.3)


def test_a_drag_after_the_first_click_draws_a_box_and_forgets_it(boxless):
    boxless.click(150, 95)
    boxless.drag((60, 30), (180, 170))
    boxless.wait_for(Phase.READY)
    assert [entry.kind for entry in boxless.entries] == [ActionKind.BOX]


def test_escape_forgets_the_first_click(boxless):
    boxless.click(150, 95)
    boxless.key(Qt.Key.Key_Escape)
    assert boxless.text.endswith("click the right")
    assert not np.isfinite(boxless.points).any()


def test_enter_asks_for_the_second_click_and_keeps_the_first(boxless):
    """It threw that out, and said that no landmark had a position."""
    boxless.click(150, 95)
    boxless.key(Qt.Key.Key_Return)
    assert boxless.window.messages.banner.text.text().startswith("Click the left too")
    boxless.click(85, 100)
    boxless.wait_for(Phase.READY)
    placed = [entry.landmark for entry in boxless.entries if entry.kind is ActionKind.CLICK]
    assert placed == [RIGHT, LEFT]


def test_undo_takes_it_back_and_nothing_before_it(boxless):
    boxless.click(150, 95)
    boxless.click(85, 100)
    boxless.wait_for(Phase.READY)
    done = len(boxless.entries)
    boxless.key(Qt.Key.Key_PageDown)
    boxless.wait_for(Phase.BOX)
    there = boxless.window.controller.record.id

    boxless.click(150, 95)
    boxless.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert boxless.window.controller.record.id == there
    assert len(boxless.entries) == done
    assert boxless.text.endswith("click the right")
    assert not np.isfinite(boxless.points).any()
    boxless.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(boxless.entries) > done, "the next one is about what is stored"


def test_so_does_another_image(boxless):
    boxless.click(150, 95)
    boxless.key(Qt.Key.Key_PageDown)
    boxless.wait_for(Phase.BOX)
    assert boxless.text.endswith("click the right")
    assert boxless.entries == []


def test_that_it_is_forgotten_is_said(boxless):
    banner = boxless.window.messages.banner
    first = boxless.window.controller.record.id
    boxless.click(150, 95)
    assert banner.isHidden()
    boxless.key(Qt.Key.Key_PageDown)
    boxless.wait_for(Phase.BOX)
    assert banner.text.text().startswith("The click on the right was not kept")
    boxless.key(Qt.Key.Key_PageUp)
    boxless.wait_for(Phase.BOX)
    assert boxless.window.controller.record.id == first
    assert banner.isHidden(), "of what is open now nothing was dropped"
    assert boxless.text.endswith("click the right")


@pytest.mark.parametrize("end", ["second", "box", "escape"])
def test_nothing_is_said_where_it_was_kept_or_taken_back(boxless, end):
    boxless.click(150, 95)
    if end == "second":
        boxless.click(85, 100)
    elif end == "box":
        boxless.drag((60, 30), (180, 170))
    else:
        boxless.key(Qt.Key.Key_Escape)
    assert boxless.window.messages.banner.isHidden()


def test_what_is_learned_meanwhile_asks_for_no_other_landmarks(boxless):
    """With two shapes labelled other landmarks may lie farthest apart than with one; those come
    seconds later, when a click is held already or the hand is on its way."""
    placement, preparation = boxless.window.label_page.placement, boxless.window.preparation
    boxless.qtbot.waitUntil(lambda: not preparation._proposers_at_work.pending("proposer"))
    learned = replace(preparation.two_clicks, landmarks=(0, 2))
    asked = placement.wanted
    preparation._keep_proposer((preparation.proposer, learned))
    assert placement.wanted == asked

    boxless.click(150, 95)
    boxless.click(85, 100)
    boxless.wait_for(Phase.READY)

    clicked = [e.landmark for e in boxless.entries if e.kind is ActionKind.CLICK]
    assert clicked == [RIGHT, LEFT]
    boxless.key(Qt.Key.Key_PageDown)
    boxless.wait_for(Phase.BOX)
    assert placement.wanted == 0, "the next one is asked for what the labels say by then"
