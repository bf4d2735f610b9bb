"""What sheets show, ready before they are asked for: of each object a part of its photograph, and
what is proposed for it.

A photograph is read once for all of its objects that are wanted, and let go as soon as the model
has seen it; what is kept is as large as a cell can show. The sheet that is seen comes first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QPoint, QRect, Signal

from landmark_annotator.annotator.gui.canvas.geometry.viewport import box_corners
from landmark_annotator.annotator.gui.canvas.layers.backdrop import Pyramid
from landmark_annotator.annotator.gui.pages.context import Change, Changes, Kind
from landmark_annotator.annotator.gui.pages.label_growth import LabelGrowth
from landmark_annotator.annotator.gui.pages.sheet.object_masks import MasksOf, boxes_around
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.session.models.independent import Made, image_to_avoid, made
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.proposers import Proposer, proposer_recipe
from landmark_annotator.annotator.session.models.seen_proposals import SeenProposals
from landmark_annotator.annotator.session.models.smoothed_proposal import smoothed_proposal
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.backends.tracking import TRACKING
from landmark_annotator.projects.images import Source, source_of
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import ActionableError, Box, Progress
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import PluginFailed

_PIXELS_AT_WORK = 100_000_000
"""Of all photographs that are read and that the model has not seen yet: 0.3 GB."""
_LONGEST = 900
"""Pixels of the part that is kept of a photograph: more than a cell has on most screens."""
_ROUND = 1.0
"""Sides of its box that are kept on each side of an object's middle: cells are wider than high."""

Believed = tuple[Proposal, Posterior]


@dataclass(frozen=True, eq=False)
class Seen:
    """What there is to show of an object. failure: why there is no picture."""

    pyramid: Pyramid | None
    failure: Exception | None = None


@dataclass(frozen=True, eq=False)
class _Photograph:
    pixels: Pixels
    parts: dict[int, Pyramid]
    """By instance."""


class SheetPreparation(QObject):
    """By instance: what is seen of it, and what is proposed; says when one more is there."""

    picture_ready = Signal(int)
    """(instance id) `seen` has it now."""
    proposal_ready = Signal(int)
    """(instance id) `proposal` has it now, or it is known that there is none."""
    proposer_ready = Signal()
    failed = Signal(Exception)

    def __init__(
        self, project: Project, masks: MasksOf, changes: Changes, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.proposer: Proposer | None = None
        self._project, self._masks = project, masks
        self._proposed = SeenProposals(project)
        self._changes = changes
        changes.announced.connect(self._hear)
        self._pictures_at_work = Tasks(2, self)
        # A model is used from one thread at a time.
        self._models_at_work = Tasks(1, self)
        self._wanted: dict[int, InstanceRecord] = {}
        self._shown: frozenset[int] = frozenset()
        """Those that are on the screen keep their proposals, whatever model comes."""
        self._seen: dict[int, Seen] = {}
        self._proposals: dict[int, Believed | None] = {}
        self._reading: dict[int, int] = {}
        """Pixels of the photographs, by image, that are being read or that the model sees."""
        self._waiting: list[tuple[int, Sequence[InstanceRecord], _Photograph]] = []
        """Photographs that were there before any model."""
        self._library = ModelLibrary.of(project)
        self._models_then = self._library.stamp()
        self._growth = LabelGrowth(project)

    def want(self, shown: Sequence[InstanceRecord], later: Sequence[InstanceRecord]) -> None:
        """shown: on the screen now; later: to be ready when they are. All else may go."""
        self._wanted = {record.id: record for record in (*shown, *later)}
        self._shown = frozenset(record.id for record in shown)
        for kept in (self._seen, self._proposals):
            for instance_id in kept.keys() - self._wanted.keys():
                del kept[instance_id]
        for record in shown:
            seen = self._seen.get(record.id)
            if seen is not None and seen.failure is not None:
                # The disk may be back by now.
                del self._seen[record.id]
        # To make one takes seconds, which are for nothing while there is nothing to propose for.
        if self._wanted and (self.proposer is None or self._library.stamp() != self._models_then):
            self._request_proposer()
        self._go_on()

    def seen(self, instance_id: int) -> Seen | None:
        """None while it is being read."""
        return self._seen.get(instance_id)

    def proposal(self, instance_id: int) -> Believed | None:
        """With what it gives before any click; None where nothing is proposed, or not yet."""
        return self._proposals.get(instance_id)

    def thinks(self, instance_id: int) -> bool:
        """Whether it is not yet known what, if anything, is proposed for this instance."""
        return instance_id not in self._proposals

    @property
    def settled(self) -> bool:
        """Whether all that is wanted is there."""
        ready = all(i in self._seen and not self._to_propose(r) for i, r in self._wanted.items())
        return ready and (self.proposer is not None or not self._wanted)

    def look_at_boxes(self) -> None:
        """What was proposed for a box that is another by now is forgotten, with what was seen
        around it."""
        for record in self._project.some_instances(list(self._wanted)) if self._wanted else ():
            if record.box != self._wanted[record.id].box:
                self.forget(record.id)
                self._seen.pop(record.id, None)
            self._wanted[record.id] = record

    def forget(self, instance_id: int) -> None:
        """What was proposed no longer fits the instance."""
        self._proposals.pop(instance_id, None)

    def close(self) -> None:
        """At once, also while a model is being loaded or a large photograph."""
        self._pictures_at_work.leave()
        self._models_at_work.leave()

    def _hear(self, change: Change) -> None:
        """Where shapes were accepted or left out, what learns from them at once has more to say, or
        less; what was followed through a video was perhaps followed anew."""
        if Kind.LIST in change.kinds and Kind.PROPOSALS in change.kinds:
            for instance_id, believed in list(self._proposals.items()):
                if believed is not None and believed[0].backend == TRACKING:
                    self.forget(instance_id)
        if self.proposer is None or not self._growth.hear(change):
            return
        if self.proposer.learns_at_once and self._growth.due:
            self._request_proposer()

    # Each step asks for whatever can be begun now, and is taken again after every answer.

    def _go_on(self) -> None:
        by_image: dict[int, list[InstanceRecord]] = {}
        for record in self._wanted.values():
            if record.id not in self._seen or self._to_propose(record):
                by_image.setdefault(record.image_id, []).append(record)
        unread = by_image.keys() - self._reading.keys()
        images = self._project.some_images(unread) if unread else {}
        for image_id, records in by_image.items():
            image = images.get(image_id)
            if image is None:
                continue
            size = image.width * image.height
            if self._reading and sum(self._reading.values()) + size > _PIXELS_AT_WORK:
                return
            self._reading[image_id] = size
            around = {record.id: self._around(record) for record in records}
            self._pictures_at_work.request(
                f"photograph {image_id}",
                partial(_read, source_of(image), around),
                partial(self._keep_photograph, image_id, records),
                partial(self._no_photograph, image_id, records),
            )

    def _around(self, record: InstanceRecord) -> list[Box]:
        """All of these are seen: the object's own box, if any, and those of its masks."""
        own = [] if record.box is None else [record.box]
        return own and [*own, *boxes_around(self._masks(record.id))]

    def _to_propose(self, record: InstanceRecord) -> bool:
        accepted = record.state is InstanceState.ACCEPTED
        seen = self._seen.get(record.id)
        unseen = seen is not None and seen.pyramid is None
        return record.box is not None and not accepted and not unseen and self.thinks(record.id)

    def _keep_photograph(
        self, image_id: int, records: Sequence[InstanceRecord], photograph: _Photograph
    ) -> None:
        for record in records:
            if record.id in self._wanted and record.id not in self._seen:
                self._seen[record.id] = Seen(photograph.parts[record.id])
                self.picture_ready.emit(record.id)
        self._show_followed(records)
        if self.proposer is None:
            self._waiting.append((image_id, records, photograph))
        else:
            self._request_proposals(self.proposer, image_id, records, photograph)

    def _request_proposals(
        self,
        proposer: Proposer,
        image_id: int,
        records: Sequence[InstanceRecord],
        photograph: _Photograph,
    ) -> None:
        self._show_followed(records)
        boxes = {
            r.id: (r.box, image_to_avoid(self._project, proposer, r))
            for r in records
            if r.box is not None and self._to_propose(r)
        }
        if not boxes:
            self._done(image_id)
            return
        self._models_at_work.request(
            f"proposals {image_id}",
            partial(_propose, proposer, photograph.pixels, boxes),
            partial(self._keep_proposals, image_id, proposer, boxes),
            partial(self._no_proposals, image_id, list(boxes), proposer),
        )

    def _show_followed(self, records: Sequence[InstanceRecord]) -> None:
        """What all frames of its track have said is stored, and needs no model."""
        for record in filter(self._to_propose, records):
            followed = smoothed_proposal(self._project, record)
            if followed is not None and record.id in self._wanted:
                self._proposals[record.id] = followed, followed.given([])
                self.proposal_ready.emit(record.id)

    def _no_photograph(
        self, image_id: int, records: Sequence[InstanceRecord], error: Exception
    ) -> None:
        for record in records:
            self._seen[record.id] = Seen(None, error)
            self._proposals[record.id] = None
            self.picture_ready.emit(record.id)
        if not isinstance(error, ActionableError):
            self.failed.emit(error)
        self._done(image_id)

    def _done(self, image_id: int) -> None:
        self._reading.pop(image_id, None)
        self._go_on()

    def _keep_proposals(
        self,
        image_id: int,
        proposer: Proposer,
        boxes: Mapping[int, tuple[Box, str | None]],
        found: dict[int, Made | None],
    ) -> None:
        if proposer is self.proposer:
            for instance_id, answer in found.items():
                wanted = self._wanted.get(instance_id)
                if wanted is not None and wanted.box == boxes[instance_id][0]:
                    self._keep_proposal(instance_id, answer)
        self._done(image_id)

    def _keep_proposal(self, instance_id: int, answer: Made | None) -> None:
        record = self._wanted.get(instance_id)
        if record is None:
            return
        self._proposals[instance_id] = None if answer is None else (answer.proposal, answer.prior)
        if answer is not None and not self._project.read_only:
            try:
                self._proposed.store(instance_id, *answer, record=record)
            except ActionableError as error:
                self.failed.emit(error)
            about = frozenset((instance_id,))
            self._changes.announce(Change(Kind.PROPOSALS, about, by=self))
        self.proposal_ready.emit(instance_id)

    def _no_proposals(
        self, image_id: int, instance_ids: Sequence[int], proposer: Proposer, error: Exception
    ) -> None:
        """They can still be labelled by hand; what a plug-in broke, others propose."""
        if not isinstance(error, PluginFailed):
            for instance_id in instance_ids:
                self._keep_proposal(instance_id, None)
            self.failed.emit(error)
        elif proposer is self.proposer:
            self.proposer = None
            self._request_proposer()
            self.failed.emit(error)
        self._done(image_id)

    def _request_proposer(self) -> None:
        if self._models_at_work.pending("proposer"):
            return
        self._models_then = self._library.stamp()
        self._growth.begin()
        self._models_at_work.request_stoppable(
            "proposer",
            partial(_make_proposer, self._project.folder),
            self._keep_proposer,
            self._no_proposer,
            urgent=True,
        )

    def _keep_proposer(self, proposer: Proposer) -> None:
        """What is on the screen stays, where somebody may be looking at it already."""
        self.proposer = proposer
        for instance_id, believed in list(self._proposals.items()):
            failed = (seen := self._seen.get(instance_id)) is not None and seen.pyramid is None
            if (believed is None or instance_id not in self._shown) and not failed:
                del self._proposals[instance_id]
        self.proposer_ready.emit()
        waiting, self._waiting = self._waiting, []
        for image_id, records, photograph in waiting:
            self._request_proposals(proposer, image_id, records, photograph)
        self._go_on()

    def _no_proposer(self, error: Exception) -> None:
        reason = error.happened if isinstance(error, ActionableError) else "The model failed."
        self._keep_proposer(Proposer(reason))
        self.failed.emit(error)


def _read(source: Source, around: dict[int, list[Box]]) -> _Photograph:
    pixels = source.pixels()
    return _Photograph(pixels, {i: _part(pixels, boxes) for i, boxes in around.items()})


def _part(pixels: Pixels, boxes: Sequence[Box]) -> Pyramid:
    """What is round the object, upright in its boxes or turned."""
    if not boxes:
        return Pyramid(pixels, longest=_LONGEST)
    corners = np.concatenate([box_corners(box) for box in boxes])
    low, high = corners.min(axis=0), corners.max(axis=0)
    middle, reach = (low + high) / 2, 2 * _ROUND * float(np.max(high - low)) / 2
    left, top = np.floor(middle - reach).astype(int).tolist()
    right, bottom = np.ceil(middle + reach).astype(int).tolist()
    return Pyramid(pixels, QRect(QPoint(left, top), QPoint(right, bottom)), _LONGEST)


def _propose(
    proposer: Proposer, pixels: Pixels, boxes: Mapping[int, tuple[Box, str | None]]
) -> dict[int, Made | None]:
    """boxes: by instance, with the image that is to be avoided; see `image_to_avoid`."""
    return {
        instance_id: made(proposer, pixels, box, avoided)
        for instance_id, (box, avoided) in boxes.items()
    }


def _make_proposer(folder: Path, progress: Progress) -> Proposer:
    # A project of its own: the window's is used from the window's thread only.
    with Project.open(folder, read_only=True) as project:
        recipe = replace(proposer_recipe(project), goes_on=True)
    return recipe.make(progress)
