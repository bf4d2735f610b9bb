"""What tests of the review page share."""

import pytest
from PySide6.QtCore import Qt

from tests.gui.pages.review.reviewer import Reviewer

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def reviewer(make_project, open_window):
    """At the review page: three accepted kites, the second of them flagged."""
    project = make_project(labelled=3, untouched=1)
    flagged = project.instances()[2].id
    project.place(flagged, 0, (100.0, 50.0), who="ada", proposed=(103.0, 54.0), duration=1.5)
    project.flag(flagged, "is this a kite?", who="ada")
    hands = open_window(project)
    hands.wait_for()
    # The one that waits for labels is none of the reviewer's business here.
    hands.window.project.place(hands.open_id, 0, (10.0, 10.0), who="ada")
    hands.key(Qt.Key.Key_2, CONTROL)
    return Reviewer(hands)
