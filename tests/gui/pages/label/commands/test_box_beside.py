"""Whoever labels a video frame by frame draws one box: the next frame has it where flow says."""

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import ActionKind, InstanceState, Project
from landmark_annotator.projects.store.rows.records import BY_ITSELF
from landmark_annotator.projects.vocabulary import Scheme
from tests.unit.projects.video.encoded import encode

CONTROL = Qt.KeyboardModifier.ControlModifier
STEP = 3, 5
"""Pixels by which what `encode` draws goes on in every frame."""


@pytest.fixture
def hands(tmp_path, open_window):
    """The first of two frames was labelled and accepted, and the second one is open."""
    with Project.create(tmp_path / "squares", Scheme("square", ("one", "two"))) as project:
        add_frames(project, encode(tmp_path / "clip.mp4", 12), (3, 4), who="x")
    with Project.open(tmp_path / "squares") as opened:
        hands = open_window(opened)
        hands.wait_for(Phase.BOX)
        hands.drag((5, 11), (29, 35))
        hands.wait_for()
        for corner in ((9, 15), (24, 30)):
            hands.click(*corner)
        hands.key(Qt.Key.Key_Return)
        hands.qtbot.waitUntil(lambda: hands.open_id == hands.order[1], timeout=20_000)
        yield hands


def boxes(hands):
    return [hands.window.project.instance(i).box for i in hands.order]


def test_no_box_is_asked_for_beside_a_labelled_frame(hands) -> None:
    hands.wait_for()
    first, second = boxes(hands)
    assert second.centre_x == pytest.approx(first.centre_x + STEP[0], abs=2)
    assert second.centre_y == pytest.approx(first.centre_y + STEP[1], abs=2)
    assert second.side == pytest.approx(first.side, rel=0.2)
    last = list(hands.window.project.journal())[-1]
    assert (last.kind, last.who, last.title) == (ActionKind.FIND, BY_ITSELF, "box as in frame 3")


def test_what_is_thrown_out_there_does_not_come_back(hands) -> None:
    hands.wait_for()
    project, second = hands.window.project, hands.order[1]
    hands.key(Qt.Key.Key_Delete, CONTROL)
    hands.qtbot.waitUntil(lambda: project.instance(second).excluded is not None, timeout=20_000)
    hands.window.controller.open(second)
    hands.qtbot.waitUntil(lambda: not hands.window.label_page.finding.at_work, timeout=20_000)
    hands.qtbot.wait(100)
    assert [entry.kind for entry in project.journal()].count(ActionKind.FIND) == 1


def test_undo_goes_past_it_to_what_the_hands_did(hands) -> None:
    hands.wait_for()
    hands.key(Qt.Key.Key_Z, CONTROL)
    hands.qtbot.waitUntil(lambda: hands.open_id == hands.order[0], timeout=20_000)
    assert hands.state(hands.order[0]) is InstanceState.STARTED
