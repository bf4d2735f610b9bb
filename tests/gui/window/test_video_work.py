"""Of a video, from the window: its objects followed, and it written with its landmarks."""

import threading

import numpy as np
import pytest
from bar_video import LABELLED, WAITING, ended, lanes, opened_video
from PySide6.QtWidgets import QFileDialog

from landmark_annotator.annotator.gui.window.follow_work import FollowDialog
from landmark_annotator.annotator.session.tracking import video_tracks
from landmark_annotator.annotator.session.tracking.ended_tracks import Ending, PathParts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.video import read_index
from landmark_annotator.projects.vocabulary import Shape


@pytest.fixture
def hands(tmp_path, open_window):
    """See `opened_video`."""
    with opened_video(tmp_path, open_window) as opened:
        yield opened


def test_objects_of_a_video_become_tracks_beside_the_labelling(hands) -> None:
    assert lanes(hands) == ["no track"]
    hands.window.actions_by_name["follow"].trigger()
    dialog = hands.window.findChild(FollowDialog)
    assert (dialog.first.value(), dialog.last.value()) == (0, 11)
    dialog.last.setValue(8)
    dialog.all_of_them.setChecked(True)
    dialog.follow.click()
    hands.qtbot.waitUntil(lambda: lanes(hands) == ["1"], timeout=60_000)
    ended(hands)
    project = hands.window.project
    (track,) = project.tracks()
    assert [frame for frame, _ in project.instances_of_track(track.id)] == list(range(9))
    assert hands.window.controller.record.track_id == track.id, "what is open is of it"
    assert "Tracks: 1 in 9 frames." in hands.window.messages.banner.text.text()


def test_one_undo_takes_back_all_that_was_followed_also_what_is_open(hands) -> None:
    hands.window.actions_by_name["follow"].trigger()
    dialog = hands.window.findChild(FollowDialog)
    dialog.last.setValue(8)
    dialog.follow.click()
    hands.qtbot.waitUntil(lambda: lanes(hands) == ["1"], timeout=60_000)
    ended(hands)
    assert "Tracks: 1 in 5 frames." in hands.window.messages.banner.text.text()
    controller, project = hands.window.controller, hands.window.project
    last = next(image.id for image in project.images() if image.frame == WAITING[-1])
    controller.open(project.instances_of(last)[0].id)
    assert controller.record.box is not None
    hands.wait_for()
    hands.window.actions_by_name["undo"].trigger()
    assert controller.record.box is None, "Enter would accept it as it was"
    hands.qtbot.waitUntil(lambda: controller.record.box is None, timeout=20_000)
    assert controller.record.track_id is None
    assert lanes(hands) == ["no track"]
    boxed = [project.image(r.image_id).frame for r in project.instances() if r.box is not None]
    assert WAITING[0] not in boxed
    first = next(r for r in project.instances() if r.box is not None)
    controller.open(first.id)
    hands.wait_for()
    hands.window.actions_by_name["redo"].trigger()
    assert controller.record.track_id == project.tracks()[0].id, "its lane is the open one again"


def test_what_following_came_to_stays_to_be_read_until_its_tracks_are_gone(hands) -> None:
    """It went away after six seconds, while whoever waited minutes for it did something else."""
    hands.window.actions_by_name["follow"].trigger()
    dialog = hands.window.findChild(FollowDialog)
    dialog.last.setValue(8)
    dialog.follow.click()
    hands.qtbot.waitUntil(lambda: lanes(hands) == ["1"], timeout=60_000)
    ended(hands)
    banner = hands.window.messages.banner
    assert "Tracks: 1 in" in banner.text.text()
    assert banner.isVisible()
    assert not banner._fade.isActive()
    hands.wait_for()
    hands.window.actions_by_name["undo"].trigger()
    hands.qtbot.waitUntil(lambda: not banner.isVisible(), timeout=20_000)


def test_undo_of_what_was_followed_says_what_stays(hands) -> None:
    """It was refused once a file's labels had come into an object, and so was all before it."""
    hands.window.actions_by_name["follow"].trigger()
    dialog = hands.window.findChild(FollowDialog)
    dialog.last.setValue(8)
    dialog.follow.click()
    hands.qtbot.waitUntil(lambda: lanes(hands) == ["1"], timeout=60_000)
    ended(hands)
    project = hands.window.project
    found = sorted(project.found_boxes())
    shape = Shape(np.array([[22.0, 20.0], [50.0, 34.0]]))
    project.fill_instance(found[0], project.instance(found[0]).box, shape, who="x")
    hands.wait_for()
    hands.window.actions_by_name["undo"].trigger()
    said = "but for 1 object that was worked on since: it stays"
    hands.qtbot.waitUntil(lambda: said in hands.window.status.stored.text(), timeout=20_000)
    assert project.found_boxes() == {found[0]}
    assert lanes(hands) == ["1", "no track"]


def test_following_is_called_so_and_is_not_ended_by_proposing(hands) -> None:
    hands.window.actions_by_name["follow"].trigger()
    dialog = hands.window.findChild(FollowDialog)
    dialog.last.setValue(8)
    dialog.follow.click()
    assert hands.window.work.lines["propose"].text.text().startswith("Following")
    hands.window.work.propose()
    assert "Following is running" in hands.window.messages.banner.text.text()
    hands.qtbot.waitUntil(lambda: lanes(hands)[0] == "1", timeout=60_000)
    ended(hands)
    hands.window.work.propose()
    assert hands.window.work.lines["propose"].text.text().startswith("Proposing")


def test_where_a_track_ends_is_said_with_a_link_there(hands, monkeypatch) -> None:
    monkeypatch.setattr(
        PathParts, "endings", lambda _, track, left: [Ending(track, 6, None, 2, left=True)]
    )
    hands.window.actions_by_name["follow"].trigger()
    dialog = hands.window.findChild(FollowDialog)
    dialog.last.setValue(8)
    dialog.follow.click()
    hands.qtbot.waitUntil(lambda: lanes(hands) == ["1"], timeout=60_000)
    ended(hands)
    banner, controller = hands.window.messages.banner, hands.window.controller
    assert "Track 1 ends at frame 6: it leaves the picture there." in banner.text.text()
    assert "Go to frame 6" in banner.text.text()
    assert banner.isVisible(), "it was hidden at once, as what is open was opened anew"
    banner.text.linkActivated.emit("do")
    project = hands.window.project
    assert project.image(controller.record.image_id).frame == 6
    assert controller.record.track_id == project.tracks()[0].id


def test_of_the_frames_that_are_chosen_it_is_said_how_many_there_are(hands) -> None:
    """Of the whole video it was, and in a stretch without any of them the answer came late."""
    hands.window.pages.page("label").clip.timeline.range = (3, 8)
    hands.window.actions_by_name["follow"].trigger()
    dialog = hands.window.findChild(FollowDialog)
    assert dialog.said.text() == (
        "3 of 6 frames in the project, up to 2 apart: what moves far in between is lost."
    )
    dialog.first.setValue(9)
    dialog.last.setValue(11)
    assert dialog.said.text() == "None of 3 frames in the project. Let them come in."
    assert not dialog.follow.isEnabled()
    dialog.all_of_them.setChecked(True)
    assert dialog.said.text() == "None of 3 frames in the project. 3 more come in."
    assert dialog.follow.isEnabled()
    dialog.first.setValue(6)
    assert dialog.said.text() == "2 of 6 frames in the project. 4 more come in."


def test_no_frame_comes_in_to_be_followed_in_vain(hands) -> None:
    hands.window.pages.page("label").clip.timeline.range = (5, 8)
    hands.window.actions_by_name["follow"].trigger()
    dialog = hands.window.findChild(FollowDialog)
    dialog.all_of_them.setChecked(True)
    dialog.follow.click()
    ended(hands)
    told = hands.window.messages.banner.text.text()
    assert "has an object to follow." in told
    assert "Nothing was changed." in told
    frames = {image.frame for image in hands.window.project.images()}
    assert frames == {*LABELLED, *WAITING}


def test_from_one_frame_nothing_is_followed_unless_others_come_in(hands) -> None:
    """It was, for some seconds, and then no object was found in two frames."""
    hands.window.pages.page("label").clip.timeline.range = (4, 5)
    hands.window.actions_by_name["follow"].trigger()
    dialog = hands.window.findChild(FollowDialog)
    assert dialog.said.text() == "1 of 2 frames in the project. 1 more comes in."
    assert dialog.follow.isEnabled(), "of marked frames nothing else can be meant"
    dialog.all_of_them.setChecked(False)
    assert dialog.said.text() == "1 of 2 frames in the project. Let them come in."
    assert not dialog.follow.isEnabled()
    dialog.all_of_them.setChecked(True)
    assert dialog.follow.isEnabled()
    dialog.last.setValue(4)
    assert dialog.said.text() == "1 of 1 frame in the project. Choose two at least."
    assert not dialog.follow.isEnabled()


def test_what_was_seen_while_objects_were_followed_is_not_looked_at_again(hands) -> None:
    preparation = hands.window.preparation
    hands.qtbot.waitUntil(
        lambda: preparation.proposer is not None and preparation.settled, timeout=60_000
    )
    track, looks = hands.window.pages.page("label").clip.track, []
    track.looked.connect(lambda: looks.append(track.clip))
    for _ in range(2):
        before = track.clip
        hands.window.actions_by_name["follow"].trigger()
        dialog = hands.window.findChild(FollowDialog)
        dialog.last.setValue(8)
        dialog.all_of_them.setChecked(True)
        dialog.follow.click()
        hands.qtbot.waitUntil(lambda: track.clip is not before, timeout=60_000)  # noqa: B023
        hands.qtbot.waitUntil(lambda: not track.busy, timeout=20_000)
        hands.qtbot.waitUntil(lambda: hands.window.findChild(FollowDialog) is None)
        assert len(track.clip.frames) == 9
    assert not looks


def test_the_marked_frames_are_written_with_their_landmarks(hands, tmp_path) -> None:
    clip = hands.window.pages.page("label").clip
    clip.timeline.range = (2, 6)
    shown = hands.window.work.clip.shown()
    hands.window.work.clip.write(tmp_path / "clip.mp4", shown)
    assert "is the video itself" in hands.window.messages.banner.text.text()
    target = tmp_path / "drawn.mp4"
    hands.window.work.clip.write(target, shown)
    hands.qtbot.waitUntil(lambda: not hands.window.work.exports.job.running, timeout=30_000)
    assert len(read_index(target)) == 5
    told = hands.window.messages.banner.text.text()
    assert told == "Wrote 5 frames to drawn.mp4, 2 of them with landmarks."


@pytest.mark.parametrize(("marked", "said"), [((2, 6), "frames 2 to 6"), (None, "all 12 frames")])
def test_which_frames_will_be_written_is_said_where_a_file_is_chosen(hands, marked, said) -> None:
    """A few marked ones were written where all were meant, which was told at the end."""
    hands.window.pages.page("label").clip.timeline.range = marked
    hands.window.actions_by_name["clip"].trigger()
    asking = hands.window.findChild(QFileDialog)
    assert f"Write {said} with" in asking.windowTitle()
    asking.reject()


@pytest.fixture
def held_at_the_third(monkeypatch):
    """(reached, go on) Following waits at its third frame."""
    reached, go_on, look = threading.Event(), threading.Event(), video_tracks.look_through

    def held(frames, looks):
        for number, objects in enumerate(look(frames, looks)):
            if number == 2:
                reached.set()
                assert go_on.wait(60)
            yield objects

    monkeypatch.setattr(video_tracks, "look_through", held)
    return reached, go_on


def begin_to_follow(hands, reached) -> None:
    hands.window.actions_by_name["follow"].trigger()
    dialog = hands.window.findChild(FollowDialog)
    dialog.last.setValue(8)
    dialog.all_of_them.setChecked(True)
    dialog.follow.click()
    hands.qtbot.waitUntil(reached.is_set, timeout=20_000)


def followed(project: Project) -> list[int]:
    (track,) = project.tracks()
    return [frame for frame, _ in project.instances_of_track(track.id)]


def test_after_quitting_it_is_said_how_far_following_came_and_it_goes_on(
    hands, held_at_the_third, open_window
) -> None:
    """Its frames were there, some of them followed, and nobody knew to where."""
    reached, go_on = held_at_the_third
    begin_to_follow(hands, reached)
    hands.window.work.proposing.cancel()
    go_on.set()
    hands.window.close()
    assert followed(hands.window.project) == [0, 1, 2]

    again = open_window(hands.window.project)
    banner = again.window.messages.banner
    said = "closed while it followed through clip.mp4, frames 0 to 8, at frame 2: up to there all"
    assert said in banner.text.text()
    banner.text.linkActivated.emit("do")
    again.qtbot.waitUntil(lambda: "Tracks: 1 in 7 frames" in banner.text.text(), timeout=60_000)
    assert followed(again.window.project) == list(range(9))
    again.window.close()
    third = open_window(again.window.project)
    assert "closed while" not in third.window.messages.banner.text.text()


def test_a_second_window_says_that_following_goes_on_and_does_not_take_it_up(
    hands, held_at_the_third, open_window
) -> None:
    """It said that the program was closed, and offered to follow the same frames once more."""
    reached, go_on = held_at_the_third
    begin_to_follow(hands, reached)
    with Project.open(hands.window.project.folder) as project:
        second = open_window(project)
        told = second.window.messages.banner.text.text()
        assert "Objects are being followed through clip.mp4, frames 0 to 8, in another win" in told
        timeline = second.window.pages.page("label").clip.timeline
        second.qtbot.waitUntil(timeline.isVisible, timeout=20_000)
        second.window.actions_by_name["follow"].trigger()
        dialog = second.window.findChild(FollowDialog)
        dialog.follow.click()
        said = "frames 0 to 8 of this video in another window or by a command"
        banner = second.window.messages.banner.text
        second.qtbot.waitUntil(lambda: said in banner.text(), timeout=20_000)
        assert not project.tracks()
        go_on.set()
        hands.qtbot.waitUntil(lambda: lanes(hands)[0] == "1", timeout=60_000)
        ended(hands)
        second.window.close()
        third = open_window(project)
        assert "follow" not in third.window.messages.banner.text.text()
        third.window.close()


def test_what_was_stopped_goes_on_where_it_was(hands, held_at_the_third) -> None:
    reached, go_on = held_at_the_third
    begin_to_follow(hands, reached)
    hands.window.work.proposing.cancel()
    go_on.set()
    banner = hands.window.messages.banner
    hands.qtbot.waitUntil(lambda: "Stopped at frame 2" in banner.text.text(), timeout=20_000)
    ended(hands)
    hands.qtbot.waitUntil(lambda: hands.window.findChild(FollowDialog) is None, timeout=20_000)
    hands.window.actions_by_name["follow"].trigger()
    dialog = hands.window.findChild(FollowDialog)
    assert (dialog.first.value(), dialog.last.value()) == (2, 8)
    dialog.reject()
    hands.qtbot.waitUntil(lambda: hands.window.findChild(FollowDialog) is None, timeout=20_000)
    hands.window.project.undo(hands.window.context.who)
    hands.window.actions_by_name["follow"].trigger()
    dialog = hands.window.findChild(FollowDialog)
    assert dialog.first.value() == 0, "what it had come to was taken back"


def test_a_video_that_is_written_without_its_sound_says_so(hands, tmp_path, monkeypatch) -> None:
    room = "landmark_annotator.annotator.session.exchange.labelled_clip"
    monkeypatch.setattr(f"{room}.has_sound", lambda _: True)
    hands.window.work.clip.write(tmp_path / "drawn.mp4", hands.window.work.clip.shown())
    hands.qtbot.waitUntil(lambda: not hands.window.work.exports.job.running, timeout=30_000)
    assert "The sound of the video is not in it." in hands.window.messages.banner.text.text()


def test_of_a_video_that_goes_away_it_is_said_where_following_stopped(
    hands, held_at_the_third
) -> None:
    reached, go_on = held_at_the_third
    begin_to_follow(hands, reached)
    path = hands.window.project.videos()[0].path
    path.rename(path.with_name("elsewhere.mp4"))
    go_on.set()
    banner = hands.window.messages.banner.text
    hands.qtbot.waitUntil(lambda: "Stopped at frame 2" in banner.text(), timeout=20_000)
    assert "There is no video" in banner.text()
    assert "Find moved files" in banner.text()
    path.with_name("elsewhere.mp4").rename(path)
    ended(hands)
