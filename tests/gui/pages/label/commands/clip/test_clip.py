"""A video under its open frame: going through it, and labelling there."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box
from tests.gui.pages.label.commands.clip.conftest import (
    BOX,
    LABELLED,
    SCHEME,
    objects_of,
    shape,
    titles,
)
from tests.unit.projects.video.encoded import encode


def shown(hands, clip, frame: int) -> None:
    """Waits until the frame is on the canvas."""
    text = f"Frame {frame} of clip.mp4"
    hands.qtbot.waitUntil(lambda: hands.text.startswith(text), timeout=20_000)


def frames(hands) -> list[int | None]:
    return [image.frame for image in hands.window.project.images()]


def test_of_a_frame_that_cannot_be_read_no_other_picture_is_shown(hands, clip, tmp_path) -> None:
    """The timeline went on, and a click on the picture of the frame before was meant for it."""
    hands.wait_for()
    (tmp_path / "clip.mp4").rename(tmp_path / "elsewhere.mp4")
    clip.step(1)
    hands.qtbot.waitUntil(lambda: hands.text == "Frame 3 cannot be shown", timeout=20_000)
    assert hands.canvas.failure.isVisible()
    assert "clip.mp4" in hands.canvas.failure.text()
    assert hands.canvas.scene.image_size is None
    (tmp_path / "elsewhere.mp4").rename(tmp_path / "clip.mp4")
    clip.step(1)
    shown(hands, clip, 4)
    assert not hands.canvas.failure.isVisible()


def test_photographs_have_no_timeline(make_project, open_window) -> None:
    hands = open_window(make_project(untouched=1))
    hands.wait_for()
    assert not hands.window.pages.page("label").clip.timeline.isVisible()


def test_lanes_are_tracks_with_their_marks(clip) -> None:
    found = {lane.name: [(m.frame, m.kind) for m in lane.marks] for lane in clip.timeline.lanes}
    marks = [(frame, "accepted") for frame in LABELLED]
    assert found == {"red": marks, "blue": marks}


def test_lanes_are_read_again_for_what_they_do_not_show_alone(hands, clip, monkeypatch) -> None:
    project, read = hands.window.project, []
    hands.wait_for()
    hands.qtbot.waitUntil(lambda: not clip._stale.isActive())
    image = project.images()[0].id
    known = project.instances_of(image)[0].id
    project.add_instance(image, Box(20.0, 20.0, 10.0, 10.0), who="x")
    bare = project.instances_of(image)[-1].id
    hands.window.others.look()  # else it sees in its own time what another person has added
    hands.window.context.changed(Change(Kind.LIST))
    hands.qtbot.waitUntil(lambda: not clip._stale.isActive())
    objects = project.objects_of_video
    monkeypatch.setattr(
        clip._project, "objects_of_video", lambda *asked: read.append(asked) or objects(*asked)
    )
    hands.window.context.changed(Change(Kind.PROPOSALS, frozenset((known,))))
    assert not clip._stale.isActive()
    hands.window.context.changed(Change(Kind.PROPOSALS, frozenset((bare,))))
    hands.qtbot.waitUntil(lambda: read == [(clip.video.id, {bare})])
    assert not clip._stale.isActive()


def test_after_the_last_frame_it_says_that_the_video_goes_on(hands, clip) -> None:
    for _ in LABELLED:
        hands.wait_for()
        hands.key(Qt.Key.Key_Return)
    told = hands.window.messages.banner.text.text()
    assert "All frames that are in the project are accepted" in told


def test_a_frame_is_only_shown_until_a_click_begins_to_label_it(hands, clip) -> None:
    at = QPoint(round(clip.timeline.x_of(4)), 30)
    QTest.mousePress(clip.timeline, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(clip.timeline, Qt.MouseButton.LeftButton, pos=at)
    shown(hands, clip, 4)
    assert frames(hands) == list(LABELLED)
    before = len(hands.entries)
    hands.key(Qt.Key.Key_Return)
    hands.key(Qt.Key.Key_X)
    assert len(hands.entries) == before, "nothing is done to what is not seen"

    hands.click(30, 30)

    assert frames(hands) == [2, 4, 6, 9]
    opened = hands.window.project.instance(hands.open_id)
    assert (opened.box, len(hands.window.project.instances_of(opened.image_id))) == (BOX, 2)
    assert [entry.title for entry in hands.entries] == ["adding of frame 4"]
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert frames(hands) == list(LABELLED)


def test_a_frame_that_is_only_shown_stays_when_objects_have_been_followed(hands, clip) -> None:
    """What was open came into sight instead: whoever goes through the video meanwhile lost it."""
    project, record = hands.window.project, hands.window.controller.record
    hands.wait_for()
    clip.go(4)
    shown(hands, clip, 4)
    add_frames(project, clip.video.path, (4,), who="x")
    new = next(image.id for image in project.images() if image.frame == 4)
    project.fill_instance(project.instances_of(new)[0].id, BOX, shape(4), who="x")
    track = project.add_track(clip.video.id, "new", who="x").id
    project.assign_track([record.id], track, who="x")
    hands.window.context.changed(Change(Kind.LIST | Kind.PROPOSALS))
    marks = hands.canvas.scene
    hands.qtbot.waitUntil(lambda: marks.marks is not None, timeout=20_000)
    assert marks.marks.points.tolist() == shape(4).points.tolist()
    assert clip.away
    assert clip.frame == clip.timeline.frame == 4
    assert hands.text == "Frame 4 of clip.mp4"

    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (hands.open_id, clip.away) == (record.id, False)
    assert hands.window.controller.record.track_id == track


def test_a_hand_that_rests_sees_the_very_frame_that_it_is_over(hands, clip) -> None:
    """Its key frame is eleven frames before it, and may be shown first."""
    at = QPoint(round(clip.timeline.x_of(11)), 30)
    QTest.mousePress(clip.timeline, Qt.MouseButton.LeftButton, pos=at)
    shown(hands, clip, 11)
    QTest.mouseRelease(clip.timeline, Qt.MouseButton.LeftButton, pos=at)


def test_keys_go_through_the_video(hands, clip) -> None:
    project = hands.window.project
    hands.key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert project.image(project.instance(hands.open_id).image_id).frame == 6
    hands.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    shown(hands, clip, 5)
    hands.key(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert project.image(project.instance(hands.open_id).image_id).frame == 2


def test_it_plays_to_its_end(hands, clip) -> None:
    hands.key(Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    shown(hands, clip, 11)
    assert frames(hands) == list(LABELLED)


def test_frames_that_are_marked_up_to_the_end_are_played_over_and_over(hands, clip) -> None:
    """At the last frame of the video it stopped."""
    clip.timeline.range = (9, 11)
    hands.key(Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    for frame in (11, 9, 11):
        hands.qtbot.waitUntil(lambda: clip.frame == frame, timeout=20_000)  # noqa: B023
    assert clip._playing.isActive()
    clip.play()


def test_what_is_done_to_tracks_leads_nowhere_else(hands, clip) -> None:
    clip.visit(7)
    shown(hands, clip, 7)
    red = clip.timeline.lanes[0].track_id
    menu = clip.tracks.menu(clip.video.id, red, 7)
    next(a for a in menu.actions() if a.text().startswith("Cut here")).trigger()
    assert len(clip.timeline.lanes) == 3
    shown(hands, clip, 7)
    assert (clip.away, clip.frame) == (True, 7)


def test_nothing_is_said_of_an_object_that_is_not_in_sight(hands, clip) -> None:
    red = clip.timeline.lanes[0].track_id
    assert "is of no track" in titles(clip.tracks.menu(clip.video.id, red, 2))
    clip.visit(7)
    shown(hands, clip, 7)
    menu = clip.tracks.menu(clip.video.id, red, 7)
    assert "is of no track" not in titles(menu)
    told = menu.actions()[-1]
    assert (told.text(), told.isEnabled()) == ("is not in frame 7, which is shown", False)


def test_undo_of_what_is_done_to_tracks_leads_nowhere_else(hands, clip) -> None:
    """What was open came into sight, as it did where the tracks could not be changed."""
    project = hands.window.project
    red, blue = (track.id for track in project.tracks())
    before = [record.id for _, record in project.instances_of_track(red)]
    clip.visit(4)
    shown(hands, clip, 4)
    clip.tracks._swap(red, blue, 4, None)()
    assert [record.id for _, record in project.instances_of_track(red)] != before
    for turned, undone in (("undo", True), ("redo", False)):
        hands.window.actions_by_name[turned].trigger()
        now = [record.id for _, record in project.instances_of_track(red)]
        assert (now == before, clip.away, clip.frame) == (undone, True, 4)
    clip.tracks._swap(red, blue, 11, None)()
    assert "Neither track has an object" in hands.window.messages.banner.text.text()
    assert (clip.away, clip.frame) == (True, 4)


@pytest.mark.parametrize("action", ["flag", "exclude"])
def test_what_a_question_is_about_is_in_sight_while_it_is_asked(hands, clip, action) -> None:
    """It was the open object's, and another frame was seen."""
    clip.visit(7)
    shown(hands, clip, 7)
    hands.window.actions_by_name[action].trigger()
    (sheet,) = hands.window.findChildren(CommentSheet)
    assert not clip.away
    assert not hands.text.startswith("Frame 7")
    sheet.reject()


def test_what_undo_is_about_is_seen_again(hands, clip) -> None:
    hands.window.project.flag(hands.open_id, "?", who="somebody")
    hands.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    shown(hands, clip, 3)
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not clip.away
    assert not hands.text.startswith("Frame")


def test_whoever_comes_back_from_a_frame_goes_on_from_the_open_one(hands, clip) -> None:
    """The timeline stayed at the frame that had been shown, and keys went on from there."""
    hands.window.project.flag(hands.open_id, "?", who="somebody")
    for frame in (3, 4, 5):
        hands.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
        shown(hands, clip, frame)
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (clip.frame, clip.timeline.frame) == (2, 2)
    hands.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    shown(hands, clip, 3)


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_I, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier),
    ],
)
def test_no_object_comes_or_goes_in_a_frame_that_nobody_sees(hands, clip, key, modifier) -> None:
    project, accept = hands.window.project, hands.window.label_page.landmarks.accept
    image = project.image(project.instance(hands.open_id).image_id)
    # One that may go.
    (added,) = project.add_found({image.id: [BOX]}, title="found", who="x")
    hands.window.controller.open(added)
    hands.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    shown(hands, clip, 3)
    before = list(project.journal())
    hands.key(key, modifier)
    assert list(project.journal()) == before
    assert clip.away
    assert not accept.isEnabled()
    hands.window.controller.open(hands.order[0])
    hands.wait_for()
    assert accept.isEnabled()


def test_a_frame_that_is_visited_shows_nothing_of_the_open_one(hands, clip) -> None:
    """Its other objects, and the crosses of those that were found, are in another frame."""
    project, scene = hands.window.project, hands.window.canvas.scene
    image = project.image(project.instance(hands.open_id).image_id)
    found = project.add_found({image.id: [BOX]}, title="found", who="x")
    hands.window.controller.open(hands.open_id)
    others = {other.id for other in scene.others}
    assert found[0] in others
    assert [each.id for each in scene.found] == found

    hands.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    shown(hands, clip, 3)
    hands.window.preparation.proposal_ready.emit(found[0])
    assert (scene.others, scene.found) == ((), ())

    hands.window.controller.show_again()
    assert {other.id for other in scene.others} == others
    assert [each.id for each in scene.found] == found


def test_frames_that_pass_show_the_object_of_the_open_track(hands, clip) -> None:
    """Not the one that came in first, which is another one in every frame of some files."""
    project = hands.window.project
    first, second = (objects_of(project, first=each)[0] for each in (True, False))
    for own, other, expected in ((second, 1, shape(0)), (first, 2, shape(6))):
        hands.window.controller.open(own)
        clip.visit(6)
        shown(hands, clip, 6)
        assert hands.canvas.scene.marks.points == pytest.approx(expected.points)
        assert [each.number for each in hands.canvas.scene.others] == [other]


@pytest.fixture
def moved(tmp_path):
    """Its video is in a folder elsewhere, under another name."""
    with Project.create(tmp_path / "bars", SCHEME) as project:
        video = encode(tmp_path / "clip.mp4", 12)
        add_frames(project, video, LABELLED, who="x")
        (tmp_path / "elsewhere").mkdir()
        video.rename(tmp_path / "elsewhere" / "renamed.mp4")
        yield project


def test_a_video_that_is_found_again_has_its_timeline_again(moved, tmp_path, open_window) -> None:
    hands = open_window(moved)
    hands.wait_for(Phase.BROKEN)
    page = hands.window.pages.page("label")
    timeline = page.clip.timeline
    assert not timeline.isVisible()
    hands.qtbot.waitUntil(lambda: not page.clip._at_work.pending("index"))
    # That it was no frame of a video was not true of it.
    for name in ("next_frame", "play", "clip", "follow"):
        hands.window.actions_by_name[name].trigger()
        assert "that can be read" in hands.window.messages.banner.text.text()
        hands.window.messages.banner.hide()
    hands.window.work.moved_files.look_in(tmp_path / "elsewhere")
    hands.qtbot.waitUntil(timeline.isVisible, timeout=20_000)


def test_a_video_whose_file_is_back_has_its_timeline_again(moved, tmp_path, open_window) -> None:
    """Its frames were there, and it was no video that could be read."""
    hands = open_window(moved)
    hands.wait_for(Phase.BROKEN)
    page = hands.window.pages.page("label")
    hands.qtbot.waitUntil(lambda: not page.clip._at_work.pending("index"))
    (tmp_path / "elsewhere" / "renamed.mp4").rename(tmp_path / "clip.mp4")
    hands.window.picture_back.look()
    hands.qtbot.waitUntil(lambda: hands.canvas.scene.image_size is not None, timeout=20_000)
    hands.key(Qt.Key.Key_PageDown)
    hands.qtbot.waitUntil(page.clip.timeline.isVisible, timeout=20_000)


def test_asking_for_a_frame_where_only_a_file_proposes_says_so(hands, clip) -> None:
    from_file = Proposer("From a file.", None, None)
    hands.qtbot.waitUntil(lambda: hands.window.preparation.proposer is not None, timeout=20_000)
    hands.window.preparation.proposer = from_file
    clip.track._begin_anew()
    hands.key(Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    assert "No model looks at the frames" in hands.window.messages.banner.text.text()
