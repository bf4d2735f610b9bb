"""A track looked at from the open frame outwards."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.tracking import suggested_frames
from landmark_annotator.annotator.session.tracking.growing_clip import GrowingClip
from landmark_annotator.annotator.session.tracking.open_clip import OpenClip, labels_of
from landmark_annotator.annotator.session.tracking.video_tracks import follow_video
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Shape
from tests.statements import statements_asked
from tests.unit.annotator.session.tracking.conftest import FRAMES, blind_proposer, truth


@pytest.fixture
def track(filmed: Project) -> int:
    """The first thing's, in all frames of the project."""
    follow_video(filmed, filmed.videos()[0], SILENT, who="ann")
    track = filmed.instances()[0].track_id
    assert track is not None
    return track


def _grown(project: Project, track: int, frame: int) -> tuple[GrowingClip, list[int]]:
    """With the frames in the order in which they were looked at."""
    instance = dict(project.instances_of_track(track))[frame].id
    growing = GrowingClip.of(project, track, instance)
    seen = []
    while (work := growing.look()) is not None:
        looked = work(blind_proposer(project))
        growing.take(looked)
        seen.append(looked.seen.frame)
    return growing, seen


def _smoothed(project: Project, growing: GrowingClip) -> OpenClip:
    return growing.smooth(project.folder, blind_proposer(project), None)()[0]


def test_frames_are_looked_at_from_the_open_one_outwards(filmed: Project, track: int) -> None:
    growing, seen = _grown(filmed, track, 5)
    assert seen == [5, 6, 4, 7, 3, 2, 1, 0]
    assert growing.complete


def test_frames_near_each_other_are_asked_about_at_once(filmed: Project, track: int) -> None:
    """Of a server, in the window's thread, between two looks."""
    instance = dict(filmed.instances_of_track(track))[5].id
    growing = GrowingClip.of(filmed, track, instance)
    assert growing is not None
    first = growing.look()
    assert first is not None
    growing.take(first(blind_proposer(filmed)))

    with statements_asked() as said:
        second = growing.look()

    assert second is not None
    assert said == []
    assert second(blind_proposer(filmed)).seen.frame == 6


def test_what_was_seen_while_it_was_followed_is_not_looked_at_again(filmed: Project) -> None:
    video = filmed.videos()[0]
    _, all_seen = follow_video(filmed, video, SILENT, who="ann")
    _, seen = follow_video(filmed, video, SILENT, who="ann", first=2)
    track = filmed.instances()[0].track_id
    assert track is not None
    instance = dict(filmed.instances_of_track(track))[5].id
    whole, part = (GrowingClip.of(filmed, track, instance, each) for each in (all_seen, seen))
    assert whole is not None
    assert whole.complete
    assert part is not None
    assert part.seen == FRAMES - 2
    rest = []
    while (work := part.look()) is not None:
        looked = work(blind_proposer(filmed))
        part.take(looked)
        rest.append(looked.seen.frame)
    assert rest == [1, 0]
    expected = _smoothed(filmed, _grown(filmed, track, 5)[0])
    for growing in (whole, part):
        clip = _smoothed(filmed, growing)
        assert clip.posterior().points == pytest.approx(expected.posterior().points, abs=0.3)
        assert all(frame.flow is not None for frame in clip.frames[:-1])
    moved = Box(50.0, 40.0, 60.0, 60.0)
    filmed.set_box(instance, moved, who="ann")
    again = GrowingClip.of(filmed, track, instance, all_seen)
    assert again is not None
    assert again.seen == 0


def test_of_a_track_in_which_one_box_has_moved_that_frame_alone_is_looked_at_again(
    filmed: Project, track: int
) -> None:
    before, _ = _grown(filmed, track, 5)
    instance = dict(filmed.instances_of_track(track))[3].id
    assert before.moved(track, [instance]) == frozenset()
    assert before.moved_of_all(track) is None
    moved = Box(50.0, 40.0, 60.0, 60.0)
    filmed.set_box(instance, moved, who="ann")
    assert before.moved(track, [instance]) == before.moved_of_all(track) == {instance}
    growing = before.again(track, before.members[5].instance)
    assert growing is not None
    assert growing.seen == 4
    again = []
    while (work := growing.look()) is not None:
        looked = work(blind_proposer(filmed))
        growing.take(looked)
        again.append((looked.seen.frame, looked.seen.proposal))
    # The frame before it as well, for the flow from there: what is proposed in it stays.
    assert [frame for frame, _ in again] == [3, 2]
    frames = {frame.frame: frame for frame in _smoothed(filmed, before).frames}
    assert again[0][1] is not frames[3].proposal
    assert again[1][1] is frames[2].proposal
    frames = {frame.frame: frame for frame in _smoothed(filmed, growing).frames}
    assert frames[3].proposal is again[0][1]
    assert all(frame.flow is not None for n, frame in frames.items() if n < FRAMES - 1)


def test_where_the_video_is_away_nothing_is_seen_of_it(filmed: Project, track: int) -> None:
    """Not that nothing is in its frames, as in those that are damaged."""
    before, _ = _grown(filmed, track, 5)
    instance = dict(filmed.instances_of_track(track))[3].id
    filmed.set_box(instance, Box(50.0, 40.0, 60.0, 60.0), who="ann")
    growing = before.again(track, before.members[5].instance)
    assert growing is not None
    path = filmed.videos()[0].path
    path.rename(path.with_suffix(".away"))
    try:
        work = growing.look()
        assert work is not None
        growing.take(work(blind_proposer(filmed)))
    finally:
        path.with_suffix(".away").rename(path)
    assert growing.away
    assert growing.seen == 4, "those of which all was known"
    assert growing.look() is None
    again = growing.again(track, before.members[5].instance)
    assert again is not None
    while (work := again.look()) is not None:
        again.take(work(blind_proposer(filmed)))
    assert all(frame.proposal is not None for frame in _smoothed(filmed, again).frames)


def test_what_is_labelled_goes_along_the_flow(filmed: Project, track: int) -> None:
    growing, _ = _grown(filmed, track, 3)
    points = _smoothed(filmed, growing).posterior().points
    assert points == pytest.approx(np.stack([truth(0, t) for t in range(FRAMES)]), abs=2.0)


def test_what_is_placed_later_is_a_click_and_what_is_accepted_is_smoothed_anew(
    filmed: Project, track: int
) -> None:
    growing, _ = _grown(filmed, track, 3)
    clip = _smoothed(filmed, growing)
    instance = dict(filmed.instances_of_track(track))[3].id
    before = clip.posterior().points
    x, y = before[3, 1] + [5.0, 0.0]
    filmed.place(instance, 1, (x, y), provenance=Provenance.CLICKED, who="ann")
    labels = labels_of(filmed, [instance])[instance]
    clicked = clip.with_labels(3, labels)
    assert clicked.posterior().points[4, 1, 0] > before[4, 1, 0] + 0.5
    assert not clicked.outdated(3, labels)
    shape = Shape(truth(0, 3)).with_provenance(Provenance.CLICKED)
    filmed.accept(instance, shape, who="ann")
    accepted = labels_of(filmed, [instance])[instance]
    assert clicked.outdated(3, accepted)
    assert 3 in clicked.with_labels(3, accepted).closed, "nobody is asked about it any more"


def test_while_few_frames_were_seen_no_neighbours_are_suggested(
    filmed: Project, track: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frames are apart from each other as they will be once the whole track was seen."""
    monkeypatch.setattr(suggested_frames, "_MOST", 2)
    instance = dict(filmed.instances_of_track(track))[5].id
    growing = GrowingClip.of(filmed, track, instance)
    assert growing is not None
    for _ in range(2):
        work = growing.look()
        assert work is not None
        growing.take(work(blind_proposer(filmed)))
    clip = _smoothed(filmed, growing)
    assert [frame.frame for frame in clip.frames] == [5, 6]
    assert len(suggested_frames.suggested_frames(clip, clip.posterior())) == 1


def test_a_leap_is_told_in_the_frame_that_it_leads_to(filmed: Project, track: int) -> None:
    growing, _ = _grown(filmed, track, 3)
    clip = _smoothed(filmed, growing)
    posterior = clip.posterior()
    posterior.points[5:, 2] += 40.0
    assert int(np.argmax(clip.jumps(posterior))) == 5
