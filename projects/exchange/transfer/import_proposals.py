"""Predictions of other programs as proposals: shown to a person, who then confirms them.

They are not labels: nothing is stored of the landmarks themselves, so they are no evidence, train
nothing and are not exported until a person accepts them.

How sure the other program was becomes a standard deviation: 0.5 % of the box's side for a
confidence of 1, growing evenly to 10 % for one of 0. Confidences of different programs mean
different things, so this orders instances and landmarks; it is no calibrated error.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import (
    ImportedInstance,
    Stream,
    Unreadable,
)
from landmark_annotator.projects.exchange.codecs.common.on_disk import Counted, Remembered
from landmark_annotator.projects.exchange.codecs.common.taken_names import read_from, told_apart
from landmark_annotator.projects.exchange.mapping import Mapping, mapping_of
from landmark_annotator.projects.exchange.registry import by_name, sniff
from landmark_annotator.projects.exchange.transfer.boxes import Boxes, Typical
from landmark_annotator.projects.exchange.transfer.entry_stream import (
    refuse_file,
    refuse_no_folder,
    told_by_content,
)
from landmark_annotator.projects.exchange.transfer.import_report import left_out_as_excluded
from landmark_annotator.projects.exchange.transfer.labelled_frames import LabelledFrames
from landmark_annotator.projects.exchange.transfer.mapped_entries import left_out_by, mapped_entry
from landmark_annotator.projects.exchange.transfer.soundness import OF_BOXES, OtherSizes, unfit
from landmark_annotator.projects.exchange.transfer.stored_instances import Known
from landmark_annotator.projects.exchange.transfer.turns import Turns
from landmark_annotator.projects.exchange.transfer.written_frames import WrittenFrames
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project, Role
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.store.people.rights import IMPORT_PROPOSALS
from landmark_annotator.projects.vocabulary import (
    SILENT,
    Box,
    Progress,
    Scheme,
    Shape,
    Visibility,
)
from landmark_annotator.projects.vocabulary.arguments import told
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import Cancelled, ImageError

_RECENT = 256
"""Images of which is remembered what they have."""

_SURE, _UNSURE = 0.005, 0.1
"""Standard deviations, in sides of the box, for confidences of 1 and of 0."""
_SAME_OBJECT = 0.5
"""Boxes that overlap by this share of their union are taken for the same object."""
_MEAN_DISTANCE = math.sqrt(math.pi) / 2
"""Expected length of a round Gaussian error, divided by the root of its covariance's trace."""


@dataclass
class ProposalReport:
    """proposed: instances that have a proposal from the file now. boxes: those that have a box from
    it and no proposal, for it says no more of them. added: how many of these the
    project did not have before. accepted: predictions for what a person has already accepted;
    they were left out. excluded: those for what somebody has excluded; they were left out, and a
    note says so. unreadable: what was left out and why."""

    proposed: int = 0
    boxes: int = 0
    added: int = 0
    images_added: int = 0
    accepted: int = 0
    excluded: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cancelled: bool = False


@told
@told_apart()
def import_proposals(
    project: Project,
    source: Path | str,
    *,
    who: str,
    format: str | None = None,
    images: Path | str | None = None,
    mapping: Mapping | Path | str | None = None,
    progress: Progress = SILENT,
    typical: Typical | None = None,
) -> ProposalReport:
    """Any label file or file of predictions as proposals, boxes of a detector too; parameters as in
    `import_labels`. Without a box of the file a prediction that lacks landmarks gets one around all
    of the object likewise.

    A prediction belongs to the instance of its image whose box overlaps its own by half, else to
    one without a box or without labels in a box that is all of the image, else it makes a new
    instance. Doing it twice changes nothing.

    Raises FormatError where nothing can be read, ProjectError where nothing can be stored.
    """
    source, images = Path(source), None if images is None else Path(images)
    progress.start("Reading predictions", None)
    mapping = mapping_of(mapping, project.scheme)
    scheme = project.scheme if mapping is None else mapping.sparse
    try:
        stream = _predictions(source, scheme, format, images, progress)
    except Cancelled:
        return ProposalReport(cancelled=True)
    entries: Iterable[ImportedInstance] = stream.instances
    if mapping is not None:
        stream.notes.extend(left_out_by(mapping))
        entries = (mapped_entry(entry, mapping) for entry in entries)
    project.refuse_below(who, Role.LEAD, IMPORT_PROPOSALS)
    project.back_up_before("import")
    report = ProposalReport(unreadable=stream.unreadable, notes=stream.notes)
    progress.start("Importing", stream.count)
    taking = _Import(project, source.name, who, report, typical)
    _store_all(taking, iter(entries), report, progress)
    if report.excluded:
        report.notes.append(left_out_as_excluded(report.excluded))
    return report


def _predictions(
    source: Path, scheme: Scheme, format: str | None, images: Path | None, progress: Progress
) -> Stream:
    """One at a time where the format can give them so."""
    read_from(lambda: _predictions(source, scheme, format, images, SILENT).instances)
    card = by_name(format) if format is not None else sniff(source)
    refuse_no_folder(card, images)
    streaming = card.stream_predictions
    if streaming is None and card.predictions is None:
        streaming = card.stream_reader
        refuse_file(card, images)  # results may name their images by the numbers of a file
    with told_by_content(source, card):
        if streaming is not None:
            return streaming().stream(source, scheme, images=images, progress=progress)
        reader = card.predictions() if card.predictions is not None else card.reader()
        return Stream.of(reader.read(source, scheme, images=images))


def _store_all(
    taking: "_Import",
    entries: Iterator[ImportedInstance],
    report: ProposalReport,
    progress: Progress,
) -> None:
    """Images are decoded between transactions, so that nobody else waits for them."""
    project = taking.project
    turns, written = Turns(), WrittenFrames(project)
    for some in turns.portions(entries):
        ready = []
        for entry in some:
            taking.boxes.learn(entry.shape)
        for entry in map(written.of, some):
            if progress.cancelled():
                report.cancelled = True
                break
            progress.advance(note=entry.image.name)
            ready += taking.readied(entry)
        counted = replace(report)
        try:
            with turns.taken(project):
                taking.frames.add_frames((entry, facts) for entry, _, facts in ready)
                for entry, box, facts in ready:
                    taking.take(entry, box, facts)
                taking.frames.give_all()
        except BaseException:  # none of these is in the project
            report.proposed, report.boxes, report.added = (
                counted.proposed,
                counted.boxes,
                counted.added,
            )
            raise
        if report.cancelled:
            break
    for each in (*taking.looks, written, taking.frames):
        report.notes += each.notes()


class _Import:
    def __init__(
        self,
        project: Project,
        file: str,
        who: str,
        report: ProposalReport,
        typical: Typical | None,
    ) -> None:
        self.project, self.file, self.who, self.report = project, file, who, report
        self.boxes = Boxes(project, who, dry_run=False, typical=typical)
        self.frames = LabelledFrames(project, who)
        self.looks = [*(look() for look in OF_BOXES), OtherSizes("Predictions")]
        self.known = Remembered()
        """The hashes of images that the project has."""
        self.refused: set[tuple[Path, str]] = set()
        self.free: dict[int, _Free] = {}
        """Of the images that came last: of one that is met again later it is read again."""
        self.taken = Counted()
        """Instances that have a prediction of this file, by their ids."""
        self.examined = Remembered()

    def readied(self, entry: ImportedInstance) -> list[tuple[ImportedInstance, Box, ImageFacts]]:
        """With its box and what is known of its image; empty where it cannot come in."""
        wrong = unfit(entry)
        if wrong is not None:
            self.report.unreadable.append(Unreadable(entry.image, wrong))
            return []
        box = entry.box
        if box is None and entry.shape.known.sum() >= 2:
            box = self.boxes.around(entry.shape)
        if box is None:
            reason = f"{entry.source}: nothing is predicted that a box could be put around."
            self.report.unreadable.append(Unreadable(entry.image, reason))
            return []
        try:
            facts = self._facts(entry)
        except ImageError as error:
            if (entry.image, str(error)) not in self.refused:
                self.refused.add((entry.image, str(error)))
                self.report.unreadable.append(Unreadable(entry.image, str(error)))
            return []
        for each in self.looks:
            each.look(entry, facts)
        if self.known.get(facts.sha256) is None:
            self.report.images_added += not self.project.images_with([facts.sha256])
            self.known.set(facts.sha256, "")
        return [(entry, box, facts)]

    def _facts(self, entry: ImportedInstance) -> ImageFacts:
        """Raises ImageError."""
        place = f"{entry.image}\0{entry.frame}"
        known = self.examined.get(place)
        if known is not None:
            return ImageFacts(*json.loads(known))
        facts = self.frames.facts(entry)
        self.examined.set(place, json.dumps(astuple(facts)))
        return facts

    def _free(self, image_id: int, size: tuple[int, int]) -> "_Free":
        if image_id not in self.free:
            while len(self.free) >= _RECENT:
                self.free.pop(next(iter(self.free)))
            there = self.project.instances_of(image_id, excluded=True)
            others = [record for record in there if not self.taken.has(str(record.id))]
            self.free[image_id] = _Free(others, size)
        return self.free[image_id]

    def take(self, entry: ImportedInstance, box: Box, facts: ImageFacts) -> None:
        project, report = self.project, self.report
        image = self.frames.image(entry, facts)
        track = self.frames.track(entry, image)
        free = self._free(image.id, (image.width, image.height))
        boxes, points = [box], entry.shape.points[entry.shape.known]
        if len(points) >= 2:  # as of an object whose file, or an earlier version, had no better one
            boxes.append(Box.square_around(points))
        record = free.instance(boxes, track, None if entry.box is not None else points)
        if image.excluded or (record is not None and record.excluded):
            report.excluded += 1
            return
        if record is None:
            track = self.frames.taken(image, track)
            record = project.add_instance(image.id, box, track=track, who=self.who)
            report.added += 1
        else:
            self.frames.give(record, image, track)
            if record.box is None:
                self.boxes.give_brought(record.id, box)
        free.take(record)
        self.taken.again(str(record.id))
        if record.state is InstanceState.ACCEPTED:
            report.accepted += 1
        elif not entry.shape.known.any():
            report.boxes += 1
        else:
            boxed = record if record.box is not None else replace(record, box=box)
            _propose(project, boxed, entry, box, self.file, self.who)
            report.proposed += 1


class _Free:
    """The instances of an image that had no prediction of this file yet: each has one of a file.
    size: width and height of the image in pixels."""

    def __init__(self, records: Sequence[InstanceRecord], size: tuple[int, int]) -> None:
        self._size = size
        self._records = {r.id: r for r in sorted(records, key=lambda record: record.id)}
        self._boxed = [r for r in self._records.values() if r.box is not None]
        boxes = [r.box for r in self._boxed if r.box is not None]
        self._low = np.array([box.corner for box in boxes]).reshape(-1, 2)
        self._sides = np.array([(box.width, box.height) for box in boxes]).reshape(-1, 2)
        self._place = {record.id: place for place, record in enumerate(self._boxed)}

    def instance(
        self, boxes: Iterable[Box], track: int | None, points: Floats | None
    ) -> InstanceRecord | None:
        """Which of them the prediction is of: one of its track, or else of one of these boxes, or
        else one that has none yet, or of which nobody has said more than that it fills its
        image. points: (n, 2) what is known of one without a box, which is rather of the only one
        that has all of that inside: the box of a head is far larger than eyes and mouth."""
        of_track = (r for r in self._records.values() if track is not None and r.track_id == track)
        same = next(of_track, None)
        if same is not None:
            return same
        for box in boxes:
            sides = np.array([box.width, box.height])
            ends = np.minimum(self._low + self._sides, box.corner + sides)
            shared = (ends - np.maximum(self._low, box.corner)).clip(0).prod(axis=1)
            overlaps = shared / (self._sides.prod(axis=1) + sides.prod() - shared)
            if len(overlaps) and overlaps.max() > _SAME_OBJECT:
                return self._boxed[int(overlaps.argmax())]
        if points is not None and (around := self._around(points)) is not None:
            return around
        waiting = [
            r
            for r in self._records.values()
            if r.excluded is None and Known.of(r, self._size) is not Known.MORE
        ]
        return min(waiting, key=lambda r: r.box is not None, default=None)

    def _around(self, points: Floats) -> InstanceRecord | None:
        """Unless it is all of the image, which has every object inside."""
        low, high = points.min(axis=0), points.max(axis=0)
        inside = (self._low <= low) & (high <= self._low + self._sides)
        found = [self._boxed[place] for place in np.flatnonzero(inside.all(axis=1)).tolist()]
        drawn = [record for record in found if Known.of(record, self._size) is Known.MORE]
        return drawn[0] if len(drawn) == 1 else None

    def take(self, record: InstanceRecord) -> None:
        self._records.pop(record.id, None)
        place = self._place.get(record.id)
        if place is not None:  # far from every box
            self._low[place], self._sides[place] = np.inf, 1.0


def _propose(
    project: Project, record: InstanceRecord, entry: ImportedInstance, box: Box, file: str, who: str
) -> None:
    covariances = _covariances(entry, box)
    error: float | None = None
    if entry.confidence is not None and entry.shape.known.any():
        traces = np.trace(covariances[entry.shape.known], axis1=1, axis2=2)
        length = ErrorBoxes(project).length(record, entry.shape)
        error = float(100 * np.sqrt(traces).mean() * _MEAN_DISTANCE / length)
    project.store_proposal(
        record.id,
        entry.shape.points,
        covariances,
        predicted_error=error,
        imported_from=file,
        who=who,
        hidden=_hidden(entry.shape),
    )


def _hidden(shape: Shape) -> Floats | None:
    """(L,) 1 where the program says that the image does not show the landmark, 0 where it does;
    None where it says so of none: many cannot tell."""
    occluded = shape.visibility == Visibility.OCCLUDED
    return np.where(shape.known, occluded, np.nan) if occluded.any() else None


def confidences(covariances: Floats, box: Box) -> tuple[float, ...]:
    """Of L landmarks, 0 to 1, by their covariances (L, 2, 2) in squared pixels: those of which an
    import of predictions makes the same deviations again, as far as it can."""
    deviations = np.sqrt(np.trace(covariances, axis1=1, axis2=2) / 2) / box.side
    sure = (_UNSURE - deviations) / (_UNSURE - _SURE)
    # In files 0, 1 and 2 are also how well a landmark is seen.
    return tuple(np.nan_to_num(sure).clip(0.001, 0.999).round(4).tolist())


def _covariances(entry: ImportedInstance, box: Box) -> Floats:
    """(L, 2, 2) squared pixels; NaN where the program did not say how sure it was."""
    covariances = np.full((len(entry.shape), 2, 2), np.nan)
    if entry.confidence is not None:
        unsure = 1 - np.array(entry.confidence)
        deviations = box.side * (_SURE + (_UNSURE - _SURE) * unsure)
        covariances = np.eye(2) * deviations[:, None, None] ** 2
        covariances[~entry.shape.known] = np.nan
    return covariances
