"""A track that had ended, and that a later label has again."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.tracking import seen_frames, video_tracks
from landmark_annotator.annotator.session.tracking.video_tracks import Tracked, follow_video
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels
from tests.unit.annotator.session.tracking.conftest import blind_proposer, truth

ENDED, LABELLED = 1, 6
"""The last frame of the lane before the gap, and the one after it in which somebody labels."""


@dataclass(frozen=True)
class _Sighted:
    """Sees the upper thing where it is, from one frame on; else what it has never seen."""

    frames: dict[bytes, int]
    sees_from: int

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        frame = self.frames[pixels.tobytes()]
        points = truth(0, frame)
        apart = points.mean(axis=0) - [box.centre_x, box.centre_y]
        seen = frame >= self.sees_from and bool(np.linalg.norm(apart) < 8)
        points = points if seen else points - apart
        mixture = ShapeMixture(np.zeros(1), box.to_frame(points)[None], 1e-4 * np.eye(8))
        return Proposal(box, mixture, "sighted", novelty=0.5 if seen else 1.5)


def followed_again(
    project: Project, monkeypatch: pytest.MonkeyPatch, sees_from: int = 0
) -> Tracked:
    """The upper thing was followed as far as its lane goes, and labelled later."""
    frames = {pixels_of(image).tobytes(): image.frame or 0 for image in project.images()}
    found = replace(blind_proposer_of(project), model=_Sighted(frames, sees_from))
    monkeypatch.setattr(video_tracks, "best_proposer", lambda _: found)
    (video,) = project.videos()
    follow_video(project, video, SILENT, who="ann", last=ENDED)
    (track,) = project.tracks()
    label(project, LABELLED)
    project.assign_track([instance_in(project, LABELLED)], track.id, who="ann")
    monkeypatch.setattr(seen_frames, "_carried", lambda *_: [])  # as where another one hides it
    return follow_video(project, video, SILENT, who="ann")[0]


def blind_proposer_of(project: Project) -> Proposer:
    label(project, 0)
    return blind_proposer(project)


def label(project: Project, frame: int) -> None:
    shape = Shape(truth(0, frame)).with_provenance(Provenance.CLICKED)
    box = Box.square_around(truth(0, frame), 1.2)
    project.fill_instance(instance_in(project, frame), box, shape, who="ann")


def instance_in(project: Project, frame: int) -> int:
    image = next(image for image in project.images() if image.frame == frame)
    return project.instances_of(image.id)[0].id


def test_the_frames_between_have_it_where_the_label_leads_to(
    unlabelled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They stayed without it, however often it was followed again."""
    done = followed_again(unlabelled, monkeypatch)
    assert done.tracks == {"1": LABELLED + 1}
    (track,) = unlabelled.tracks()
    for frame, record in unlabelled.instances_of_track(track.id):
        assert record.box is not None
        middle = truth(0, frame).mean(axis=0).tolist()
        assert [record.box.centre_x, record.box.centre_y] == pytest.approx(middle, abs=3)
        proposal = unlabelled.proposal(record.id)
        if frame not in (0, LABELLED):
            assert proposal is not None
            assert proposal.points == pytest.approx(truth(0, frame), abs=3)


def test_one_undo_takes_it_out_of_them(
    unlabelled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed_again(unlabelled, monkeypatch)
    unlabelled.undo("ann")
    (track,) = unlabelled.tracks()
    frames = [frame for frame, _ in unlabelled.instances_of_track(track.id)]
    assert frames == [*range(ENDED + 1), LABELLED]


def test_frames_in_which_nothing_is_seen_of_it_stay_without_it(
    unlabelled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As before an animal that was lifted out is put back."""
    followed_again(unlabelled, monkeypatch, sees_from=4)
    (track,) = unlabelled.tracks()
    frames = [frame for frame, _ in unlabelled.instances_of_track(track.id)]
    assert frames == [*range(ENDED + 1), *range(4, LABELLED + 1)]


def test_none_is_added_where_another_object_is(
    unlabelled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = next(image for image in unlabelled.images() if image.frame == 3)
    unlabelled.add_instance(image.id, Box.square_around(truth(0, 3), 1.2), who="ann")
    followed_again(unlabelled, monkeypatch)
    track = next(each for each in unlabelled.tracks() if each.name == "1")
    frames = [frame for frame, _ in unlabelled.instances_of_track(track.id)]
    assert frames == [*range(ENDED + 1), 4, 5, LABELLED]
