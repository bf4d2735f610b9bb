"""What is the plan already is not made the plan once more."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.projects.store import Plan

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_ctrl_enter_on_what_is_the_plan_leaves_it_as_it_is(make_project, open_window, qtbot):
    """It was stored once more, as that of whoever pressed the key and without its name."""
    project = make_project()
    project.set_plan(Plan("ours", tuple(range(6))), who="lea")
    hands = open_window(project)
    hands.wait_for()
    hands.key(Qt.Key.Key_5, CONTROL)
    page = hands.window.pages.page("budget")
    qtbot.waitUntil(lambda: page.settled, timeout=60_000)
    QTest.keyClick(page.slider, Qt.Key.Key_Return, CONTROL)
    assert (project.plan().name, project.plan().who) == ("ours", "lea")
    assert "the plan already" in hands.window.messages.banner.text.text()
