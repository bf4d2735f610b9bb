"""Two things of a video, labelled in one frame and followed through all others."""

import shlex
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.tracking import carried_objects, video_tracks
from landmark_annotator.annotator.session.tracking.video_tracks import (
    Tracked,
    follow_video,
    known_video,
)
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError
from tests.unit.annotator.session.tracking.conftest import FRAMES, blind_proposer, truth

SEEN = [(thing, frame) for thing in (0, 1) for frame in range(FRAMES)]


def _tracked(project: Project, **how: int) -> Tracked:
    return follow_video(project, project.videos()[0], SILENT, who="ann", **how)[0]


def test_both_are_followed_through_all_frames(filmed: Project) -> None:
    done = _tracked(filmed)
    assert done.tracks == {"1": FRAMES, "2": FRAMES}
    assert done.added == 2 * (FRAMES - 1)


def test_what_is_proposed_along_a_track_is_stored_together(filmed: Project) -> None:
    """Each transaction waits for the disk: every frame had its own."""
    said: list[str] = []
    driver = filmed._database.connection.connection.dbapi_connection
    assert driver is not None
    driver.set_trace_callback(said.append)
    _tracked(filmed)
    kinds = ["proposal" if "INTO proposals" in each else each for each in said]
    stored = [each for each in kinds if each in ("proposal", "COMMIT")]
    assert stored.count("proposal") == 2 * (FRAMES - 1)
    runs = [name for name, _ in groupby(stored) if name == "proposal"]
    assert len(runs) == 2


def test_a_track_that_shows_nothing_known_is_told_as_doubtful(
    filmed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of what a finder takes for an object: it was a track like the others."""
    image = next(image for image in filmed.images() if image.frame == 0)
    elsewhere = Box(165.0, 20.0, 30.0, 30.0)
    filmed.add_instance(image.id, elsewhere, who="ann")

    def propose(self: Proposer, pixels: Pixels, box: Box) -> Proposal:
        known = any(box.overlap(Box.square_around(truth(t, n), 1.2)) > 0.3 for t, n in SEEN)
        return replace(_known(self, pixels, box), novelty=0.3 if known else 200.0)

    _known = Proposer.propose
    monkeypatch.setattr(Proposer, "propose", propose)
    done = _tracked(filmed)
    assert sorted(done.tracks) == ["1", "2", "3"]
    third = filmed.tracks()[-1]
    assert done.doubtful == [third.name]
    assert f"Track {third.name}: most frames show nothing there that the model knows" in done.doubt


def test_one_step_of_undo_takes_its_tracks_and_boxes_away_and_redo_brings_them_back(
    filmed: Project,
) -> None:
    before = [record.id for record in filmed.instances() if record.box is not None]
    _tracked(filmed)
    after = [(r.id, r.box, r.track_id) for r in filmed.instances()]
    filmed.undo("ann")
    assert filmed.tracks() == []
    assert [record.id for record in filmed.instances() if record.box is not None] == before
    filmed.redo("ann")
    assert [(r.id, r.box, r.track_id) for r in filmed.instances()] == after
    assert [track.name for track in filmed.tracks()] == ["1", "2"]


def test_tracks_that_are_there_get_what_is_followed(filmed: Project) -> None:
    """As of labels that were imported with their tracks, or that a person has named."""
    (video,) = filmed.videos()
    labelled = [record.id for record in filmed.instances() if record.box is not None]
    for name, instance in zip(("red", "blue"), labelled, strict=True):
        filmed.add_track(video.id, name, instances=[instance], who="ann")
    done = _tracked(filmed)
    assert done.tracks == {"red": FRAMES, "blue": FRAMES}
    frames = [
        [frame for frame, _ in filmed.instances_of_track(track.id)] for track in filmed.tracks()
    ]
    assert frames == [list(range(FRAMES))] * 2
    filmed.undo("ann")
    assert [len(filmed.instances_of_track(track.id)) for track in filmed.tracks()] == [1, 1]


class _Upset:
    """Takes things upside down in one frame, and is sure of it."""

    def __init__(self, model: TrainedModel, calls: range) -> None:
        self._model, self._calls, self._count = model, calls, 0

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        found = self._model.propose(pixels, box)
        self._count += 1
        if self._count - 1 not in self._calls:
            return found
        mixture = found.mixture
        means = mixture.means()[:, ::-1]
        covariance = 1e-4 * np.eye(8)
        return replace(found, mixture=ShapeMixture(np.zeros(len(means)), means, covariance))


def test_a_shape_that_is_wrong_in_one_frame_makes_no_other_object_of_it(
    filmed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposer = blind_proposer(filmed)
    assert proposer.model is not None
    upset = replace(proposer, model=_Upset(proposer.model, range(6, 8)))
    monkeypatch.setattr(video_tracks, "best_proposer", lambda _: upset)
    done = _tracked(filmed)
    assert done.tracks == {"1": FRAMES, "2": FRAMES}


class _Sighted:
    """Sees the nearer thing where it is, two in each frame."""

    def __init__(self) -> None:
        self._count = 0

    def propose(self, _: Pixels, box: Box) -> Proposal:
        frame, self._count = self._count // 2, self._count + 1
        centre = np.array([box.centre_x, box.centre_y])
        points = min(
            (truth(thing, frame) for thing in (0, 1)),
            key=lambda each: float(np.linalg.norm(each.mean(axis=0) - centre)),
        )
        mixture = ShapeMixture(np.zeros(1), box.to_frame(points)[None], 1e-4 * np.eye(8))
        return Proposal(box, mixture, "sighted")


def test_a_box_that_flow_leaves_behind_follows_what_is_seen(
    filmed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where most of what moves in it, or does not, is what is behind the object."""
    flow = carried_objects.flow_or_leap
    monkeypatch.setattr(
        carried_objects, "flow_or_leap", lambda before, _, boxes, going: flow(before, before, boxes)
    )
    sighted = replace(blind_proposer(filmed), model=_Sighted())
    monkeypatch.setattr(video_tracks, "best_proposer", lambda _: sighted)
    _tracked(filmed)
    last = next(image for image in filmed.images() if image.frame == FRAMES - 1)
    boxes = [record.box for record in filmed.instances_of(last.id) if record.box is not None]
    middles = sorted((box.centre_x, box.centre_y) for box in boxes)
    expected = sorted(tuple(truth(thing, FRAMES - 1).mean(axis=0)) for thing in (0, 1))
    assert np.array(middles) == pytest.approx(np.array(expected), abs=5.0)


def test_what_is_labelled_again_is_what_was_followed_and_no_new_object(filmed: Project) -> None:
    """Its box was drawn by a hand, and is another than the one that came along."""
    later = next(image for image in filmed.images() if image.frame == 4)
    (waiting,) = filmed.instances_of(later.id)
    for thing in (0, 1):
        box = Box.square_around(truth(thing, 4), 1.6)
        shape = Shape(truth(thing, 4)).with_provenance(Provenance.CLICKED)
        if thing == 0:
            filmed.fill_instance(waiting.id, box, shape, who="ann")
        else:
            filmed.add_instance(later.id, box, shape=shape, who="ann")
    done = _tracked(filmed)
    assert done.tracks == {"1": FRAMES, "2": FRAMES}
    assert len(filmed.instances_of(later.id)) == 2


def test_proposals_are_where_the_things_have_gone(filmed: Project) -> None:
    _tracked(filmed)
    middles = {n: truth(n, 0).mean(axis=0) for n in (0, 1)}
    for track in filmed.tracks():
        own = filmed.instances_of_track(track.id)
        start = filmed.shape(own[0][1].id).points.mean(axis=0)
        thing = int(np.linalg.norm(start - middles[1]) < 1)
        for frame, record in own[1:]:
            stored = filmed.proposal(record.id)
            assert stored is not None
            assert stored.model == "tracking"
            assert stored.points == pytest.approx(truth(thing, frame), abs=2.0)


def test_what_is_accepted_is_left_as_it_is(filmed: Project) -> None:
    accepted = filmed.instances()[0].id
    _tracked(filmed)
    assert filmed.shape(accepted).points == pytest.approx(truth(0, 0))
    assert filmed.proposal(accepted) is None


def test_doing_it_again_changes_no_track(filmed: Project) -> None:
    _tracked(filmed)
    before = [(r.id, r.track_id) for r in filmed.instances()]
    again = _tracked(filmed)
    assert again.added == 0
    assert [(r.id, r.track_id) for r in filmed.instances()] == before


def test_what_somebody_threw_out_does_not_come_again(filmed: Project) -> None:
    """An object that has left the picture, while another one is there still."""
    _tracked(filmed)
    second = filmed.tracks()[1].id
    gone = [r.id for frame, r in filmed.instances_of_track(second) if frame in (4, 5)]
    filmed.exclude(instances=gone, why="not an object", who="ann")
    before = {record.id for record in filmed.instances()}
    done = _tracked(filmed)
    assert (done.added, {record.id for record in filmed.instances()}) == (0, before)
    frames = [frame for frame, _ in filmed.instances_of_track(second)]
    assert frames == [frame for frame in range(FRAMES) if frame not in (4, 5)]
    assert done.tracks == {"1": FRAMES, "2": FRAMES - 2}


def test_only_the_frames_asked_for_are_looked_at(filmed: Project) -> None:
    done = _tracked(filmed, last=3)
    assert done.frames == 4
    assert done.tracks == {"1": 4, "2": 4}


def test_a_project_without_a_label_says_what_to_do(tmp_path: Path, cards: Path) -> None:
    from landmark_annotator.annotator.session.setup.video_frames import add_frames

    with Project.create(tmp_path / "bare", Scheme("bare", ("a", "b"))) as project:
        add_frames(project, cards, [0, 1], who="ann")
        with pytest.raises(ActionableError, match="labelled"):
            _tracked(project)


def test_where_no_frame_has_an_object_none_is_looked_at(
    filmed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All were, slowly, and that there was none in two frames was told, but not what to do."""
    looked = Mock()
    monkeypatch.setattr(video_tracks, "look_through", looked)
    with pytest.raises(ActionableError, match="has an object to follow") as refused:
        follow_video(filmed, filmed.videos()[0], SILENT, who="ann", first=2)
    assert "Draw the box" in refused.value.remedy
    looked.assert_not_called()


def test_a_video_that_no_frames_are_of_is_refused(filmed: Project, tmp_path: Path) -> None:
    assert known_video(filmed, Path("elsewhere/cards.mp4")) == filmed.videos()[0]
    with pytest.raises(ActionableError, match="no frames of other"):
        known_video(filmed, tmp_path / "other.mp4")


def test_another_file_of_the_same_name_is_not_taken_for_the_known_one(
    filmed: Project, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere" / "cards.mp4"
    other.parent.mkdir()
    other.write_bytes(b"of another camera")
    with pytest.raises(ActionableError, match=r"no frames of cards\.mp4"):
        known_video(filmed, other)


def test_a_video_that_was_renamed_is_known_again_and_leads_to_where_that_is_said(
    filmed: Project, tmp_path: Path
) -> None:
    """It was said that the project has no frames of it, and to add them."""
    known = filmed.videos()[0].path
    renamed = known.rename(tmp_path / "renamed cards.mp4")
    try:
        with pytest.raises(ActionableError, match=r"cards\.mp4") as error:
            known_video(filmed, renamed)
    finally:
        renamed.rename(known)  # which other tests have as well
    assert str(known) in str(error.value)
    assert "annotator locate" in error.value.remedy


def test_a_video_that_is_away_is_no_video_without_objects(
    filmed: Project, cards: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was said that its frames were looked at, and once for each of them that it is away."""
    moved = cards.rename(tmp_path / cards.name)
    try:
        assert run(["track", str(filmed.folder), str(moved)]) == 3
    finally:
        moved.rename(cards)  # which other tests have as well
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("There is no video") == 1
    assert "annotator locate" in told.err
    assert filmed.tracks() == []


def test_a_video_that_goes_away_on_the_way_ends_the_following_where_it_was(
    filmed: Project, cards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All later frames counted as looked at, and their number was all that was said."""
    look, elsewhere = video_tracks.look_through, tmp_path / cards.name

    def goes_away(*given: Any) -> Iterator[Any]:
        for number, objects in enumerate(look(*given)):
            if number == 3:
                cards.rename(elsewhere)
            yield objects

    monkeypatch.setattr(video_tracks, "look_through", goes_away)
    try:
        done = _tracked(filmed)
    finally:
        elsewhere.rename(cards)  # which other tests have as well
    assert (done.frames, done.stopped_at) == (4, 3)
    assert done.away == f"There is no video {cards}."
    assert done.unreadable == []
    assert done.tracks == {"1": 4, "2": 4}


def test_a_command_that_is_said_can_be_typed_as_it_stands(filmed: Project, tmp_path: Path) -> None:
    other = tmp_path / "it's another one.mp4"
    with pytest.raises(ActionableError) as error:
        known_video(filmed, other)
    _, command = error.value.remedy.split(": ", 1)
    assert shlex.split(command)[2:4] == [str(filmed.folder), str(other)]


def test_a_range_that_ends_before_it_begins_is_no_lack_of_frames(
    filmed: Project, cards: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["track", str(filmed.folder), str(cards), "--first", "9", "--last", "2"]) == 2
    assert "--last" in capsys.readouterr().err
