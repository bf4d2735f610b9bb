"""Undo and redo are the store's: across images and restarts."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.projects.store import ActionKind, InstanceState, Project, accept_by_rule
from landmark_annotator.projects.vocabulary import Shape

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def undo(hands):
    hands.key(Qt.Key.Key_Z, CONTROL)


def redo(hands):
    hands.key(Qt.Key.Key_Z, CONTROL | SHIFT)


def test_undo_puts_every_landmark_back_and_redo_moves_it_again(hands):
    proposed = hands.points.copy()
    hands.click(*hands.free_place())
    clicked = hands.points.copy()
    undo(hands)
    assert np.allclose(hands.points, proposed)
    redo(hands)
    assert np.allclose(hands.points, clicked)


def test_undo_says_what_it_took_back(hands):
    asked = hands.window.controller.asked
    hands.click(*hands.free_place())
    undo(hands)
    name = hands.window.project.scheme.landmarks[asked]
    assert hands.window.status.stored.text() == f"Undone: placement of {name}"


def test_undo_goes_to_the_image_that_it_is_about(hands):
    first = hands.open_id
    hands.click(*hands.free_place())
    hands.key(Qt.Key.Key_PageDown)
    assert hands.open_id != first
    undo(hands)
    assert hands.open_id == first
    assert hands.state(first) is InstanceState.UNTOUCHED


def test_accepting_is_undone_too(hands):
    first = hands.open_id
    hands.click(*hands.free_place())
    hands.key(Qt.Key.Key_Return)
    undo(hands)
    assert hands.open_id == first
    assert hands.state(first) is InstanceState.STARTED
    hands.wait_for()
    assert np.isfinite(hands.points).all()


def test_undo_survives_closing_the_window(hands, open_window):
    hands.click(*hands.free_place())
    folder, instance = hands.window.project.folder, hands.open_id
    hands.window.close()
    hands.window.project.close()
    with Project.open(folder) as project:
        again = open_window(project)
        undo(again)
        assert again.state(instance) is InstanceState.UNTOUCHED
        assert again.open_id == instance
        kinds = [entry.kind for entry in again.entries]
        assert kinds == [ActionKind.CLICK, ActionKind.UNDO]
        again.window.close()


def test_with_nothing_to_undo_it_says_so(hands):
    undo(hands)
    assert hands.window.messages.banner.isVisible()
    assert "nothing to undo" in hands.window.messages.banner.text.text()


def test_undo_refunds_no_click(hands):
    hands.click(*hands.free_place())
    undo(hands)
    model, row = (
        hands.window.label_page.list_model,
        hands.window.label_page.list_model.row_of(hands.open_id),
    )
    assert model.data(model.index(row, 3)) == "1"


def test_undo_of_a_box_proposes_for_the_old_box_again(make_project, open_window):
    hands = open_window(make_project())
    hands.wait_for()
    proposed = hands.points.copy()
    hands.key(Qt.Key.Key_B)
    hands.drag((60, 40), (150, 130))
    hands.wait_for()
    assert not np.allclose(hands.points, proposed)
    undo(hands)
    hands.wait_for()
    assert hands.points == pytest.approx(proposed)


def test_the_menu_names_what_undo_and_redo_are_about(hands, open_window):
    name = hands.window.project.scheme.landmarks[hands.window.controller.asked]
    actions = hands.window.actions_by_name
    assert (actions["undo"].text(), actions["redo"].text()) == ("Undo", "Redo")
    hands.click(*hands.free_place())
    assert actions["undo"].text() == f"Undo placement of {name}"
    undo(hands)
    assert (actions["undo"].text(), actions["redo"].text()) == ("Undo", f"Redo placement of {name}")
    redo(hands)
    again = open_window(hands.window.project)
    assert again.window.actions_by_name["undo"].text() == f"Undo placement of {name}"


def states(hands, instances) -> set[str]:
    """As the list of images shows them."""
    model = hands.window.pages.page("label").list.model()
    return {model.data(model.index(model.row_of(i), 1)) for i in instances}


def test_undo_of_what_a_rule_accepted_is_seen_of_all_of_it_on_the_list_and_on_the_canvas(
    make_project, open_window
):
    project = make_project(labelled=12, untouched=4)
    hands = open_window(project)
    hands.wait_for()
    waiting = [i for i in hands.order if hands.state(i) is InstanceState.UNTOUCHED]
    where = [[60.0, 50.0], [80.0, 90.0], [60.0, 130.0], [40.0, 90.0], [60.0, 90.0], [60.0, 150.0]]
    accept_by_rule(project, dict.fromkeys(waiting, Shape(where)), who="somebody")
    kinds = Kind.LIST | Kind.STORED | Kind.LABELS
    hands.window.context.changed(Change(kinds))
    accepted = "\N{CHECK MARK} accepted"
    assert states(hands, waiting) == {accepted}

    undo(hands)
    assert states(hands, waiting) == {"\N{WHITE CIRCLE} new"}
    assert hands.window.controller.view.instance.state is InstanceState.UNTOUCHED
    redo(hands)
    assert states(hands, waiting) == {accepted}
    assert hands.window.controller.view.instance.state is InstanceState.ACCEPTED
