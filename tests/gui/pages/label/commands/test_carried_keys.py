"""Keys at landmarks that are hidden or not in the image as in a labelled frame beside."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility
from tests.unit.projects.video.encoded import encode

ONE, TWO, THREE = range(3)


@pytest.fixture
def hands(tmp_path, open_window):
    """In the first frame `one` is hidden and `two` is not in the image; the second one is open."""
    scheme = Scheme("spot", ("one", "two", "three"))
    with Project.create(tmp_path / "spots", scheme) as project:
        add_frames(project, encode(tmp_path / "clip.mp4", 4), (1, 2), who="x")
        first, second = (project.instances_of(image.id)[0] for image in project.images())
        for record in (first, second):
            project.set_box(record.id, Box(20.0, 25.0, 24.0, 24.0), who="x")
        nowhere = float("nan")
        points = [[12.0, 18.0], [nowhere, nowhere], [26.0, 33.0]]
        seen = [Visibility.OCCLUDED, Visibility.NOT_LABELLED, Visibility.VISIBLE]
        project.accept(first.id, Shape(points, seen, [Provenance.CLICKED] * 3), who="x")
    with Project.open(tmp_path / "spots") as opened:
        hands = open_window(opened)
        hands.wait_for()
        hands.window.controller.open(second.id)
        hands.wait_for()
        yield hands


def ask(hands, landmark: int) -> None:
    """By a click in the list."""
    panel = hands.window.landmarks
    place = panel.tree.visualItemRect(panel._rows[landmark]).center()
    QTest.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert hands.window.controller.asked == landmark


@pytest.mark.parametrize(
    ("landmark", "key", "already"),
    [(TWO, Qt.Key.Key_X, "not in the image"), (ONE, Qt.Key.Key_O, "hidden")],
)
def test_what_is_carried_can_be_said_of_this_frame(hands, landmark, key, already) -> None:
    panel, told = hands.window.landmarks, hands.window.messages.banner.text
    assert hands.window.controller.view.carried == {ONE, TWO}
    assert "the two is not in the image and the one is hidden" in hands.text
    assert panel._rows[landmark].font(0).italic()
    assert panel._rows[landmark].toolTip(0).endswith("as in a labelled frame beside this one")
    ask(hands, landmark)
    hands.key(key)
    assert [entry.landmark for entry in hands.entries] == [landmark]
    assert landmark not in hands.window.controller.view.carried
    assert not panel._rows[landmark].font(0).italic()
    ask(hands, landmark)
    hands.key(key)
    assert len(hands.entries) == 1
    assert f"marked as {already} already" in told.text()
