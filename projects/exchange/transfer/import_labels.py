"""Labels from files into a project. Doing it twice changes nothing."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.entries import (
    ImportedInstance,
    Stream,
    Unreadable,
)
from landmark_annotator.projects.exchange.codecs.common.on_disk import Counted
from landmark_annotator.projects.exchange.codecs.common.taken_names import told_apart
from landmark_annotator.projects.exchange.codecs.common.unpacked_images import for_a_look
from landmark_annotator.projects.exchange.mapping import Mapping, mapping_of
from landmark_annotator.projects.exchange.other_project import left_in
from landmark_annotator.projects.exchange.transfer.boxes import Boxes, Typical
from landmark_annotator.projects.exchange.transfer.entry_stream import entries_of
from landmark_annotator.projects.exchange.transfer.examined_images import ExaminedImages
from landmark_annotator.projects.exchange.transfer.import_report import (
    ImportReport,
    left_out_as_excluded,
)
from landmark_annotator.projects.exchange.transfer.known_masks import KnownMasks, box_around
from landmark_annotator.projects.exchange.transfer.known_objects import KnownObjects
from landmark_annotator.projects.exchange.transfer.label_origin import LabelOrigin
from landmark_annotator.projects.exchange.transfer.labelled_frames import LabelledFrames
from landmark_annotator.projects.exchange.transfer.mapped_entries import left_out_by, mapped_entry
from landmark_annotator.projects.exchange.transfer.pixel_scales import PixelScales
from landmark_annotator.projects.exchange.transfer.same_pictures import (
    SamePictures,
    first_of,
    whole,
)
from landmark_annotator.projects.exchange.transfer.soundness import LOOKS, unfit
from landmark_annotator.projects.exchange.transfer.stored_instances import (
    Known,
    KnownImage,
    StoredInstances,
    Waiting,
    mark,
)
from landmark_annotator.projects.exchange.transfer.turns import Turns
from landmark_annotator.projects.exchange.transfer.written_frames import WrittenFrames
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import (
    InstanceRecord,
    InstanceState,
    LabelledInstance,
    Project,
    Role,
)
from landmark_annotator.projects.store.people.rights import IMPORT
from landmark_annotator.projects.vocabulary import SILENT, Box, Progress
from landmark_annotator.projects.vocabulary.arguments import told
from landmark_annotator.projects.vocabulary.boxes_of_parts import lacks_landmarks
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled, FormatError
from landmark_annotator.projects.vocabulary.wording import counted


@told
@told_apart()
def import_labels(
    project: Project,
    source: Path | str,
    *,
    who: str,
    format: str | None = None,
    images: Path | str | None = None,
    annotator: str | None = None,
    progress: Progress = SILENT,
    dry_run: bool = False,
    mapping: Mapping | Path | str | None = None,
    whole_images: bool = False,
    columns: str | None = None,
    by: str | None = None,
    typical: Typical | None = None,
) -> ImportReport:
    """A label file, or a folder of images with or without labels, into the project.

    format: a name of the registry; None finds it out. images: the folder that image names start
    from where that is not the labels' own. annotator: whose rows of a CSV file to take; another
    one's labels of the same image are instances of their own. dry_run: the report tells what would
    happen, and nothing is written. mapping, also by its name: the labels are of its sparse scheme;
    other landmarks stay unknown. columns: which column of a table is which, as `csv_columns` has
    it. who: whose labels these are; by: who imports them, if another. typical: whole shapes (L, 2)
    of the project's scheme in any frame, asked for where no label, here or there, has them all.

    An instance without a box gets the square around its landmarks, and around where those that it
    lacks would be by whole labels. An entry is known again by its `source`, or by an equal shape in
    the same image. An image without labels is added with one empty instance, unless it has an
    instance already; labels that come later fill it, or one with a box of a file. Where its box is
    all of the image, that stays its box, unless the file says another or has several objects in it.

    Raises FormatError where nothing can be read, ProjectError where nothing can be stored,
    NotAllowed where who imports them is no lead of a project with people.
    """
    if columns is not None and format not in (None, "csv"):
        raise FormatError(f"Columns are told of tables (csv), not of {format}.")
    source, images = Path(source), None if images is None else Path(images)
    mapping = mapping_of(mapping, project.scheme)
    scheme = project.scheme if mapping is None else mapping.sparse
    with for_a_look() if dry_run else nullcontext():
        try:
            stream = entries_of(source, scheme, format, images, annotator, columns, progress)
        except Cancelled:
            return ImportReport(cancelled=True)
        if not dry_run:
            project.refuse_below(by or who, Role.LEAD, IMPORT)
        stream.notes.extend(left_in(source, project.folder))
        origin = LabelOrigin(source.name or str(source), who, by or who)
        boxes = Boxes(project, origin.by, dry_run, typical)
        return _imported(stream, boxes, origin, annotator, progress, mapping, whole_images)


def _imported(
    stream: Stream,
    boxes: Boxes,
    origin: LabelOrigin,
    annotator: str | None,
    progress: Progress,
    mapping: Mapping | None,
    whole_images: bool,
) -> ImportReport:
    report = ImportReport(unreadable=stream.unreadable, notes=stream.notes)
    entries: Iterable[ImportedInstance] = stream.instances
    if mapping is not None:
        report.notes += left_out_by(mapping)
        entries = (mapped_entry(entry, mapping) for entry in entries)
    if annotator is not None:
        entries = (replace(e, source=f"{e.source} by {annotator}") for e in entries)
    if not boxes.dry_run:
        boxes.project.back_up_before("import")
    progress.start("Importing", stream.count)
    _Import(boxes, origin, report, progress, whole_images).run(entries)
    if report.excluded:
        report.notes.append(left_out_as_excluded(report.excluded))
    return report


class _Import:
    def __init__(
        self,
        boxes: Boxes,
        origin: LabelOrigin,
        report: ImportReport,
        progress: Progress,
        whole_images: bool,
    ) -> None:
        self.boxes, self.report, self.progress = boxes, report, progress
        project, by, dry_run = boxes.project, origin.by, boxes.dry_run
        self.project, self.origin, self.dry_run = project, origin, dry_run
        self.whole_images = whole_images
        self.frames, self.written = LabelledFrames(project, by), WrittenFrames(project)
        self.stored = StoredInstances(project)
        self.looks = [look() for look in LOOKS]
        self.examined = ExaminedImages(self.frames, report.unreadable)
        self.keys, self.turns = Counted(), Turns()
        self.masks = KnownMasks(project, by, origin.who, dry_run)
        self.later: list[LabelledInstance] = []
        self.same_pictures, self.objects = SamePictures(), KnownObjects(project)
        self.scales = PixelScales(project, by, dry_run)
        self.crowded = set[str]()
        """The hashes of images of which several labelled objects are coming in."""

    def run(self, entries: Iterable[ImportedInstance]) -> None:
        """Images are decoded between transactions, so that nobody else waits for them."""
        try:
            for some in self.turns.portions(entries):
                self._some(some)
                if self.report.cancelled:
                    break
        except ActionableError as error:
            done = self.report.added + self.report.filled + self.report.masked
            if self.dry_run or not done:
                raise
            are = counted(done, "instance that came before is", "instances that came before are")
            kept = f"{are} in the project."
            raise type(error)(error.happened, kept=kept, remedy=error.remedy) from error
        finally:
            about = self.same_pictures, self.written, self.boxes, self.scales, self.objects
            for each in (*self.looks, *about, self.frames):
                self.report.notes += each.notes()
            if not self.dry_run:
                self.frames.remember()

    def _some(self, entries: Sequence[ImportedInstance]) -> None:
        ready: list[tuple[ImportedInstance, ImageFacts]] = []
        for entry in map(self.written.of, entries):
            if self.progress.cancelled():
                self.report.cancelled = True
                break
            facts = self.examined.facts(entry)
            reason = None if facts is None else unfit(entry)
            if reason is not None:
                self.report.unreadable.append(Unreadable(entry.image, reason))
            elif facts is not None:
                self.boxes.learn(entry.shape)
                for each in self.looks:
                    each.look(entry, facts)
                ready.append((entry, facts))
            self.progress.advance(note=entry.image.name)
        labelled = Counter(f.sha256 for entry, f in ready if entry.shape.known.any())
        self.crowded = {sha256 for sha256, objects in labelled.items() if objects > 1}
        before, number = replace(self.report), self.origin.number
        try:
            with nullcontext() if self.dry_run else self.turns.taken(self.project):
                # Not before: somebody else may bring in the same ones.
                self.stored.load({facts.sha256 for _, facts in ready})
                self.objects.forget()
                if not self.dry_run:
                    self.frames.add_frames(ready)
                for entry, facts in ready:
                    self._take(entry, facts)
                    self.scales.look(entry, facts)
                self.frames.give_all()
                if self.later:
                    self.project.add_labelled(self.later, file=self.origin.number)
                    self.later = []
                self.origin.note_boxes(self.project)
        except BaseException:  # none of these is in the project
            self.report.added, self.report.filled = before.added, before.filled
            self.report.masked, self.report.boxed = before.masked, before.boxed
            self.origin.number = number
            self.origin.forget_boxes()
            raise

    def _take(self, entry: ImportedInstance, facts: ImageFacts) -> None:
        known = self.stored.image(facts.sha256)
        there = self._image(entry, facts) if known is None else known.number
        labelled = bool(entry.shape.known.any())
        key = self._unique(entry.source, facts)
        left_out = known is not None and known.excluded
        if left_out or self.stored.has_excluded(there, key, entry.shape):
            self.report.excluded += 1
            return
        same = self.stored.of_key(there, key, entry)
        owner = self._owner(entry, there, key) if entry.masks else None
        if self.whole_images and (same is not None or self.stored.has(there, entry)):
            self._give_box(entry, there, key, facts)
            self.objects.forget()
        gets_masks = owner is not None and self.masks.give(entry, owner)
        self.report.masked += gets_masks
        if same is not None and labelled and same != mark(entry.shape):
            self.report.differing_sources.append(key)
        elif gets_masks:
            pass  # which is counted already
        elif (
            same is not None
            or self.stored.has(there, entry)
            or owner is not None
            or self._is_told_already(entry, there, key, facts)
            or self.objects.has(entry, lambda: self.stored.told(there))
        ):
            self.report.unchanged += 1
            self.objects.mark_taken(self.stored.record(there, key, entry))
            if not labelled and not entry.masks and known is not None:
                self._tell_copy(entry.image, known)
            if not self.dry_run and entry.frame is None:
                self.frames.image(entry, facts)  # whose file may have moved
        else:
            own = self.objects.boxed(entry, lambda: self.stored.told(there))
            entry = entry if own is None else replace(entry, box=own.box)
            waits = self.stored.waiting(there, key, entry, own)
            box = self._box(entry, facts, fills_image=waits is not None and waits.fills_image)
            self.boxes.missing += labelled and box is None
            self.boxes.begun += labelled and entry.started
            self.boxes.parts += labelled and not entry.started and lacks_landmarks(entry.shape)
            if not labelled and box is None:
                waits = None
            self.report.labelled += labelled
            if labelled and known is not None:
                self.same_pictures.add(entry.image, known)
            own_box = entry.box is not None
            entry = replace(entry, box=box, source=key)
            record = self._store(entry, facts, waits, own=own_box)
            self.masks.mark_taken(record)
            self.objects.mark_taken(record.id if waits is None else waits.record)
            if waits is None:
                size = facts.width, facts.height
                self.stored.add(there, record, key, entry.shape, Known.of(record, size))
                self.report.added += 1
            else:
                self.stored.fill(waits, key, entry.shape)
                self.report.filled += 1
                self.report.boxed += not labelled

    def _box(self, entry: ImportedInstance, facts: ImageFacts, *, fills_image: bool) -> Box | None:
        """fills_image: whether that was said of the object that waits for the labels. Where several
        objects of the image come in, it is true of none."""
        whole = Box.whole_image(facts.width, facts.height)
        if entry.box is not None:
            return entry.box
        if fills_image and facts.sha256 not in self.crowded:
            return whole
        if entry.shape.known.sum() >= 2:
            return self.boxes.around(entry.shape)
        if entry.masks:
            return box_around(entry.masks)
        # Of labels too, where one landmark shows nothing of how large the object is.
        return whole if self.whole_images or fills_image else None

    def _give_box(self, entry: ImportedInstance, there: int, key: str, facts: ImageFacts) -> None:
        """To the one object that an entry of an image that is there already speaks of."""
        mine, waits = self.stored.record(there, key, entry), self.stored.waiting(there, key, entry)
        records = self.stored.records(there) if mine is None else [mine]
        if waits is not None and not records:
            if self.boxes.give(waits.record, facts.width, facts.height):
                self.stored.fill(waits, key, entry.shape)
        elif len(records) == 1:
            self.boxes.give(records[0], facts.width, facts.height)

    def _owner(self, entry: ImportedInstance, there: int, key: str) -> int | None:
        """The instance that the project had before and that the entry's masks are of."""
        owner = self.stored.record(there, key, entry)
        if owner is None and not entry.shape.known.any():
            return self.masks.owner(entry, self.stored.records(there))
        return owner

    def _image(self, entry: ImportedInstance, facts: ImageFacts) -> int:
        """One that the project did not have."""
        self.report.images_added += 1
        return self.stored.add_image(facts.sha256, os.fsencode(whole(entry.image)))

    def _tell_copy(self, image: Path, known: KnownImage) -> None:
        first = first_of(image, known)
        if first is not None:
            why = f"The same picture as {first.name}, byte for byte: it is kept once."
            self.report.copies.append(Unreadable(image, why))

    def _unique(self, key: str, facts: ImageFacts) -> str:
        """A file may give two objects of an image one key; the second is known as "key (2)"."""
        count = self.keys.again(f"{facts.sha256} {key}")
        return key if count == 1 else f"{key} ({count})"

    def _is_told_already(
        self, entry: ImportedInstance, there: int, key: str, facts: ImageFacts
    ) -> bool:
        """Whether it says of an object no more than that it fills its image, and one does."""
        waits = self.stored.waiting(there, key, entry)
        fills = waits is not None and waits.fills_image
        bare = not entry.shape.known.any()
        return bare and fills and entry.box == Box.whole_image(facts.width, facts.height)

    def _store(
        self, entry: ImportedInstance, facts: ImageFacts, waits: Waiting | None, *, own: bool
    ) -> InstanceRecord:
        """own: whether its box is of the file."""
        labelled = bool(entry.shape.known.any())
        if self.dry_run:
            state = InstanceState.STARTED if labelled else InstanceState.UNTOUCHED
            return InstanceRecord(0, 0, entry.box, state, entry.source)
        if labelled or entry.masks or own:
            self.origin.begin(self.project)
        image = self.frames.image(entry, facts)
        track = self.frames.track(entry, image)
        who = entry.annotator or self.origin.who
        if waits is not None and waits.fills_image and not labelled and entry.box is not None:
            record, placed = self.boxes.bring(waits.record, entry.box, entry.source)
            self.origin.placed[record.id] = placed
            self.frames.give(record, image, track)
            return record
        if waits is not None:
            record = self.project.fill_instance(
                waits.record,
                entry.box,
                entry.shape,
                source=entry.source,
                masks=entry.masks,
                who=who,
                at=entry.at,
                started=entry.started,
                file=self.origin.number,
            )
            self.frames.give(record, image, track)
            return record
        if labelled and track is None and not entry.masks:
            # All at once; nobody asks for their ids, as they do not wait for labels.
            about = entry.source, who, entry.at, entry.started
            self.later.append(LabelledInstance(image.id, entry.box, entry.shape, *about))
            return InstanceRecord(0, image.id, entry.box, InstanceState.STARTED, entry.source)
        record = self.project.add_instance(
            image.id,
            entry.box,
            source=entry.source,
            track=self.frames.taken(image, track),
            shape=entry.shape if labelled else None,
            masks=entry.masks,
            who=who,
            at=entry.at,
            started=entry.started,
            file=self.origin.number,
        )
        if own and not labelled and not entry.masks and entry.box is not None:
            self.origin.boxes[record.id] = entry.box
        return record
