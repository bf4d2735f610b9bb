"""From the first accepted shape on, clicks place an object and the scheme has its picture."""

from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.models.proposers import Proposer


class Shipped:
    """Came with the program: a few more labels do not improve it."""

    name = "shipped"
    learns_at_once = False


def label_first(hands) -> None:
    """Draws a box and clicks every landmark of the open image, and accepts it."""
    hands.wait_for(Phase.BOX)
    hands.drag((40, 30), (200, 180))
    hands.wait_for(Phase.READY)
    for x, y in ((120, 40), (160, 95), (120, 150), (80, 95), (121, 96), (118, 165)):
        hands.click(x, y)
    hands.key(Qt.Key.Key_Return)


def test_two_clicks_and_the_picture_are_there_after_the_first_shape(make_project, open_window):
    hands = open_window(make_project(labelled=0, untouched=3, boxes=False))
    label_first(hands)
    hands.qtbot.waitUntil(lambda: "Or click the right" in hands.text)
    assert hands.canvas._picture is not None


def test_also_where_the_model_that_proposes_has_nothing_to_learn(make_project, open_window):
    hands = open_window(make_project(labelled=0, untouched=3, boxes=False), start=False)
    hands.window.preparation.proposer = Proposer("For this test.", Shipped(), None)
    hands.window.start()
    label_first(hands)
    hands.qtbot.waitUntil(lambda: "Or click the right" in hands.text)
    assert hands.window.preparation.proposer.reason == "For this test."
