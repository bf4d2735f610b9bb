"""Somebody else works on the instance that is open here."""

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.projects.store import InstanceState, Project


@pytest.fixture
def hands(make_project, open_window):
    hands = open_window(make_project())
    hands.wait_for()
    return hands


def test_accepting_over_the_click_of_another_is_refused_and_the_click_is_shown(hands) -> None:
    opened = hands.open_id
    with Project.open(hands.window.project.folder) as other:
        other.place(opened, 0, (33.0, 44.0), who="bob")
    hands.key(Qt.Key.Key_Return)
    assert (
        "bob has changed this shape meanwhile: placement of top."
        in hands.window.messages.banner.text.text()
    )
    hands.wait_for(Phase.READY)
    assert hands.open_id == opened
    assert hands.state(opened) is InstanceState.STARTED
    assert hands.points[0].tolist() == [33.0, 44.0]
