"""What appears by itself leaves the photograph where it is, on the screen and on the canvas."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.session.posterior.hypotheses import Hypothesis
from landmark_annotator.projects.vocabulary import ActionableError


def turn() -> None:
    for _ in range(4):
        QApplication.processEvents()


def where(hands) -> tuple:
    """The canvas on the screen, and its first landmark."""
    canvas = hands.canvas
    corner = canvas.mapToGlobal(QPoint(0, 0))
    first = canvas.scene.viewport.to_screen(hands.points[0])
    return corner.toTuple(), canvas.size().toTuple(), tuple(np.round(first, 6).tolist())


def banner(hands) -> None:
    problem = ActionableError(
        "The disk is full. " * 6, kept="All clicks up to then.", remedy="Make room, and go on."
    )
    hands.window.messages.tell(problem)


def note(hands) -> None:
    hands.window.messages.note("The model is trained: 3.4 % error on held-out shapes.")


def strip(hands) -> None:
    hands.window.work.training.progressed.emit("training", 28, 100)


def three_strips(hands) -> None:
    strip(hands)
    for work in (hands.window.work.importing, hands.window.work.proposing):
        work.progressed.emit("reading a long list of label files", 1, 7)


def hypotheses(hands) -> None:
    points = hands.points
    found = [Hypothesis(points + shift, 0.2, 0) for shift in range(5)]
    hands.window.label_page.queries.shapes_found.emit(found)


def variables(hands) -> None:
    from landmark_annotator.annotator.session.posterior.global_variables import Reading

    read = [
        Reading("mouth opening of the kite", "", 0.5, 0.1, 0.0, 1.0, np.full(24, 1 / 24))
        for _ in range(3)
    ]
    hands.window.label_page.queries.variables_read.emit(read)


def model(hands) -> None:
    hands.window.context.model("The classifier of this project proposes. " * 12)


def stored(hands) -> None:
    hands.window.status.show_stored("Stored: move of 73 landmarks of a very long name indeed")


EVENTS = (banner, note, strip, three_strips, hypotheses, variables, model, stored)


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)])
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_it_moves_nothing_when_it_comes_or_goes(hands, event, size):
    hands.window.resize(*size)
    turn()
    before, window = where(hands), hands.window.geometry()
    event(hands)
    turn()
    assert where(hands) == before
    hands.window.messages.clear()
    for line in hands.window.work.lines.values():
        line.hide()
    hands.window.label_page.queries.shapes_found.emit([])
    hands.window.label_page.queries.variables_read.emit([])
    turn()
    assert where(hands) == before
    assert hands.window.geometry() == window


def test_a_message_lies_over_the_lower_edge_of_the_canvas(hands):
    banner(hands)
    turn()
    message, canvas = hands.window.messages.banner, hands.canvas
    assert message.isVisible()
    bottom = message.mapToGlobal(message.rect().bottomLeft())
    inside = canvas.mapFromGlobal(bottom)
    assert canvas.rect().contains(inside)
    assert canvas.height() - 20 < inside.y()
    assert message.width() <= canvas.width()
    # All its lines are to be read.
    assert message.text.height() >= message.text.heightForWidth(message.text.width())


def test_it_follows_the_window_and_the_page(hands):
    banner(hands)
    hands.window.resize(1000, 700)
    turn()
    message = hands.window.messages.banner
    assert message.geometry().bottom() < hands.window.pages.height()
    hands.window.pages.turn_to("dashboard")
    banner(hands)
    turn()
    assert message.isVisible()
    middle = hands.window.pages.width() / 2
    assert abs(message.geometry().center().x() - middle) < 3


def test_the_work_is_seen_and_can_be_stopped_in_the_line_at_the_bottom(hands):
    strip(hands)
    turn()
    line = hands.window.work.lines["train"]
    assert line.isVisible()
    assert line.text.text() == "Training 28 %"
    for part in (line.text, line.bar, line.pause, line.stop):
        inside = hands.window.status.rect().contains(
            part.mapTo(hands.window.status, part.rect().center())
        )
        assert inside
        assert part.height() >= min(part.sizeHint().height(), 10)
