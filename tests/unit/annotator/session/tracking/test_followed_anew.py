"""Two things that were followed through a video, proposed for again as any others are."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.batch_proposals import (
    propose_all,
    store_expectation,
)
from landmark_annotator.annotator.session.tracking import seen_frames
from landmark_annotator.annotator.session.tracking.followed_anew import propose_followed
from landmark_annotator.annotator.session.tracking.video_tracks import follow_video
from landmark_annotator.backends.tracking import TRACKING
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import ImageRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import FileMissing
from tests.unit.annotator.session.tracking.conftest import FRAMES, blind_proposer, truth


@pytest.fixture
def followed(filmed: Project) -> Project:
    follow_video(filmed, filmed.videos()[0], SILENT, who="ann")
    return filmed


def _proposed(project: Project) -> Mapping[int, tuple[str | None, Floats]]:
    """By instance the model and the points of what is shown, of all that waits."""
    found = {}
    for record in project.instances():
        stored = project.proposal(record.id)
        if record.state is not InstanceState.ACCEPTED and stored is not None:
            found[record.id] = stored.model, stored.points
    return found


def test_what_was_smoothed_stays_what_all_frames_say_together(followed: Project) -> None:
    before = _proposed(followed)
    assert len(before) == 2 * (FRAMES - 1)
    assert propose_all(followed, SILENT).count == 0
    done = propose_followed(followed, SILENT)
    assert (done.tracks, done.proposed) == (2, len(before))
    after = _proposed(followed)
    assert {model for model, _ in after.values()} == {TRACKING}
    for instance, (_, points) in after.items():
        assert points == pytest.approx(before[instance][1], abs=2.0)


def test_a_label_that_came_since_moves_the_frames_round_it(followed: Project) -> None:
    (track,) = [t.id for t in followed.tracks() if _thing(followed, t.id) == 0]
    members = dict(followed.instances_of_track(track))
    moved = truth(0, 4) + np.array([6.0, -4.0])
    clicked = Shape(moved).with_provenance(Provenance.CLICKED)
    followed.accept(members[4].id, clicked, who="ann")
    beside = followed.proposal(members[5].id)
    propose_followed(followed, SILENT)
    after = followed.proposal(members[5].id)
    assert beside is not None
    assert after is not None
    there = moved + truth(0, 5) - truth(0, 4)
    assert np.abs(after.points - there).mean() < 0.5 * np.abs(beside.points - there).mean()
    assert followed.shape(members[4].id).points == pytest.approx(moved)


def _thing(project: Project, track: int) -> int:
    start = project.shape(project.instances_of_track(track)[0][1].id).points.mean(axis=0)
    return int(np.linalg.norm(start - truth(1, 0).mean(axis=0)) < 1)


def test_what_nobody_followed_is_proposed_for_from_its_own_frame(followed: Project) -> None:
    gone = followed.tracks()[0]
    loose = [record.id for _, record in followed.instances_of_track(gone.id)]
    followed.remove_track(gone.id, who="ann")
    assert propose_all(followed, SILENT).count == FRAMES - 1
    assert propose_followed(followed, SILENT).tracks == 1
    models = {model for i, (model, _) in _proposed(followed).items() if i in loose}
    assert TRACKING not in models


class _Stopped:
    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, steps: int = 1, note: str = "") -> None: ...

    def cancelled(self) -> bool:
        return True


def test_stopped_it_leaves_what_was_smoothed(followed: Project) -> None:
    before = {i: points.tolist() for i, (_, points) in _proposed(followed).items()}
    stopped = _Stopped()
    assert propose_followed(followed, stopped).proposed == 0
    assert {i: points.tolist() for i, (_, points) in _proposed(followed).items()} == before


def test_an_open_frame_alone_does_not_take_the_place_of_its_track(followed: Project) -> None:
    (frame, record), *_ = followed.instances_of_track(followed.tracks()[0].id)[1:]
    before = followed.proposal(record.id)
    _opened_alone(followed, record.id)
    after = followed.proposal(record.id)
    assert frame == 1
    assert before is not None
    assert after is not None
    assert (after.model, after.at) == (TRACKING, before.at)


def test_a_box_drawn_elsewhere_is_proposed_for_at_once(followed: Project) -> None:
    record = followed.instances_of_track(followed.tracks()[0].id)[1][1]
    followed.set_box(record.id, Box(150.0, 20.0, 40.0, 40.0), who="ann")
    _opened_alone(followed, record.id)
    stored = followed.proposal(record.id)
    assert stored is not None
    assert stored.model != TRACKING


def _opened_alone(project: Project, instance: int) -> None:
    proposer, record = blind_proposer(project), project.instance(instance)
    assert record.box is not None
    proposal = proposer.propose(np.zeros((128, 192, 3), np.uint8), record.box)
    assert proposal is not None
    store_expectation(project, instance, proposal, proposal.given([]), proposer)


def test_a_video_that_is_missing_is_told_once_and_its_tracks_stay(
    followed: Project, tmp_path: Path
) -> None:
    before = {i: points.tolist() for i, (_, points) in _proposed(followed).items()}
    video = followed.videos()[0].path
    away = tmp_path / "away.mp4"
    video.rename(away)
    try:
        done = propose_followed(followed, SILENT)
    finally:
        away.rename(video)
    assert (done.tracks, done.proposed, done.unreadable) == (0, 0, [])
    assert done.missing == [f"There is no video {video}."]
    assert {i: points.tolist() for i, (_, points) in _proposed(followed).items()} == before


def test_a_video_that_goes_away_meanwhile_does_not_shorten_its_tracks(
    followed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {i: points.tolist() for i, (_, points) in _proposed(followed).items()}

    def until_the_fourth(image: ImageRecord) -> Pixels:
        if (image.frame or 0) >= 3:
            raise FileMissing("There is no video.")
        return pixels_of(image)

    monkeypatch.setattr(seen_frames, "pixels_of", until_the_fourth)
    done = propose_followed(followed, SILENT)
    assert (done.tracks, done.missing) == (0, ["There is no video."])
    assert {i: points.tolist() for i, (_, points) in _proposed(followed).items()} == before
