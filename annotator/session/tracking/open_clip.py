"""One object through a video, opened for labelling: a click in one frame changes all others."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from landmark_annotator.annotator.session.labelling.carried_marks import REACH_S, taken_over
from landmark_annotator.annotator.session.labelling.contours import evidence_of
from landmark_annotator.annotator.session.labelling.view import absent_of
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.fitting.label_noise import label_deviations
from landmark_annotator.backends.shapes.queries import MEAN_DISTANCE
from landmark_annotator.backends.tracking import (
    Clip,
    ClipPosterior,
    ClipQuery,
    FlowField,
    SmoothedClip,
    TimeTrust,
    clip_query,
    smoothed,
)
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Evidence, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats


@dataclass(frozen=True, eq=False)
class ClipFrame:
    """instance: None where the object is not in the project's frame, or not in the frame at all.
    flow: to the next one of the clip's frames."""

    frame: int
    instance: int | None
    proposal: Proposal | None
    flow: FlowField | None = None


@dataclass(frozen=True, eq=False)
class OpenClip:
    """frames: in their order. clicks: what people have said of instances in progress, by the place
    of the frame in the clip; a new value for every click, so the order of them is of no matter."""

    frames: Sequence[ClipFrame]
    smoothed: SmoothedClip
    clicks: Mapping[int, Sequence[Evidence]]
    accepted: frozenset[int] = frozenset()
    """The places of frames whose labels are among what was smoothed."""
    closed: frozenset[int] = frozenset()
    """The places of frames that are accepted by now, which nobody is asked about."""
    unseen: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """By the place of a frame, landmarks of which people have said that it does not show them."""
    absent: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """The same, of those that are not in the image."""
    told: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """The same, of those that are placed or marked in any way."""
    span: int = 0
    """Frames from the first to the last of the track, of which some may not have been seen yet."""
    rate: float | None = None
    """Frames a second; None where nobody knows."""

    @classmethod
    def of(
        cls,
        frames: Sequence[ClipFrame],
        shapes: Mapping[int, "Labels"],
        size: int,
        trust: TimeTrust | None = None,
        span: int = 0,
        rate: float | None = None,
    ) -> "OpenClip":
        """Slow. shapes: of the instances that people have worked on, by their ids; size: L.
        trust: as of a `Clip`."""
        accepted: dict[int, list[Evidence]] = {}
        clicks: dict[int, list[Evidence]] = {}
        unseen: dict[int, frozenset[int]] = {}
        absent: dict[int, frozenset[int]] = {}
        told: dict[int, frozenset[int]] = {}
        for place, each in enumerate(frames):
            labels = shapes.get(each.instance) if each.instance is not None else None
            if labels is None:
                continue
            unseen[place], absent[place] = labels.unseen, absent_of(labels.shape)
            told[place] = labels.told
            if labels.accepted:
                accepted[place] = labels.evidence()
            elif each.proposal is not None:
                clicks[place] = evidence_of(labels.shape, each.proposal)
        proposals, flows = [f.proposal for f in frames], [f.flow for f in frames[:-1]]
        clip = Clip(size, proposals, flows, accepted, trust=trust)
        places = frozenset(accepted)
        said = unseen, absent, told
        return cls(frames, smoothed(clip), clicks, places, places, *said, span, rate)

    def with_clicks(self, place: int, evidence: Sequence[Evidence]) -> "OpenClip":
        """The same, when this is what is known of one frame's landmarks. At once."""
        return replace(self, clicks={**self.clicks, place: tuple(evidence)})

    def with_labels(self, place: int, labels: "Labels | None") -> "OpenClip":
        """The same, when this is stored of one frame's instance. At once; what was smoothed before
        somebody accepted it, or reopened it, is to be made anew besides, see `outdated`."""
        proposal = self.frames[place].proposal
        closed = self.closed - {place}
        if labels is not None and labels.accepted:
            closed |= {place}
        unseen = labels.unseen if labels else frozenset[int]()
        known = self if closed == self.closed else replace(self, closed=closed)
        if unseen != self.unseen.get(place, frozenset()):
            known = replace(known, unseen={**self.unseen, place: unseen})
        absent = absent_of(labels.shape) if labels else frozenset[int]()
        if absent != self.absent.get(place, frozenset()):
            known = replace(known, absent={**self.absent, place: absent})
        told = labels.told if labels else frozenset[int]()
        if told != self.told.get(place, frozenset()):
            known = replace(known, told={**self.told, place: told})
        if place in self.accepted or proposal is None:
            return known
        return known.with_clicks(place, evidence_of(labels.shape, proposal) if labels else ())

    def outdated(self, place: int, labels: "Labels | None") -> bool:
        """Whether a frame was accepted, or reopened, since all were smoothed."""
        return (labels is not None and labels.accepted) != (place in self.accepted)

    def less_known_than(self, other: "OpenClip") -> bool:
        """Whether people had said more of the same frames there."""
        known, before = (sum(map(len, each.clicks.values())) for each in (self, other))
        return known < before or not self.closed >= other.closed

    def proposal(self, place: int) -> Proposal:
        """Of one frame, given all others: to be conditioned on its own clicks as on a still."""
        proposal, own = self.smoothed.proposal(place, self.clicks), self.frames[place].proposal
        if own is None or not own.unlearned:
            return proposal
        clicked = {piece.landmark for pieces in self.clicks.values() for piece in pieces}
        return replace(proposal, unlearned=own.unlearned - clicked)

    def proposes_as(self, other: "OpenClip", place: int) -> bool:
        """Whether both propose the same for a frame: nothing but its own clicks has come."""
        if self.smoothed is not other.smoothed:
            return False
        elsewhere = (self.clicks.keys() | other.clicks.keys()) - {place}
        return all(self.clicks.get(t) is other.clicks.get(t) for t in elsewhere)

    def posterior(self) -> ClipPosterior:
        """Of all frames, given all clicks."""
        return self.smoothed.given(self.clicks)

    def query(self, shown: int | None = None) -> ClipQuery | None:
        """Where to click next, for all frames together; shown: the place that is looked at."""
        unseen = self._marked(self.unseen)
        return clip_query(self.smoothed, self.clicks, shown, self.closed, unseen)

    @cached_property
    def in_image(self) -> npt.NDArray[np.bool_]:
        """(T, L) but for what is not there, by what was said of a frame or is carried into it."""
        found = np.ones((len(self.frames), self.smoothed.size), bool)
        for place, absent in self._marked(self.absent).items():
            found[place, list(absent)] = False
        return found

    def _marked(self, said_of: Mapping[int, frozenset[int]]) -> dict[int, frozenset[int]]:
        """`said_of`, and what is carried of it into frames that say nothing of the landmark."""
        carried, none = self._carried(said_of), frozenset[int]()
        return {
            place: said_of.get(place, none)
            | (carried.get(place, none) - self.told.get(place, none))
            for place in carried.keys() | said_of.keys()
        }

    def _carried(self, said_of: Mapping[int, frozenset[int]]) -> dict[int, frozenset[int]]:
        """As `unseen`, or `absent`, of frames that nobody has closed: see `carried_marks`."""
        ever = frozenset[int]().union(*said_of.values())
        if not ever:
            return {}
        closed = sorted(self.closed)
        said = [{j: j in said_of.get(place, ()) for j in ever} for place in closed]
        reach, found = REACH_S * (self.rate or 0.0), {}
        for place, each in enumerate(self.frames):
            after = bisect_left(closed, place)
            near = sorted(
                (abs(self.frames[closed[n]].frame - each.frame), n)
                for n in range(max(after - 1, 0), min(after + 1, len(closed)))
            )
            marks = taken_over((apart <= reach, said[n]) for apart, n in near)
            found[place] = frozenset(j for j, said_so in marks.items() if said_so)
        return found

    def uncertainty(self, posterior: ClipPosterior) -> Floats:
        """(T,) how far landmarks are expected to be off, in percent of the object's side, the mean
        over those that are in the image."""
        traces, shown = np.trace(posterior.covariances, axis1=2, axis2=3), self.in_image
        total = np.sqrt(np.maximum(traces, 0.0)).sum(axis=1, where=shown)
        own = total / np.maximum(shown.sum(axis=1), 1) * MEAN_DISTANCE
        return np.asarray(100 * own / self.sides)

    def jumps(self, posterior: ClipPosterior) -> Floats:
        """(T,) how far the landmark that leaps furthest goes from the frame before, beside the
        whole object, in percent of its side; 0 in the first frame. Of those that are in the image
        of both frames."""
        shown = self.in_image
        both = shown & np.concatenate([shown[:1], shown[:-1]])
        steps = np.diff(posterior.points, axis=0, prepend=posterior.points[:1])
        seen, usual = both.any(axis=1), np.zeros((len(steps), 1, 2))
        steps = np.where(both[..., None], steps, np.nan)
        usual[seen] = np.nanmedian(steps[seen], axis=1, keepdims=True)
        apart = np.linalg.norm(steps - usual, axis=2)
        furthest = np.max(apart, axis=1, where=both, initial=0.0)
        return np.asarray(100 * furthest / self.sides)

    @property
    def sides(self) -> Floats:
        """(T,) of the boxes, in pixels."""
        return np.array([box.side for box in self.smoothed.boxes])

    def place_of(self, instance: int) -> int | None:
        """Where in the clip an instance is; None where it is not in it."""
        return self._places.get(instance)

    @cached_property
    def _places(self) -> dict[int, int]:
        """By instance, for whoever asks for a thousand of them."""
        known = ((each.instance, n) for n, each in enumerate(self.frames))
        return {instance: n for instance, n in known if instance is not None}


@dataclass(frozen=True)
class Labels:
    """What is stored of an instance that somebody has worked on."""

    shape: Shape
    accepted: bool
    side: float
    """Of its box, in pixels."""

    @property
    def unseen(self) -> frozenset[int]:
        """Landmarks that are marked as hidden, or as not in the image."""
        marked = self.shape.visibility == Visibility.OCCLUDED
        return frozenset(np.flatnonzero(marked).tolist()) | absent_of(self.shape)

    @property
    def told(self) -> frozenset[int]:
        """Landmarks that are placed, or marked in any way."""
        marked = self.shape.visibility != Visibility.NOT_LABELLED
        return frozenset(np.flatnonzero(marked).tolist()) | absent_of(self.shape)

    def evidence(self) -> list[Evidence]:
        """Of every landmark, as sure as where it came from says."""
        deviations = label_deviations(self.shape) * self.side
        return [
            Evidence.click(j, self.shape.points[j], float(deviations[j]))
            for j in np.flatnonzero(self.shape.known).tolist()
        ]


def labels_of(
    project: Project, instances: Sequence[int], but_for: Collection[int] = ()
) -> dict[int, Labels]:
    """By the instances' ids: of those that have labels, as they are at one moment. but_for: of
    which nothing is to be told, as two people label them."""
    asked = [instance for instance in instances if instance not in but_for]
    with project.snapshot():
        return {
            record.id: Labels(shape, record.state is InstanceState.ACCEPTED, record.box.side)
            for record, shape in project.shapes(None, excluded=True, among=asked)
            if record.state is not InstanceState.UNTOUCHED and record.box is not None
        }
