"""Objects that were followed turned, in boxes that are stored upright, are looked at anew."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.proposers import Proposer, proposer_recipe
from landmark_annotator.annotator.session.tracking import video_tracks
from landmark_annotator.annotator.session.tracking.growing_clip import GrowingClip
from landmark_annotator.annotator.session.tracking.seen_frames import Looks, look_through
from landmark_annotator.annotator.session.tracking.smoothed_tracks import frames_to_see
from landmark_annotator.annotator.session.tracking.video_tracks import follow_video
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import SILENT, Box
from landmark_annotator.projects.vocabulary.arrays import Pixels
from tests.unit.annotator.session.tracking.conftest import FRAMES, blind_proposer, truth

LIES = 0.5
"""Radians by which the model turns the box of a thing."""


@dataclass
class _Turning:
    """Sees the things where they are, and turns an upright box. angles: of those it was shown.
    along, upright: how novel what it sees is."""

    angles: list[float] = field(default_factory=list)
    along: float = 0.5
    upright: float = 0.5

    def propose(self, _: Pixels, box: Box) -> Proposal:
        self.angles.append(box.angle)
        centre = np.array([box.centre_x, box.centre_y])
        points = min(
            (truth(thing, frame) for thing in (0, 1) for frame in range(FRAMES)),
            key=lambda each: float(np.linalg.norm(each.mean(axis=0) - centre)),
        )
        novelty = self.along if box.angle else self.upright
        box = box if box.angle else replace(box, angle=LIES)
        mixture = ShapeMixture(np.zeros(1), box.to_frame(points)[None], 1e-4 * np.eye(8))
        return Proposal(box, mixture, "turning", novelty=novelty)


@pytest.fixture
def proposer(filmed: Project, monkeypatch: pytest.MonkeyPatch) -> Proposer:
    """By which both things were followed."""
    recipe = proposer_recipe(filmed)
    found = replace(blind_proposer(filmed), model=_Turning(), recipe=recipe)
    monkeypatch.setattr(video_tracks, "best_proposer", lambda _: found)
    follow_video(filmed, filmed.videos()[0], SILENT, who="ann")
    return replace(found, model=_Turning())


def shown(proposer: Proposer) -> list[float]:
    """The angles of the boxes that were looked into, but for the one that tells how they lie."""
    assert isinstance(proposer.model, _Turning)
    first = proposer.model.angles.index(0.0, 1)
    return proposer.model.angles[:first] + proposer.model.angles[first + 1 :]


def test_as_they_lay_then_when_one_of_them_is_opened(filmed: Project, proposer: Proposer) -> None:
    """An upright box was looked into: which way it lay was open again, in every frame."""
    (track, _) = filmed.tracks()
    own = [record for _, record in filmed.instances_of_track(track.id)]
    assert {record.box.angle for record in own if record.box is not None} == {0.0}
    growing = GrowingClip.of(filmed, track.id, own[0].id)
    assert growing is not None
    while (look := growing.look()) is not None:
        growing.take(look(proposer))
    labelled, *others = shown(proposer)
    assert labelled == 0.0
    assert others == pytest.approx([LIES] * (FRAMES - 1), abs=0.05)


def test_as_they_lay_then_when_all_are_proposed_for_anew(
    filmed: Project, proposer: Proposer
) -> None:
    frames = frames_to_see(filmed, filmed.videos()[0])
    for objects in look_through(frames, Looks(proposer, carry=False)):
        for each in objects:
            assert each.instance is not None
            assert each.box.angle == 0.0  # a turned one says that objects have a heading
            if filmed.instance(each.instance).state is InstanceState.UNTOUCHED:
                assert each.looked is not None
                assert each.looked.angle == pytest.approx(LIES, abs=0.05)


@pytest.mark.parametrize(("along", "upright", "turned"), [(1.5, 0.5, False), (1.5, 2.0, True)])
def test_what_is_not_seen_as_it_lay_is_looked_for_in_all_turns(
    filmed: Project, proposer: Proposer, along: float, upright: float, turned: bool
) -> None:
    """It was lost there, and all frames together had only guessed how it lay."""
    proposer = replace(proposer, model=_Turning(along=along, upright=upright))
    frames = frames_to_see(filmed, filmed.videos()[0])[1:]
    for objects in look_through(frames, Looks(proposer, carry=False)):
        for each in objects:
            assert (each.looked is not None) == turned
            assert each.proposal is not None
            assert each.proposal.novelty == min(along, upright)
