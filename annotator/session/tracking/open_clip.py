"""One object through a video, opened for labelling: a click in one frame changes all others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from annotator.session.labelling.contours import evidence_of
from backends.shapes import Proposal
from backends.shapes.fitting.label_noise import label_deviations
from backends.tracking import (
    Clip,
    ClipPosterior,
    ClipQuery,
    FlowField,
    SmoothedClip,
    clip_query,
    smoothed,
)
from projects.store import InstanceState, Project
from projects.vocabulary import Evidence, Shape
from projects.vocabulary.arrays import Floats


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

    @classmethod
    def of(
        cls,
        frames: Sequence[ClipFrame],
        shapes: Mapping[int, "Labels"],
        size: int,
        loosened: Floats | None = None,
    ) -> "OpenClip":
        """Slow. shapes: of the instances that people have worked on, by their ids; size: L.
        loosened: as of a `Clip`."""
        accepted: dict[int, list[Evidence]] = {}
        clicks: dict[int, list[Evidence]] = {}
        for place, each in enumerate(frames):
            labels = shapes.get(each.instance) if each.instance is not None else None
            if labels is None:
                continue
            if labels.accepted:
                accepted[place] = labels.evidence()
            elif each.proposal is not None:
                clicks[place] = evidence_of(labels.shape, each.proposal)
        proposals, flows = [f.proposal for f in frames], [f.flow for f in frames[:-1]]
        clip = Clip(size, proposals, flows, accepted, loosened=loosened)
        return cls(frames, smoothed(clip), clicks)

    def with_clicks(self, place: int, evidence: Sequence[Evidence]) -> "OpenClip":
        """The same, when this is what is known of one frame's landmarks. At once."""
        return replace(self, clicks={**self.clicks, place: tuple(evidence)})

    def proposal(self, place: int) -> Proposal:
        """Of one frame, given all others: to be conditioned on its own clicks as on a still."""
        return self.smoothed.proposal(place, self.clicks)

    def posterior(self) -> ClipPosterior:
        """Of all frames, given all clicks."""
        return self.smoothed.given(self.clicks)

    def query(self, shown: int | None = None) -> ClipQuery | None:
        """Where to click next, for all frames together; shown: the place that is looked at."""
        return clip_query(self.smoothed, self.clicks, shown)

    def place_of(self, instance: int) -> int | None:
        """Where in the clip an instance is; None where it is not in it."""
        return next((n for n, each in enumerate(self.frames) if each.instance == instance), None)


@dataclass(frozen=True)
class Labels:
    """What is stored of an instance that somebody has worked on."""

    shape: Shape
    accepted: bool
    side: float
    """Of its box, in pixels."""

    def evidence(self) -> list[Evidence]:
        """Of every landmark, as sure as where it came from says."""
        deviations = label_deviations(self.shape) * self.side
        return [
            Evidence.click(j, self.shape.points[j], float(deviations[j]))
            for j in np.flatnonzero(self.shape.known).tolist()
        ]


def labels_of(project: Project, instances: Sequence[int]) -> dict[int, Labels]:
    """By the instances' ids: of those that have labels, as they are at one moment."""
    with project.snapshot():
        found = {}
        for instance in instances:
            record = project.instance(instance)
            if record.state is InstanceState.UNTOUCHED or record.box is None:
                continue
            accepted = record.state is InstanceState.ACCEPTED
            found[instance] = Labels(project.shape(instance), accepted, record.box.side)
        return found
