"""A video that is chosen for import becomes frames to label."""

import threading

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from landmark_annotator.annotator.gui.imports import frames_fields
from landmark_annotator.annotator.gui.imports.dialog import ImportDialog
from landmark_annotator.annotator.gui.imports.frames_dialog import FramesDialog
from landmark_annotator.annotator.gui.imports.frames_fields import _counted
from tests.unit.projects.video.encoded import encode


def test_a_video_gives_as_many_frames_as_wanted(hands, tmp_path, qtbot):
    window, before = hands.window, len(hands.order)
    window.work.choose([encode(tmp_path / "clip.mp4")])
    dialog = window.findChild(FramesDialog)
    dialog.fields.count.setValue(5)
    dialog.fields.different.setChecked(False)
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: len(hands.order) == before + 5, timeout=20_000)
    assert frames(window) == [6, 18, 30, 42, 54]


def test_a_video_that_is_named_in_the_import_dialog_asks_how_many_frames(hands, tmp_path, qtbot):
    """What can be dropped can be chosen too; how many there are is said."""
    window = hands.window
    (tmp_path / "videos").mkdir()
    encode(tmp_path / "videos" / "clip.mp4", 12)
    window.work.choose()
    window.findChild(ImportDialog).look_at([tmp_path / "videos"])
    dialog = window.findChild(FramesDialog)
    qtbot.waitUntil(lambda: dialog.fields.held.text().startswith("12 frames, "), timeout=20_000)
    assert dialog.fields.count.value() == 12, "there are no more"
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: frames(window) == list(range(12)), timeout=20_000)


def test_of_several_videos_so_many_of_each_come_in_and_a_broken_one_stays_out(
    hands, tmp_path, qtbot
):
    """One that could not be read kept all others out."""
    window = hands.window
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"nothing of the kind")
    window.work.choose([broken, encode(tmp_path / "a.mp4", 12), encode(tmp_path / "b.mp4", 9)])
    fields = window.findChild(FramesDialog).fields
    qtbot.waitUntil(lambda: fields.held.text().startswith("21 frames in 2 videos"), timeout=20_000)
    assert f"Left out: {broken} cannot be read as a video" in fields.held.text()
    labels = [label.text().replace("&", "") for label in fields.findChildren(QLabel)]
    assert "Frames to label of each:" in labels
    fields.count.setValue(2)
    window.findChild(FramesDialog).accept_button.click()
    qtbot.waitUntil(lambda: len(frames(window)) == 4, timeout=20_000)


def test_several_videos_come_in_only_once_it_is_said_which_cannot_be_read(
    tmp_path, qtbot, monkeypatch
):
    """A broken one was wanted too, and kept all others out."""
    counts = threading.Event()

    def once_it_counts(videos):
        counts.wait(20)
        return _counted(videos)

    monkeypatch.setattr(frames_fields, "_counted", once_it_counts)
    broken, whole = tmp_path / "broken.mp4", encode(tmp_path / "a.mp4", 12)
    broken.write_bytes(b"nothing of the kind")
    dialog = FramesDialog([broken, whole])
    qtbot.addWidget(dialog)
    dialog.show()
    wanted = []
    dialog.wanted.connect(wanted.append)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    counts.set()
    qtbot.waitUntil(dialog.accept_button.isEnabled, timeout=20_000)
    assert not wanted
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert [choice.video for choice in wanted[0]] == [whole]


def test_what_is_wrong_with_a_video_can_be_read(hands, tmp_path, qtbot):
    """A sentence of several lines, in a dialog that was made for one."""
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"nothing of the kind")
    hands.window.work.choose([broken])
    dialog = hands.window.findChild(FramesDialog)
    held = dialog.fields.held
    qtbot.waitUntil(lambda: "cannot be read as a video" in held.text(), timeout=20_000)
    assert not dialog.accept_button.isEnabled()
    qtbot.waitUntil(lambda: held.height() >= held.heightForWidth(held.width()))


def test_what_is_wrong_with_a_video_can_be_read_at_any_width(tmp_path, qtbot):
    """The answer may be there before the dialog has its width; the last lines lay under the
    number of frames."""
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"nothing of the kind")
    dialog = FramesDialog([broken])
    qtbot.addWidget(dialog)
    held = dialog.fields.held
    qtbot.waitUntil(lambda: "cannot be read as a video" in held.text(), timeout=20_000)
    dialog.show()
    qtbot.waitExposed(dialog)
    for wide in (dialog.width(), 700, dialog.minimumWidth()):
        dialog.resize(wide, dialog.height())
        qtbot.wait(100)
        assert held.height() >= held.heightForWidth(held.width())


def test_a_folder_of_numbered_images_can_come_in_as_a_video(hands, tmp_path, qtbot):
    window = hands.window
    (tmp_path / "shot").mkdir()
    for number in range(4):
        pixels = np.full((40, 60, 3), 50 * number, np.uint8)
        Image.fromarray(pixels).save(tmp_path / "shot" / f"img_{number:03}.png")
    window.work.choose()
    choosing = window.findChild(ImportDialog)
    choosing.look_at([tmp_path / "shot"])
    assert choosing.as_video.isVisible()
    choosing.as_video.click()
    window.findChild(FramesDialog).accept_button.click()
    qtbot.waitUntil(lambda: frames(window) == [0, 1, 2, 3], timeout=20_000)


def frames(window) -> list[int]:
    queue = window.project.queue(excluded=True)
    return [row.frame for row in queue if row.frame is not None]
