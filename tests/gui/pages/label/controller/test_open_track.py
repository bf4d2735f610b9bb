"""A click in one frame of a video changes what is proposed in the others of its track."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from bar_clip import BOX, LABELLED, WAITING, instance, opened_bars, track, wait
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.commands import asked_frame
from landmark_annotator.annotator.gui.pages.label.controller import open_track
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.annotator.session.tracking.growing_clip import GrowingClip
from landmark_annotator.annotator.session.tracking.open_clip import OpenClip
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.store import InstanceState, Role
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats


@pytest.fixture
def hands(tmp_path, open_window, blind_priors):
    """See `opened_bars`."""
    with opened_bars(tmp_path, open_window) as opened:
        yield opened


def proposed(hands, frame: int) -> Floats:
    proposal = hands.window.preparation.proposal(instance(hands, frame))
    assert proposal is not None
    return proposal.given([]).points


def click_far_off(hands) -> None:
    """The landmark that is asked for, ten pixels from where it is proposed."""
    x, y = hands.points[hands.window.controller.asked]
    hands.click(float(x) - 6, float(y) + 8)
    wait(hands)


def test_a_click_that_is_taken_back_was_the_reason_for_errors_of_other_frames(hands) -> None:
    click_far_off(hands)
    rows, other = hands.window.label_page.list_model, instance(hands, 6)
    rows.show_expected(other, 0.123)
    assert other in rows._expected
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert other not in rows._expected


def test_a_click_changes_the_other_frames_until_it_is_taken_back(hands) -> None:
    before = [proposed(hands, frame) for frame in WAITING]
    click_far_off(hands)
    after = [proposed(hands, frame) for frame in WAITING]
    moved = [float(np.abs(a - b).max()) for a, b in zip(after, before, strict=True)]
    assert moved[0] < 1e-6, "its own clicks are not in what is proposed for the frame"
    assert min(moved[1:]) > 0.05
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait(hands)
    again = [proposed(hands, frame) for frame in WAITING]
    assert np.allclose(again, before)


def test_the_next_frame_opens_with_what_the_click_says(hands) -> None:
    click_far_off(hands)
    expected = proposed(hands, WAITING[1])
    hands.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert hands.open_id == instance(hands, WAITING[1])
    hands.wait_for()
    assert hands.points == pytest.approx(expected)


def test_the_timeline_shows_how_unsure_the_frames_of_the_track_are(hands) -> None:
    curves = hands.window.pages.page("label").clip.timeline.curves
    assert list(curves.frames) == sorted((*LABELLED, *WAITING))
    assert (curves.uncertainty[:3:2] < curves.uncertainty[-1]).all(), "labelled frames are sure"


def test_a_track_that_has_more_frames_than_were_read_of_it_is_left_and_opened_again(
    hands, monkeypatch
) -> None:
    """After two tracks were joined the curves of the one were told of the frames of both, which
    ended in a crash."""
    project, looked = hands.window.project, track(hands)
    curves = hands.window.pages.page("label").clip.timeline
    (added,) = add_frames(project, project.videos()[0].path, (3,), who="x").added
    (new,) = project.instances_of(added.id)
    project.set_box(new.id, BOX, who="x")
    project.assign_track([new.id], project.instance(hands.open_id).track_id, who="x")
    goes_on, read = threading.Event(), open_track._read
    monkeypatch.setattr(open_track, "_read", lambda clip: goes_on.wait(60) and read(clip))
    hands.window.context.changed(Change(Kind.LIST | Kind.STORED))
    count = len((*LABELLED, *WAITING)) + 1
    hands.qtbot.waitUntil(lambda: len(looked.clip.frames) == count, timeout=60_000)
    before = hands.open_id
    hands.window.controller.open(instance(hands, WAITING[0], 1))
    hands.window.controller.open(before)
    assert len(curves.curves.frames) == count - 1, "of a moment ago"
    goes_on.set()
    wait(hands)
    assert len(curves.curves.frames) == count


def test_keys_go_to_frames_that_need_somebody(hands) -> None:
    hands.key(Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    record = hands.window.project.instance(hands.open_id)
    assert record.state is InstanceState.UNTOUCHED
    assert hands.open_id != instance(hands, WAITING[0])
    clip = track(hands).clip
    query = clip.query(clip.place_of(hands.open_id))
    hands.key(Qt.Key.Key_Q, Qt.KeyboardModifier.AltModifier)
    hands.qtbot.waitUntil(
        lambda: (
            (hands.open_id, hands.window.controller.asked)
            == (clip.frames[query.frame].instance, query.landmark)
        ),
        timeout=20_000,
    )


@pytest.mark.parametrize("key", [Qt.Key.Key_N, Qt.Key.Key_Q])
def test_that_no_frame_needs_somebody_is_said_of_those_that_were_looked_at(
    hands, monkeypatch, key
) -> None:
    """It was said of the whole track when a seventh of it had been seen."""
    monkeypatch.setattr(asked_frame, "next_suggested", lambda *_: None)
    monkeypatch.setattr(OpenClip, "query", lambda *_: None)
    banner, alt = hands.window.messages.banner, Qt.KeyboardModifier.AltModifier
    hands.key(key, alt)
    hands.qtbot.waitUntil(lambda: not banner.isHidden())
    assert "looked at" not in banner.text.text()
    banner.hide()
    monkeypatch.setattr(GrowingClip, "complete", property(lambda _: False))
    hands.key(key, alt)
    hands.qtbot.waitUntil(lambda: not banner.isHidden())
    assert ", by the 6 of 6 frames that were looked at so far." in banner.text.text()


def test_what_is_known_of_a_track_is_kept_while_another_one_is_open(hands) -> None:
    clip = track(hands).clip
    hands.window.controller.open(instance(hands, WAITING[0], 1))
    wait(hands)
    assert track(hands).clip.place_of(hands.open_id) is not None
    assert track(hands).clip is not clip
    click_far_off(hands)
    hands.window.controller.open(instance(hands, WAITING[1]))
    assert track(hands).clip.frames is clip.frames
    moved = proposed(hands, WAITING[2])
    assert moved == pytest.approx(clip.proposal(5).given([]).points), "of another object"


def test_a_track_that_somebody_else_has_taken_away_is_no_track_any_more(hands) -> None:
    """A newer model asks for its frames before the window has heard of it."""
    for one in hands.window.project.tracks():
        hands.window.project.remove_track(one.id, who="somebody else")
    track(hands)._begin_anew()
    assert track(hands).clip is None


def test_two_animals_of_a_frame_are_accepted_together_as_time_has_them(hands) -> None:
    """The one beside the open one is drawn and accepted as all frames of its track have it."""
    hands.window.controller.open(instance(hands, WAITING[0], 1))
    wait(hands)
    hands.window.controller.open(instance(hands, WAITING[0]))
    wait(hands)
    beside = instance(hands, WAITING[0], 1)
    timed = hands.window.preparation.proposal(beside).given([]).points
    (other,) = hands.window.canvas.scene.others
    assert other.points == pytest.approx(timed)

    hands.qtbot.waitUntil(lambda: accepted_both(hands), timeout=20_000)
    assert hands.window.project.shape(beside).points == pytest.approx(timed)


def accepted_both(hands) -> bool:
    hands.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    project = hands.window.project
    both = [project.instance(instance(hands, WAITING[0], place)) for place in (0, 1)]
    return all(record.state is InstanceState.ACCEPTED for record in both)


def test_the_line_at_the_bottom_says_how_many_frames_of_the_track_are_looked_at(hands) -> None:
    told = hands.window.status.model.toolTip
    assert "Looking at the frames" not in told()
    said = []
    track(hands).looked.connect(lambda: said.append(told()))
    hands.window.preparation.proposer_ready.emit()  # as after a training
    wait(hands)
    assert said[0].startswith("Looking at the frames of the track, 1 of 6: the others")
    assert "Looking at the frames" not in told()


def test_a_box_that_goes_elsewhere_takes_what_is_proposed_along(hands) -> None:
    """What was seen in the box of before was believed in still, and told to be sure."""
    clip = track(hands).clip
    box = hands.window.project.instance(hands.open_id).box
    hands.window.controller.set_box(box.shifted(20.0, 10.0))
    wait(hands)
    seen = track(hands).clip
    place = clip.place_of(hands.open_id)
    there, old = (each.frames[place].proposal.box for each in (seen, clip))
    assert there.centre_x > old.centre_x + 5
    same = [
        now.proposal is old.proposal
        for now, old in zip(seen.frames, clip.frames, strict=True)
        if now.instance != hands.open_id
    ]
    assert all(same), "the other frames are not looked at again"
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait(hands)
    assert track(hands).clip.frames[place].proposal.box.centre_x < there.centre_x - 3


def test_a_box_that_goes_by_itself_takes_what_is_proposed_along(hands) -> None:
    """As one that was copied into a frame goes to where flow takes what is in it."""
    project, clip, other = hands.window.project, track(hands).clip, instance(hands, WAITING[1])
    project.set_box(other, BOX.shifted(20.0, 10.0), who="x")
    hands.window.context.changed(Change(Kind.LIST, frozenset((other,))))
    wait(hands)
    place = clip.place_of(other)
    there, old = (each.frames[place].proposal.box for each in (track(hands).clip, clip))
    assert there.centre_x > old.centre_x + 5


def test_what_is_said_to_be_of_another_track_is_believed_in_there(hands) -> None:
    hands.window.controller.open(instance(hands, WAITING[0], 1))
    wait(hands)
    hands.window.controller.open(instance(hands, WAITING[0]))
    wait(hands)
    project, tracks = hands.window.project, hands.window.label_page.clip.tracks
    red, blue = [each.id for each in project.tracks()]
    tracks._swap(red, blue, WAITING[1], None)()
    for place in (0, 1):
        hands.window.controller.open(instance(hands, WAITING[0], place))
        wait(hands)
        clip = track(hands).clip
        assert clip.place_of(instance(hands, WAITING[1], place)) is None
        assert clip.place_of(instance(hands, WAITING[1], 1 - place)) == 4


@pytest.mark.parametrize("seen", [0, 2])
def test_an_acceptance_keeps_what_is_known_of_frames_that_a_newer_model_has_still_to_see(
    hands, monkeypatch, seen
) -> None:
    """All was smoothed anew at once, of the few frames that had been seen by then; of none, it
    failed."""
    looked, first, slow = track(hands), hands.open_id, [True]
    look, frames = looked._look, [each.frame for each in looked.clip.frames]

    def look_at_few() -> None:
        if not slow or looked._open.growing.seen < seen:
            look()

    monkeypatch.setattr(looked, "_look", look_at_few)
    looked._begin_anew()
    # The acceptance makes for a newer model still, which would come to this one's aid.
    hands.window.preparation.proposer_ready.disconnect(looked._begin_anew)
    hands.qtbot.waitUntil(lambda: looked._open.growing.seen == seen, timeout=20_000)
    hands.key(Qt.Key.Key_Return)
    assert hands.state(first) is InstanceState.ACCEPTED
    hands.window.controller.open(instance(hands, WAITING[1]))  # the other animal was next
    hands.wait_for()
    hands.qtbot.waitUntil(lambda: not looked._at_work.pending("smoothing"), timeout=20_000)
    assert [each.frame for each in looked.clip.frames] == frames

    slow.clear()
    looked._look()
    wait(hands)
    assert [each.frame for each in looked.clip.frames] == frames
    assert looked.clip.place_of(first) in looked.clip.accepted


def test_a_frame_that_is_accepted_again_is_no_longer_suggested_while_a_newer_model_looks(
    hands, monkeypatch
) -> None:
    """What was read of the clip after the label was dropped for the newer model, and the frame kept
    its mark on the timeline until that had looked at all frames."""
    looked, timeline = track(hands), hands.window.pages.page("label").clip.timeline
    [place] = looked.read.suggested
    frame = looked.clip.frames[place].frame
    assert timeline.curves.suggested == [frame]
    hands.window.controller.open(looked.clip.frames[place].instance)
    accepted = hands.open_id
    hands.qtbot.waitUntil(lambda: accepts(hands, accepted), timeout=20_000)
    wait(hands)
    hands.window.preparation.proposer_ready.disconnect(looked._begin_anew)
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait(hands)
    # As long as little is known of the others.
    looked._open.read = replace(looked.read, suggested=[place])
    monkeypatch.setattr(looked, "_look", lambda: None)
    hands.window.actions_by_name["redo"].trigger()
    looked._begin_anew()
    assert hands.state(accepted) is InstanceState.ACCEPTED
    hands.qtbot.waitUntil(lambda: not looked._at_work.pending("posterior"), timeout=20_000)
    assert frame not in timeline.curves.suggested


def accepts(hands, instance_id: int) -> bool:
    if hands.state(instance_id) is not InstanceState.ACCEPTED:
        hands.key(Qt.Key.Key_Return)
    return hands.state(instance_id) is InstanceState.ACCEPTED


def test_after_an_object_was_thrown_out_no_frame_of_its_track_is_looked_at_again(hands) -> None:
    """All were, for half a minute, each time that somebody said that it is not in an image."""
    hands.window.controller.open(instance(hands, WAITING[0], 1))
    wait(hands)
    hands.window.controller.open(instance(hands, WAITING[0]))
    wait(hands)
    ready, looked = [], []
    hands.window.preparation.proposer_ready.connect(lambda: ready.append(True))
    track(hands).looked.connect(lambda: looked.append(hands.open_id))
    gone = hands.open_id
    hands.key(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert hands.window.project.instance(gone).excluded is not None
    hands.qtbot.waitUntil(lambda: len(ready) > 0, timeout=60_000)
    hands.window.controller.open(instance(hands, WAITING[1]))
    wait(hands)
    assert len(track(hands).clip.frames) == len((*LABELLED, *WAITING)) - 1
    assert len(looked) <= 2, "flow between the two frames beside it, at most"


def test_a_label_that_another_person_is_to_give_too_is_left_out_until_both_are_done(hands) -> None:
    """And what was smoothed without it is not made anew again and again."""
    project, controller = hands.window.project, hands.window.controller
    blind = instance(hands, LABELLED[-1])
    for name in (controller.session.who, "bob"):
        project.set_person(name, Role.LEAD, who=controller.session.who)
    frame = project.instance(blind).image_id
    second = project.add_instance(frame, BOX, second_opinion_on=blind, who="bob").id
    for done in (False, True):
        if done:
            project.accept(second, project.shape(blind), who="bob")
        hands.window.context.changed(
            Change(Kind.STORED | Kind.LABELS, frozenset({blind}), by_others=True)
        )
        wait(hands)
        clip = track(hands).clip
        assert (clip.place_of(blind) in clip.accepted) is done


def test_where_the_object_was_missed_the_model_looks_again(hands, monkeypatch) -> None:
    """Its own answer for one frame is believed in the place of that of all frames only then."""
    there, clicked = np.array([[90.0, 70.0], [110.0, 80.0]]), np.array([91.0, 71.0])
    asked = []

    def look(proposer, pixels, proposal, evidence):
        asked.append([piece.landmark for piece in evidence])
        box = Box(100.0, 75.0, 40.0, 40.0)
        seen = ShapeMixture(np.zeros(1), box.to_frame(there)[None], np.eye(4) * 0.01**2)
        return Proposal(box, seen, "sees")

    monkeypatch.setattr(Proposer, "look_where_missed", look)
    hands.window.controller.choose(0)
    hands.click(*clicked)
    hands.qtbot.waitUntil(lambda: np.allclose(hands.points[1], there[1], atol=1.0))
    assert asked == [[0]]
    assert hands.points[0] == pytest.approx(clicked, abs=0.5)
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait(hands)
    assert not np.allclose(hands.points[1], there[1], atol=5.0)


def test_what_a_track_says_stays_while_its_video_is_away(hands, tmp_path) -> None:
    """Frames that could not be read counted as seen, and were not looked at once they could be."""
    project, clip, other = hands.window.project, track(hands).clip, instance(hands, WAITING[1])
    place = clip.place_of(other)
    (tmp_path / "clip.mp4").rename(tmp_path / "away.mp4")
    project.set_box(other, BOX.shifted(20.0, 10.0), who="x")
    hands.window.context.changed(Change(Kind.LIST, frozenset((other,))))
    hands.qtbot.waitUntil(lambda: not track(hands).busy, timeout=20_000)
    # Not the clip itself: what somebody else has stored is noticed at any moment, with its labels.
    known = [frame.proposal for frame in track(hands).clip.frames]
    assert all(now is then.proposal for now, then in zip(known, clip.frames, strict=True))
    (tmp_path / "away.mp4").rename(tmp_path / "clip.mp4")
    hands.window.context.changed(Change(Kind.LIST))  # as where missing files were found
    wait(hands)
    seen = track(hands).clip.frames[place].proposal
    assert seen is not None
    assert seen.box.centre_x > clip.frames[place].proposal.box.centre_x + 5
