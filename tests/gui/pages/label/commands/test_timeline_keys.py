"""The timeline without a mouse: a lane's menu, and the frames that are marked."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode

ALT = Qt.KeyboardModifier.AltModifier
BOX = Box(40.0, 30.0, 40.0, 40.0)
SHAPE = Shape(np.array([[20.0, 20.0], [50.0, 40.0]]))


@pytest.fixture
def hands(tmp_path, open_window):
    """At the first object of frame 2 of a video of twelve, with two tracks in frames 2 and 6."""
    with Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))) as project:
        images = add_frames(project, encode(tmp_path / "clip.mp4", 12), (2, 6), who="x").added
        (video,) = project.videos()
        tracks = [project.add_track(video.id, name, who="x").id for name in ("red", "blue")]
        for image in images:
            (waiting,) = project.instances_of(image.id)
            project.fill_instance(waiting.id, BOX, SHAPE, who="x")
            other = project.add_instance(image.id, BOX, shape=SHAPE, who="x")
            for record, track in zip((waiting, other), tracks, strict=True):
                project.assign_track([record.id], track, who="x")
    with Project.open(tmp_path / "bars") as opened:
        hands = open_window(opened)
        clip = hands.window.label_page.clip
        hands.qtbot.waitUntil(lambda: clip.held is not None, timeout=20_000)
        yield hands


def test_the_menu_of_the_open_objects_lane_is_reached_by_keys_alone(hands) -> None:
    """It came by a right click alone."""
    hands.key(Qt.Key.Key_W, ALT)
    hands.qtbot.waitUntil(lambda: open_menu(hands) is not None)
    menu = open_menu(hands)
    assert menu.actions()[0].text() == "red, frame 2"
    hands.qtbot.keyClick(menu, Qt.Key.Key_Down)
    hands.qtbot.keyClick(menu, Qt.Key.Key_Right)
    hands.qtbot.keyClick(menu.actions()[1].menu(), Qt.Key.Key_Return)
    project = hands.window.project
    assert project.track(project.instance(hands.open_id).track_id).name == "blue"
    done = project.undoable(hands.window.label_page.controller.session.who)
    assert done.title == "swap of red and blue from frame 2 on"


def open_menu(hands) -> QMenu | None:
    menus = hands.window.findChildren(QMenu)
    return next((m for m in menus if m.isVisible() and "frame" in m.actions()[0].text()), None)


def test_frames_are_marked_by_keys_alone(hands) -> None:
    """They were by a drag alone. What is marked already goes on from there, and ends with it."""
    timeline = hands.window.label_page.clip.timeline
    hands.key(Qt.Key.Key_Comma, ALT)
    assert timeline.range == (2, 11)
    hands.key(Qt.Key.Key_Down, ALT)
    assert timeline.frame == 6
    hands.key(Qt.Key.Key_Period, ALT)
    assert timeline.range == (2, 6)
    hands.key(Qt.Key.Key_Period, ALT)
    assert timeline.range is None
    hands.key(Qt.Key.Key_Period, ALT)
    assert timeline.range == (0, 6)
