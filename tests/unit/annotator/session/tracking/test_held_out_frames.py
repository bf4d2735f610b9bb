"""What labelled frames of a video tell of smoothing, held out from what proposes."""

from dataclasses import dataclass

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.annotator.session.tracking import held_out_frames, video_tracks
from landmark_annotator.annotator.session.tracking.held_out_frames import TimeJudged
from landmark_annotator.annotator.session.tracking.video_tracks import follow_video
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Provenance, Shape
from tests.known_priors import blindly
from tests.unit.annotator.session.tracking.conftest import FRAMES, SCHEME, truth


def _prior(project: Project) -> Proposer:
    source = PriorModel(tuple(labelled_instances(project)), SCHEME)
    return Proposer("The prior proposes.", source, source.blind())


@pytest.fixture
def labelled(filmed: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Both things tracked, and the first one labelled in five frames."""
    monkeypatch.setattr(held_out_frames, "_AROUND", 1)
    monkeypatch.setattr(video_tracks, "best_proposer", _prior)
    monkeypatch.setattr(PriorModel, "load", blindly)
    follow_video(filmed, filmed.videos()[0], SILENT, who="ann")
    for frame, record in filmed.instances_of_track(filmed.tracks()[0].id):
        if frame in (2, 3, 5, 7):
            start = filmed.shape(filmed.instances()[0].id).points
            thing = int(not np.allclose(start, truth(0, 0)))
            shape = Shape(truth(thing, frame)).with_provenance(Provenance.CLICKED)
            filmed.accept(record.id, shape, who="ann")
    return filmed


def test_labels_say_how_far_time_may_move_the_landmarks(labelled: Project) -> None:
    done, _ = follow_video(labelled, labelled.videos()[0], SILENT, who="ann")
    assert "labelled objects held out" in done.time


def test_too_few_labels_are_said(filmed: Project) -> None:
    done, _ = follow_video(filmed, filmed.videos()[0], SILENT, who="ann")
    assert done.time == TimeJudged().sentence


def test_what_judges_has_not_learned_from_the_frames_beside_the_label(
    labelled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned: list[set[str]] = []

    def load(self: PriorModel, *told: object) -> object:
        learned.append({each.group for each in self.labelled})
        return self.blind()

    monkeypatch.setattr(PriorModel, "load", load)
    follow_video(labelled, labelled.videos()[0], SILENT, who="ann")
    accepted = {each.group for each in labelled_instances(labelled)}
    assert learned
    assert all(seen < accepted for seen in learned)
    # Frames 2 and 3 are beside each other: what judges one has not seen the other either.
    assert min(len(seen) for seen in learned) <= len(accepted) - 2


def test_smoothed_proposals_say_which_model_made_them(labelled: Project) -> None:
    shape = Shape(truth(0, 1)).with_provenance(Provenance.CLICKED)
    for _, record in labelled.instances_of_track(labelled.tracks()[0].id):
        if record.state.value == "untouched":
            labelled.accept(record.id, shape, who="ann")
    judged = labelled.judged_proposals(10)
    assert {each.making.maker for each in judged} == {"tracking"}


@dataclass
class _Stopped:
    """Ctrl+C once all frames were looked at."""

    done: int = 0

    def start(self, stage: str, total: int | None) -> None:
        pass

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.done += steps

    def cancelled(self) -> bool:
        return self.done >= FRAMES


def test_stopped_it_does_not_say_that_labels_are_too_few(labelled: Project) -> None:
    done, _ = follow_video(labelled, labelled.videos()[0], _Stopped(), who="ann")
    assert done.time == TimeJudged(stopped=True).sentence
    assert "Too few" not in done.time
