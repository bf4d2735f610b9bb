"""A whole image by keyboard alone."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.window.keys_sheet import KeysSheet
from landmark_annotator.projects.store import ActionKind, InstanceState


def test_an_image_is_labelled_without_the_mouse(hands):
    first = hands.open_id
    hands.key(Qt.Key.Key_C)
    hands.key(Qt.Key.Key_Tab)
    hands.key(Qt.Key.Key_Space)
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    hands.key(Qt.Key.Key_Return)
    kinds = [entry.kind for entry in hands.entries]
    assert kinds == [ActionKind.CONFIRM, ActionKind.CONFIRM, ActionKind.UNDO, ActionKind.ACCEPT]
    assert hands.state(first) is InstanceState.ACCEPTED
    assert hands.open_id != first


def test_confirming_moves_nothing_and_asks_for_another(hands):
    asked, before = hands.window.controller.asked, hands.points.copy()
    hands.key(Qt.Key.Key_C)
    assert hands.entries[0].to == tuple(before[asked])
    assert hands.window.controller.asked != asked


def test_tab_goes_through_every_landmark_that_nobody_placed(hands):
    hands.key(Qt.Key.Key_C)
    placed = hands.entries[0].landmark
    seen = set()
    for _ in range(5):
        seen.add(hands.window.controller.asked)
        hands.key(Qt.Key.Key_Tab)
    assert seen == set(range(6)) - {placed}


def test_shift_tab_goes_back(hands):
    hands.key(Qt.Key.Key_Tab)
    there = hands.window.controller.asked
    hands.key(Qt.Key.Key_Tab)
    hands.key(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert hands.window.controller.asked == there


def test_page_keys_walk_through_the_list_and_stop_at_its_ends(hands):
    order = hands.order
    hands.key(Qt.Key.Key_PageUp)
    assert hands.open_id == order[0]
    for _ in range(len(order) + 2):
        hands.key(Qt.Key.Key_PageDown)
    assert hands.open_id == order[-1]


def test_keys_work_while_the_list_has_the_focus(hands):
    hands.window.list.setFocus()
    QTest.keyClick(hands.window.list, Qt.Key.Key_C)
    assert [entry.kind for entry in hands.entries] == [ActionKind.CONFIRM]


def test_f1_shows_the_keys(hands):
    hands.key(Qt.Key.Key_F1)
    sheet = hands.window.findChild(KeysSheet)
    assert sheet.isVisible()
    sheet.close()


def test_escape_closes_a_message_unless_a_hand_has_a_use_for_the_key(hands):
    banner = hands.window.messages.banner
    hands.window.messages.note_result("All of it is done.")
    hands.canvas.scene.select({0})
    hands.key(Qt.Key.Key_Escape)
    assert banner.isVisible()
    assert not hands.canvas.scene.selected
    hands.key(Qt.Key.Key_Escape)
    assert not banner.isVisible()


def test_escape_closes_a_message_while_a_box_is_asked_for(make_project, open_window):
    hands = open_window(make_project(boxes=False))
    hands.wait_for(Phase.BOX)
    banner = hands.window.messages.banner
    hands.window.messages.note_result("All of it is done.")
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_Escape)
    assert banner.isVisible(), "it gave up the box that was begun"
    hands.key(Qt.Key.Key_Escape)
    assert not banner.isVisible()
    assert hands.window.controller.phase is Phase.BOX


def test_escape_closes_a_message_from_every_part_of_the_window_and_on_every_page(hands):
    banner, window = hands.window.messages.banner, hands.window
    for part in (window.list, window.landmarks.tree, banner.text):
        window.messages.note_result("All of it is done.")
        part.setFocus()
        QTest.keyClick(part, Qt.Key.Key_Escape)
        assert not banner.isVisible(), part
    for page in ("sheet", "review", "dashboard"):
        window.pages.turn_to(page)
        window.messages.note_result("All of it is done.")
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
        assert not banner.isVisible(), page
