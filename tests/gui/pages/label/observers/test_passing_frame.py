"""A frame of a video that is only shown, beside the open one."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode

SCHEME = Scheme("bar", ("start", "end"), edges=((0, 1),))
BOX = Box(40.0, 30.0, 40.0, 40.0)
ALT = Qt.KeyboardModifier.AltModifier
TOLD = "only shown: a click on it begins to label it"


@pytest.fixture
def hands(tmp_path, open_window):
    """Frames 2 and 5 of eight are labelled, 3 waits; it is open, and 4 is shown."""
    with Project.create(tmp_path / "bars", SCHEME) as project:
        images = add_frames(project, encode(tmp_path / "clip.mp4", 8), (2, 3, 5), who="x").added
        for image in images:
            (waiting,) = project.instances_of(image.id)
            if image.frame == 3:
                project.set_box(waiting.id, BOX, who="x")
            else:
                points = Shape(np.array([[20.0, 20.0], [50.0, 40.0]]))
                project.fill_instance(waiting.id, BOX, points, who="x")
    with Project.open(tmp_path / "bars") as opened:
        hands = open_window(opened)
        clip = hands.window.label_page.clip
        hands.qtbot.waitUntil(lambda: clip.timeline.isVisible(), timeout=20_000)
        hands.wait_for()
        show(hands, 4)
        yield hands


def show(hands, frame: int) -> None:
    """The next one, which is opened where it is labelled."""
    clip, text = hands.window.label_page.clip, f"Frame {frame} of clip.mp4"
    hands.key(Qt.Key.Key_Right, ALT)
    hands.qtbot.waitUntil(lambda: clip.frame == frame, timeout=20_000)
    if clip.away:
        hands.qtbot.waitUntil(lambda: hands.text.startswith(text), timeout=20_000)


@pytest.mark.parametrize(
    "key",
    [
        Qt.Key.Key_Return,
        Qt.Key.Key_C,
        Qt.Key.Key_X,
        Qt.Key.Key_O,
        Qt.Key.Key_S,
        Qt.Key.Key_B,
        Qt.Key.Key_P,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Tab,
        Qt.Key.Key_Left,
    ],
)
def test_what_does_nothing_there_says_why(hands, key) -> None:
    before = len(hands.entries)
    hands.key(key)
    assert TOLD in hands.window.messages.banner.text.text()
    assert hands.window.label_page.clip.away
    assert len(hands.entries) == before


def test_nothing_beside_it_is_about_the_open_one(hands) -> None:
    """Neither how unsure its landmarks are, nor what is expected of it."""
    window = hands.window
    panel, error = window.label_page.landmarks, window.status.error
    rows = [panel.tree.topLevelItem(i) for i in range(2)]
    assert [(row.text(1), row.toolTip(0)) for row in rows] == [
        ("", "start: not placed yet"),
        ("", "end: not placed yet"),
    ]
    assert (error.text(), panel.accept.isEnabled()) == ("", False)

    window.controller.show_again()
    assert rows[0].toolTip(0) != "start: not placed yet"
    assert error.text().startswith("expected error")


def test_a_frame_that_is_taken_back_leads_to_the_nearest_one(hands) -> None:
    """Not to the first one that waits, which may be far away."""
    project = hands.window.project
    show(hands, 5)
    show(hands, 6)
    hands.click(30, 30)
    numbers = [image.frame for image in project.images()]
    assert numbers == [2, 3, 5, 6]
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [image.frame for image in project.images()] == [2, 3, 5]
    assert project.image(project.instance(hands.open_id).image_id).frame == 5
