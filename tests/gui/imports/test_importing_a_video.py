"""A video that is chosen for import becomes frames to label."""

from landmark_annotator.annotator.gui.imports.frames_dialog import FramesDialog
from tests.unit.projects.video.encoded import encode


def test_a_video_gives_as_many_frames_as_wanted(hands, tmp_path, qtbot):
    window, before = hands.window, len(hands.order)
    window.work.choose([encode(tmp_path / "clip.mp4")])
    dialog = window.findChild(FramesDialog)
    dialog.count.setValue(5)
    dialog.different.setChecked(False)
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: len(hands.order) == before + 5, timeout=20_000)
    shown = [row.frame for row in window.project.queue(excluded=True) if row.frame is not None]
    assert shown == [6, 18, 30, 42, 54]
