"""What the menu of a lane does to tracks: who is who in a video."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QInputDialog

from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from tests.gui.pages.label.commands.clip.conftest import objects_of, titles


def of_track(hands, track: int) -> dict[int, float]:
    """By frame, where the first landmark of the track's object is."""
    project = hands.window.project
    found = project.instances_of_track(track)
    return {frame: float(project.shape(record.id).points[0, 0]) for frame, record in found}


def test_two_tracks_are_swapped_from_a_frame_on_by_one_gesture(hands, clip) -> None:
    red, blue = (lane.track_id for lane in clip.timeline.lanes)
    menu = clip.tracks.menu(clip.video.id, red, 5)
    swap = next(a.menu() for a in menu.actions() if a.text().startswith("Swap"))
    swap.actions()[0].trigger()
    assert of_track(hands, red) == {2: 22.0, 6: 20.0, 9: 20.0}
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert of_track(hands, red) == {2: 22.0, 6: 26.0, 9: 29.0}
    assert [lane.track_id for lane in clip.timeline.lanes] == [red, blue]


def test_a_track_is_renamed_from_the_name_that_it_has(hands, clip) -> None:
    (video,) = hands.window.project.videos()
    track = hands.window.project.tracks(video.id)[0]
    menu = clip.tracks.menu(video.id, track.id, 2)
    next(a for a in menu.actions() if a.text().startswith("Rename")).trigger()
    (sheet,) = hands.window.findChildren(CommentSheet)
    assert (sheet.comment.text(), sheet.comment.selectedText()) == ("red", "red")
    sheet.comment.clear()
    assert not sheet.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    sheet.comment.setText("ruby")
    sheet.accept()
    assert [lane.name for lane in clip.timeline.lanes] == ["ruby", "blue"]


def test_all_objects_without_a_track_become_one_by_one_gesture(hands, clip) -> None:
    project = hands.window.project
    red, blue = (lane.track_id for lane in clip.timeline.lanes)
    assert "are one" not in titles(clip.tracks.menu(clip.video.id, red, 5))
    for track in (red, blue):
        project.remove_track(track, who="x")
    assert "are one" not in titles(clip.tracks.menu(clip.video.id, None, 5)), "two in each frame"
    project.add_track(clip.video.id, "red", instances=objects_of(project, first=True), who="x")

    menu = clip.tracks.menu(clip.video.id, None, 5)
    next(a for a in menu.actions() if "objects of no track are one" in a.text()).trigger()
    sheet = hands.window.findChild(CommentSheet)
    sheet.comment.setText("green")
    sheet.accept()

    green = next(track for track in project.tracks() if track.name == "green")
    assert of_track(hands, green.id) == {2: 20.0, 6: 20.0, 9: 20.0}
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [track.name for track in project.tracks()] == ["red"]


def test_only_what_can_be_joined_to_a_track_is_offered(hands, clip) -> None:
    """Those that are nearest were, which are mostly there beside it, and cannot be."""
    red = clip.timeline.lanes[0].track_id
    cut = next(a for a in clip.tracks.menu(clip.video.id, red, 6).actions() if "Cut" in a.text())
    cut.trigger()
    menu = clip.tracks.menu(clip.video.id, red, 2)
    join = next(a.menu() for a in menu.actions() if a.text().startswith("Join"))
    apart, said = join.actions()
    assert (apart.text(), apart.isEnabled()) == ("red 2", True)
    assert said.text() == "1 other is in frames that it is in"
    assert not said.isEnabled()
    join.actions()[0].trigger()
    assert of_track(hands, red) == {2: 22.0, 6: 26.0, 9: 29.0}


def test_marked_frames_are_those_in_which_tracks_are_swapped(hands, clip) -> None:
    timeline, shift = clip.timeline, Qt.KeyboardModifier.ShiftModifier
    start, end = (QPoint(round(timeline.x_of(frame)), 30) for frame in (5, 7))
    QTest.mousePress(timeline, Qt.MouseButton.LeftButton, shift, start)
    QTest.mouseMove(timeline, end)
    QTest.mouseRelease(timeline, Qt.MouseButton.LeftButton, shift, end)
    assert timeline.range == (5, 7)
    red = timeline.lanes[0].track_id
    menu = clip.tracks.menu(clip.video.id, red, 5, timeline.range)
    swap = next(a.menu() for a in menu.actions() if a.text() == "Swap in frames 5 to 7 with")
    swap.actions()[0].trigger()
    assert of_track(hands, red) == {2: 22.0, 6: 20.0, 9: 29.0}


def test_of_many_tracks_the_nearest_are_named_and_the_others_are_found_by_name(hands, clip) -> None:
    project = hands.window.project
    red, blue = (lane.track_id for lane in clip.timeline.lanes)
    for number in range(100):
        project.add_track(clip.video.id, f"a fly {number:03}", who="x")
    menu = clip.tracks.menu(clip.video.id, red, 5)
    swap = next(a.menu() for a in menu.actions() if a.text().startswith("Swap"))
    names = [action.text() for action in swap.actions()]
    assert names[0] == "blue", "which alone is there"
    assert len(names) == 13
    assert len(menu.actions()) < 30

    swap.actions()[-1].trigger()
    (asking,) = hands.window.findChildren(QInputDialog)
    box = asking.findChild(QComboBox)
    box.lineEdit().clear()
    QTest.keyClicks(box.lineEdit(), "fly 09")
    found = box.completer().completionModel()
    assert [found.index(i, 0).data() for i in range(found.rowCount())] == [
        f"a fly 09{digit}" for digit in range(10)
    ]
    asking.setTextValue("a fly 042")
    asking.accept()
    moved = next(track for track in project.tracks() if track.name == "a fly 042")
    assert of_track(hands, red) == {2: 22.0}
    assert of_track(hands, moved.id) == {6: 26.0, 9: 29.0}
    assert of_track(hands, blue) == {2: 20.0, 6: 20.0, 9: 20.0}


def test_the_menu_says_whose_all_of_it_becomes(hands, clip) -> None:
    """Join, and all of it becomes this one's: red 2, read as if red were to be red 2's."""
    red = clip.timeline.lanes[0].track_id
    menu = clip.tracks.menu(clip.video.id, red, 6)
    assert "Join to red all of" in [action.text() for action in menu.actions()]


def test_a_name_that_stays_is_no_step_for_undo(hands, clip) -> None:
    red = hands.window.project.tracks()[0]
    before = hands.window.project.undoable("somebody")
    menu = clip.tracks.menu(clip.video.id, red.id, 2)
    next(a for a in menu.actions() if a.text().startswith("Rename")).trigger()
    hands.window.findChild(CommentSheet).accept()
    assert hands.window.project.undoable("somebody") == before


def test_the_lane_of_the_open_object_follows_what_is_done_elsewhere(hands, clip) -> None:
    """As following does when it stores its tracks, and a swap in another window."""
    project = hands.window.project
    record = hands.window.controller.record
    red, blue = (lane.track_id for lane in clip.timeline.lanes)
    other = blue if record.track_id == red else red
    hands.window.others.look()
    project.swap_tracks(red, blue, who="bob")
    hands.window.others.look()
    assert hands.window.controller.record.track_id == other
    assert clip.timeline._open == other


def test_it_does_so_while_another_frame_is_seen(hands, clip) -> None:
    project = hands.window.project
    red, blue = (lane.track_id for lane in clip.timeline.lanes)
    other = blue if hands.window.controller.record.track_id == red else red
    hands.window.others.look()
    clip.visit(4)
    project.swap_tracks(red, blue, who="bob")
    hands.window.others.look()
    hands.qtbot.waitUntil(lambda: clip.timeline._open == other)
    assert clip.away
