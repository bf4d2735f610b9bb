"""The objects of a clip followed through it as the program does it: from the frames whose boxes a
person has drawn ahead and back, see `look_through` and `carry_back`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.tracking.carried_back import carry_back
from landmark_annotator.annotator.session.tracking.carried_objects import SeenObject
from landmark_annotator.annotator.session.tracking.seen_frames import (
    FrameToSee,
    Looks,
    look_through,
)
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.tracking import FlowField
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import ImageRecord
from landmark_annotator.projects.vocabulary import Box, Progress


@dataclass(frozen=True, eq=False)
class Followed:
    """One object through T frames. proposals: in the boxes; flows: (T - 1) from each frame to the
    next, None where the object was lost between them."""

    boxes: list[Box]
    proposals: list[Proposal]
    flows: list[FlowField | None]


def followed(
    images: Sequence[ImageRecord],
    drawn: Sequence[Mapping[int, Box]],
    model: TrainedModel,
    progress: Progress,
) -> list[Followed]:
    """drawn: of each object, by frame, the boxes that a person has drawn, those of the first frame
    among them. Raises Cancelled."""
    proposer = Proposer("", model=model)
    frames = [
        FrameToSee(
            image,
            [
                SeenObject(t, image.id, boxes[t], track=track)
                for track, boxes in enumerate(drawn)
                if t in boxes
            ],
        )
        for t, image in enumerate(images)
    ]
    progress.start("looking at frames", len(frames))
    seen: list[list[SeenObject]] = []
    for objects in look_through(frames, Looks(proposer)):
        seen.append(objects)
        step(progress)
    carry_back(frames, seen, proposer, progress)
    return [_along(track, frames, seen, proposer) for track in range(len(drawn))]


def _along(
    track: int,
    frames: Sequence[FrameToSee],
    seen: Sequence[Sequence[SeenObject]],
    proposer: Proposer,
) -> Followed:
    """One track. In a frame that has lost it, it is looked for where it was in the frame before."""
    boxes: list[Box] = []
    proposals: list[Proposal] = []
    flows: list[FlowField | None] = []
    for frame, objects in zip(frames, seen, strict=True):
        own = next((each for each in objects if each.track == track), None)
        boxes.append(boxes[-1] if own is None else own.box)
        proposal = None if own is None else own.proposal
        if proposal is None:
            proposal = proposer.propose(pixels_of(frame.image), boxes[-1])
        assert proposal is not None  # a model proposes
        proposals.append(proposal)
        flows.append(None if own is None else own.flow)
    return Followed(boxes, proposals, flows[1:])
