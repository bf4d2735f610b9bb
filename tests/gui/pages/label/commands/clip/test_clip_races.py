"""Going through a video with hands that are quicker than it is decoded, or elsewhere by then."""

from threading import Event

from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.label.commands import clip as clip_module
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.images.source import frames_of
from landmark_annotator.projects.vocabulary import Box
from tests.gui.pages.label.commands.clip.conftest import LABELLED
from tests.gui.pages.label.commands.clip.test_clip import frames, shown
from tests.unit.projects.video.encoded import encode


def test_a_click_on_the_timeline_stops_what_plays(hands, clip) -> None:
    """The next frame that was due came in place of the one that was clicked."""
    hands.wait_for()
    clip.timeline.range = (0, 5)
    clip.play()
    hands.qtbot.waitUntil(lambda: clip.frame in (4, 5), timeout=20_000)
    at = QPoint(round(clip.timeline.x_of(11)), 30)
    QTest.mousePress(clip.timeline, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(clip.timeline, Qt.MouseButton.LeftButton, pos=at)
    shown(hands, clip, 11)
    hands.qtbot.wait(100)
    assert clip.frame == 11


def test_a_frame_that_is_only_shown_is_moved_by_the_middle_button(hands, clip) -> None:
    hands.wait_for()
    clip.visit(4)
    shown(hands, clip, 4)
    before, middle = hands.canvas.scene.viewport, Qt.MouseButton.MiddleButton
    hands.press(30, 30, middle)
    hands.move(40, 30)
    hands.release(40, 30, middle)
    assert hands.canvas.scene.viewport.left > before.left
    assert frames(hands) == list(LABELLED)


def test_a_frame_that_is_only_shown_is_moved_with_space(hands, clip) -> None:
    """It came in."""
    hands.wait_for()
    clip.visit(4)
    shown(hands, clip, 4)
    before = hands.canvas.scene.viewport
    QTest.keyPress(hands.canvas, Qt.Key.Key_Space)
    hands.press(30, 30)
    hands.move(40, 30)
    hands.release(40, 30)
    QTest.keyRelease(hands.canvas, Qt.Key.Key_Space)
    assert hands.canvas.scene.viewport.left > before.left
    assert frames(hands) == list(LABELLED)
    assert clip.away


def test_of_a_frame_that_cannot_be_read_no_message_says_the_same_again(
    hands, clip, tmp_path
) -> None:
    """It stayed until somebody closed it, whatever frame was shown by then."""
    hands.wait_for()
    (tmp_path / "clip.mp4").rename(tmp_path / "elsewhere.mp4")
    clip.step(1)
    hands.qtbot.waitUntil(hands.canvas.failure.isVisible, timeout=20_000)
    assert hands.window.messages.banner.isHidden()


def test_a_video_that_is_still_being_read_brings_no_timeline_under_a_photograph(
    hands, clip, tmp_path, monkeypatch
) -> None:
    """It came with the last answer, and its keys went nowhere."""
    hands.wait_for()
    project, read_on = hands.window.project, Event()
    Image.new("RGB", (64, 48)).save(tmp_path / "still.png")
    image = project.add_image(tmp_path / "still.png", examine(tmp_path / "still.png"))
    still = project.add_instance(image.id, Box(10.0, 10.0, 20.0, 20.0), who="x")
    second = encode(tmp_path / "second.mp4", 14)
    (frame,) = add_frames(project, second, [3], who="x").added
    (waiting,) = project.instances_of(frame.id)

    def slow(path):
        if path.name == second.name:
            assert read_on.wait(20)
        return frames_of(path)

    monkeypatch.setattr(clip_module, "frames_of", slow)
    hands.window.controller.open(waiting.id)
    hands.window.controller.open(still.id)
    read_on.set()
    hands.qtbot.wait(300)
    assert clip.at_hand is None
    assert not clip.timeline.isVisible()
