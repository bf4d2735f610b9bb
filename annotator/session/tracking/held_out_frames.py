"""How far time may say where the landmarks of a video are, judged on its labelled frames.

A model that has learned from a frame is right there without any help, and so it is in the frames
beside it. So stretches around labelled frames are proposed for anew by what has learned from none
of their labels, and what time makes of these proposals is compared with what a person has accepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from landmark_annotator.annotator.session.models.library import KeptModel
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.models.related_instances import image_key
from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.annotator.session.tracking.carried_objects import SeenObject
from landmark_annotator.annotator.session.tracking.open_clip import Labels
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.tracking import Clip, HeldOut, TimeTrust, time_trust
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import ImageRecord, Project
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ImageError, TooFewLabels
from landmark_annotator.projects.vocabulary.wording import counted

_AROUND = 12
"""Frames of a stretch before and behind the one that it is judged by."""
_MOST = 8
"""Labelled frames of a video that are looked at anew, spread evenly."""


@dataclass(frozen=True)
class TimeJudged:
    """trust: as of a `Clip`; None where there is too little to tell. frames: labelled objects that
    it was judged by. stopped: whether it would have been judged had nobody stopped it."""

    trust: TimeTrust | None = None
    frames: int = 0
    stopped: bool = False

    @property
    def sentence(self) -> str:
        if self.stopped:
            return "It was not judged how far time may move the landmarks: it moves all of them."
        if self.trust is None:
            return (
                "Too few labelled frames tell how far time may move the landmarks: it moves all of "
                "them."
            )
        together, alone = (
            float(np.exp(np.log(each).mean() / 2))
            for each in (self.trust.together, self.trust.alone)
        )
        judged = counted(self.frames, "labelled object")
        return (
            f"As {judged} held out tell, all frames together err by {together:.1f} times what they "
            f"claim, and each alone by {alone:.1f} times: of each landmark the surer is proposed."
        )


@dataclass(frozen=True, eq=False)
class LabelledKeys:
    """Of what models learn from. images: by the keys of accepted instances, the keys of their
    images; records: of the images, by their ids."""

    images: Mapping[str, str]
    records: Mapping[int, ImageRecord]

    @classmethod
    def of(cls, project: Project) -> "LabelledKeys":
        with project.snapshot():
            images = {each.key: each.group for each in labelled_instances(project)}
            return cls(images, {image.id: image for image in project.images()})


@dataclass(frozen=True, eq=False)
class FrameJudges:
    """Judges paths by labels. labels: of the instances that people have worked on."""

    proposer: Proposer
    keys: LabelledKeys
    labels: Mapping[int, Labels]
    _others: dict[frozenset[str], Proposer | None] = field(default_factory=dict)

    def judged(self, paths: Sequence[Sequence[SeenObject]], progress: Progress) -> TimeJudged:
        """paths: the objects of each track, frame by frame. Slow: photographs are looked at."""
        places = [
            (path, n)
            for path in paths
            for n, each in enumerate(path)
            if each.instance is not None and np.isfinite(self._truth(each.instance)).any()
        ]
        chosen = np.unique(np.linspace(0, len(places) - 1, min(_MOST, len(places))).astype(int))
        progress.start("judging what time may say", len(chosen))
        found = []
        for number in chosen.tolist():
            if progress.cancelled():
                return TimeJudged(stopped=True)
            if (held := self._held_out(*places[number])) is not None:
                found.append(held)
            progress.advance()
        return TimeJudged(time_trust(found), len(found))

    def _truth(self, instance: int) -> Floats:
        """(L, 2) what a person has accepted, NaN else. Also what nobody has touched there: by what
        is clicked alone, a model would be judged where it erred."""
        labels = self.labels.get(instance)
        return labels.shape.points if labels and labels.accepted else np.full((1, 2), np.nan)

    def _held_out(self, path: Sequence[SeenObject], place: int) -> HeldOut | None:
        start = max(place - _AROUND, 0)
        stretch = path[start : place + _AROUND + 1]
        images = frozenset(image_key(self.keys.records[each.image]) for each in stretch)
        proposer = self._without(images)
        if proposer is None:
            return None
        try:
            proposals = [self._proposed(proposer, each) for each in stretch]
        except ImageError:
            return None
        instance = path[place].instance
        if proposals[place - start] is None or instance is None:
            return None
        truth = self._truth(instance)
        clip = Clip(len(truth), proposals, [each.flow for each in stretch[1:]])
        return HeldOut(clip, place - start, truth)

    def _proposed(self, proposer: Proposer, seen: SeenObject) -> Proposal | None:
        return proposer.propose(pixels_of(self.keys.records[seen.image]), seen.looked or seen.box)

    def _without(self, images: frozenset[str]) -> Proposer | None:
        """What has learned from none of these images; None where there is no such thing."""
        if images not in self._others:
            self._others[images] = self._made_without(images)
        return self._others[images]

    def _made_without(self, images: frozenset[str]) -> Proposer | None:
        source, keys = self.proposer.source, self.keys.images
        theirs = {key for key, image in keys.items() if image in images}
        if isinstance(source, KeptModel):
            unseen = theirs <= set(source.not_learned_from(list(keys)))
            return self.proposer if unseen else None
        if not isinstance(source, PriorModel):
            return None
        others = tuple(each for each in source.labelled if each.key not in theirs)
        prior = replace(source, labelled=others)
        try:
            return replace(self.proposer, source=prior, model=prior.load())
        except TooFewLabels:
            return None
