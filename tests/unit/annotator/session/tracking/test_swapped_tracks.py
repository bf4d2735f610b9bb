"""What somebody has said of who is who stands when objects are followed again."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.tracking import video_tracks
from landmark_annotator.annotator.session.tracking.carried_objects import SeenObject
from landmark_annotator.annotator.session.tracking.seen_frames import FrameToSee, Looks
from landmark_annotator.annotator.session.tracking.video_tracks import follow_video
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box
from landmark_annotator.projects.vocabulary.arrays import Pixels
from tests.unit.annotator.session.tracking.conftest import FRAMES, truth

SWAPPED = 4


@pytest.fixture
def followed(filmed: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """By a model to which one of the things looks more familiar than the other, wherever it is."""

    def propose(self: Proposer, pixels: Pixels, box: Box) -> Proposal:
        first = any(box.overlap(Box.square_around(truth(0, t), 1.2)) > 0.5 for t in range(FRAMES))
        return replace(_known(self, pixels, box), novelty=0.3 if first else 0.5)

    _known = Proposer.propose
    monkeypatch.setattr(Proposer, "propose", propose)
    follow_video(filmed, filmed.videos()[0], SILENT, who="ann")
    return filmed


def places(project: Project) -> list[list[Box | None]]:
    """By track and frame."""
    tracks = [project.instances_of_track(track.id) for track in project.tracks()]
    return [[record.box for _, record in track] for track in tracks]


@pytest.mark.parametrize("last", [None, SWAPPED + 1])
def test_tracks_that_were_swapped_stay_so_where_they_are_followed_again(
    followed: Project, last: int | None
) -> None:
    """Flow led from the frame before to the object that it had led to: both tracks were on one,
    and nothing was on the other."""
    one, other = (track.id for track in followed.tracks())
    followed.swap_tracks(one, other, first=SWAPPED, last=last, who="ann")
    before = places(followed)
    done = follow_video(followed, followed.videos()[0], SILENT, who="ann")[0]
    assert (done.added, done.moved) == (0, 0)
    assert places(followed) == before


@pytest.mark.parametrize("done", ["swap", "join", "delete"])
def test_what_is_done_to_tracks_while_objects_are_followed_stands(
    filmed: Project, monkeypatch: pytest.MonkeyPatch, done: str
) -> None:
    """Frames that came in after it were of the tracks that there had been before."""
    video, look = filmed.videos()[0], video_tracks.look_through
    follow_video(filmed, video, SILENT, who="ann", last=SWAPPED)
    one, other = (track.id for track in filmed.tracks())
    if done == "join":
        one = filmed.cut_track(one, 2, who="ann").id

    def interrupted(frames: Iterable[FrameToSee], looks: Looks) -> Iterator[list[SeenObject]]:
        for number, objects in enumerate(look(frames, looks)):
            if number == SWAPPED and done == "swap":
                filmed.swap_tracks(one, other, first=2, who="ann")
            elif number == SWAPPED and done == "join":
                filmed.join_tracks(filmed.tracks()[0].id, one, who="ann")
            elif number == SWAPPED:
                filmed.remove_track(one, who="ann")
            yield objects

    monkeypatch.setattr(video_tracks, "look_through", interrupted)
    follow_video(filmed, video, SILENT, who="ann")
    lower = [[box.centre_y > 64 for box in boxes if box] for boxes in places(filmed)]
    if done == "swap":
        first, second = [False, False], [True, True]
        assert lower == [first + [True] * (FRAMES - 2), second + [False] * (FRAMES - 2)]
    else:
        assert sorted(lower) == [[False] * FRAMES, [True] * FRAMES]


def test_nothing_is_said_of_who_is_who_by_a_swap_that_was_taken_back(followed: Project) -> None:
    one, other = (track.id for track in followed.tracks())
    followed.swap_tracks(one, other, first=SWAPPED, who="ann")
    swapped = [r.id for t in (one, other) for n, r in followed.instances_of_track(t) if n >= 4]
    assert sorted(followed.given_over()) == sorted(swapped)
    followed.undo("ann")
    assert followed.given_over() == {}
    followed.redo("ann")
    assert len(followed.given_over()) == len(swapped)
    followed.remove_track(one, who="ann")
    assert len(followed.given_over()) == FRAMES - SWAPPED
