"""Labels from files into a project. Doing it twice changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ImportedInstance,
    Unreadable,
)
from landmark_annotator.projects.exchange.mapping import Mapping
from landmark_annotator.projects.exchange.registry import by_name, sniff
from landmark_annotator.projects.exchange.transfer.labelled_frames import LabelledFrames
from landmark_annotator.projects.exchange.transfer.soundness import FarOutside, unfit
from landmark_annotator.projects.exchange.transfer.stored_instances import StoredInstances, equal
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project, Role
from landmark_annotator.projects.vocabulary import SILENT, Box, Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError, FormatError, ImageError

_AT_A_TIME = 64
"""Entries to a transaction: few enough that little is lost when an import is stopped."""


@dataclass
class ImportReport:
    """added, unchanged: instances. filled: those that were there without labels and a box, and
    got what the file says. labelled: of these two, those with landmarks. images_added: images
    that the project did not have before.

    differing_sources: entries whose instance is already there but has another shape, because a
    person or another file changed it; the project's own was kept. unreadable: what was left out
    and why. copies: images without labels of which nothing came in, because the same picture is
    there from another file; they count as unchanged. excluded: entries of images or instances that
    somebody has excluded; they were left out, and a note says so. cancelled: not all entries were
    looked at; those that were are in the project.
    """

    added: int = 0
    filled: int = 0
    labelled: int = 0
    unchanged: int = 0
    images_added: int = 0
    excluded: int = 0
    differing_sources: list[str] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    copies: list[Unreadable] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cancelled: bool = False

    @property
    def differing(self) -> int:
        return len(self.differing_sources)


def import_labels(
    project: Project,
    source: Path,
    *,
    who: str,
    format: str | None = None,
    images: Path | None = None,
    annotator: str | None = None,
    progress: Progress = SILENT,
    dry_run: bool = False,
    mapping: Mapping | None = None,
    whole_images: bool = False,
    columns: str | None = None,
) -> ImportReport:
    """A label file, or a folder of images with or without labels, into the project.

    format: a name of the registry; None finds it out. images: the folder that image names start
    from where that is not the labels' own. annotator: whose rows of a CSV file to take; another
    one's labels of the same image are instances of their own. dry_run: the report tells what would
    happen, and nothing is written. mapping: the labels are of its sparse scheme; landmarks of the
    project's scheme that are none of them stay unknown. columns: which column of a table is which,
    as `csv_columns` has it.

    An instance without a box gets the square around its landmarks. An entry is known again by
    its `source`, or by an equal shape in the same image. An image without labels is added with
    one empty instance, unless it has an instance already; labels that come later fill it.

    Raises FormatError where nothing can be read, ProjectError where nothing can be stored,
    NotAllowed where `who` is no lead of a project with people.
    """
    if columns is not None and format not in (None, "csv"):
        raise FormatError(f"Columns are told of tables (csv), not of {format}.")
    asked = format if columns is None else "csv"
    card = by_name(asked) if asked is not None else sniff(source)
    progress.start("Reading labels", None)
    scheme = project.scheme if mapping is None else mapping.sparse
    if columns is None:
        contents = card.reader().read(source, scheme, images=images, annotator=annotator)
    else:
        contents = _told_columns(source, scheme, images, annotator, columns)
    if any(entry.confidence is not None for entry in contents.instances):
        raise FormatError(
            f"{source} holds predictions and not labels: they come with scores.",
            remedy="Import them as proposals (--as-proposals), which a person then confirms.",
        )
    if mapping is not None:
        contents = mapped(contents, mapping)
    if annotator is not None:
        named = [replace(e, source=f"{e.source} by {annotator}") for e in contents.instances]
        contents = replace(contents, instances=named)
    report = ImportReport(unreadable=contents.unreadable, notes=contents.notes)
    if not dry_run:
        project.refuse_below(who, Role.LEAD, "import images or labels")
        project.back_up_before("import")
    progress.start("Importing", len(contents.instances))
    _Import(project, who, report, progress, dry_run, whole_images).run(contents.instances)
    if report.excluded:
        report.notes.append(left_out_as_excluded(report.excluded))
    return report


def _told_columns(
    source: Path, scheme: Scheme, images: Path | None, annotator: str | None, columns: str
) -> Contents:
    from landmark_annotator.projects.exchange.codecs import csv_table
    from landmark_annotator.projects.exchange.codecs.csv_columns import Columns

    told = Columns.parse(columns)
    return csv_table.read(source, scheme, images=images, annotator=annotator, columns=told)


def left_out_as_excluded(count: int) -> str:
    """What a person is told."""
    return (
        f"{count:,} of the entries belong to images or objects that are excluded: an import does "
        "not bring these back, annotator exclude --restore does."
    )


def mapped(contents: Contents, mapping: Mapping) -> Contents:
    """Labels of the mapping's sparse scheme as labels of its dense one."""
    notes = list(contents.notes)
    if mapping.means:
        several = ", ".join(mapping.means)
        notes.append(f"No single landmark follows from {several}: they were left out.")
    entries = [
        replace(
            entry,
            shape=mapping.to_dense(entry.shape),
            confidence=entry.confidence and mapping.dense_values(entry.confidence),
        )
        for entry in contents.instances
    ]
    return Contents(entries, contents.unreadable, notes)


class _Import:
    def __init__(
        self,
        project: Project,
        who: str,
        report: ImportReport,
        progress: Progress,
        dry_run: bool,
        whole_images: bool,
    ) -> None:
        self.project, self.who, self.report, self.progress = project, who, report, progress
        self.dry_run, self.whole_images = dry_run, whole_images
        self.frames = LabelledFrames(project, who)
        images = project.images(excluded=True)
        hashes = {record.id: record.sha256 for record in images}
        self.known = {
            record.sha256: ImageFacts(record.width, record.height, record.sha256)
            for record in images
        }
        self.excluded = {record.sha256 for record in images if record.excluded is not None}
        # By the image's hash, for in a dry run a new image has no record.
        self.stored = defaultdict[str, StoredInstances](lambda: StoredInstances(self._key))
        for record, shape in project.shapes(None, excluded=True):
            self.stored[hashes[record.image_id]].add(record, shape)
        self.paths = {record.sha256: record.path for record in images}
        """Where each picture is that the project has, or would have by now."""
        self.measured = set(project.pixel_sizes().of_images)
        self.outside = FarOutside()
        self.examined: dict[tuple[Path, int | None], ImageFacts | None] = {}
        self.refused: set[tuple[Path, str]] = set()
        self.keys: Counter[tuple[str, str]] = Counter()

    def run(self, entries: Sequence[ImportedInstance]) -> None:
        """Images are decoded between transactions, so that nobody else waits for them."""
        try:
            for start in range(0, len(entries), _AT_A_TIME):
                self._some(entries[start : start + _AT_A_TIME])
                if self.report.cancelled:
                    break
        except ActionableError as error:
            done = self.report.added + self.report.filled
            if self.dry_run or not done:
                raise
            kept = f"{done:,} instances that came before are in the project."
            raise type(error)(error.happened, kept=kept, remedy=error.remedy) from error
        finally:
            self.report.notes += self.outside.notes()

    def _some(self, entries: Sequence[ImportedInstance]) -> None:
        ready: list[tuple[ImportedInstance, ImageFacts]] = []
        for entry in entries:
            if self.progress.cancelled():
                self.report.cancelled = True
                break
            facts = self._facts(entry)
            reason = None if facts is None else unfit(entry)
            if reason is not None:
                self.report.unreadable.append(Unreadable(entry.image, reason))
            elif facts is not None:
                self.outside.look(entry, facts)
                ready.append((entry, facts))
            self.progress.advance(note=entry.image.name)
        counted = replace(self.report)
        try:
            with nullcontext() if self.dry_run else self.project.transaction():
                if not self.dry_run:
                    self.frames.add_frames(ready)
                for entry, facts in ready:
                    self._take(entry, facts)
                self.frames.give_all()
        except BaseException:  # none of these is in the project
            self.report.added, self.report.filled = counted.added, counted.filled
            raise

    def _facts(self, entry: ImportedInstance) -> ImageFacts | None:
        """None where the image cannot be read; that is reported once an image or video."""
        place = entry.image, entry.frame
        if place not in self.examined:
            try:
                self.examined[place] = self.frames.facts(entry)
            except ImageError as error:
                if (entry.image, str(error)) not in self.refused:
                    self.refused.add((entry.image, str(error)))
                    self.report.unreadable.append(Unreadable(entry.image, str(error)))
                self.examined[place] = None
        return self.examined[place]

    def _take(self, entry: ImportedInstance, facts: ImageFacts) -> None:
        if facts.sha256 not in self.known:
            self.known[facts.sha256] = facts
            self.report.images_added += 1
        self.paths.setdefault(facts.sha256, _whole(entry.image))
        there = self.stored[facts.sha256]
        labelled = bool(entry.shape.known.any())
        key = self._unique(entry.source, facts)
        if self._is_excluded(entry, key, facts):
            self.report.excluded += 1
            return
        same = there.of_key(key)
        if same is not None and labelled and not equal(same, entry.shape):
            self.report.differing_sources.append(key)
        elif same is not None or there.has(entry):
            self.report.unchanged += 1
            if not labelled:
                self._tell_copy(entry.image, facts)
            if not self.dry_run and entry.frame is None:
                self.project.add_image(entry.image, facts)  # whose file may have moved
        else:
            box = entry.box
            if box is None and entry.shape.known.sum() >= 2:
                box = Box.square_around(entry.shape.points)
            elif box is None and self.whole_images and not labelled:
                box = Box.whole_image(facts.width, facts.height)
            waiting = there.waiting(key) if labelled or box is not None else None
            filled = None if waiting is None else there.entries[waiting][0]
            self.report.labelled += labelled
            record = self._store(replace(entry, box=box, source=key), facts, filled)
            if waiting is None:
                there.add(record, entry.shape)
                self.report.added += 1
            else:
                there.replace(waiting, record, entry.shape)
                self.report.filled += 1

    def _is_excluded(self, entry: ImportedInstance, key: str, facts: ImageFacts) -> bool:
        """Whether somebody has left out what the entry is of."""
        stored = self.stored[facts.sha256]
        return facts.sha256 in self.excluded or stored.has_excluded(key, entry.shape)

    def _tell_copy(self, image: Path, facts: ImageFacts) -> None:
        first = self.paths[facts.sha256]
        if first != _whole(image) and first.is_file():
            why = f"The same picture as {first.name}, byte for byte: it is kept once."
            self.report.copies.append(Unreadable(image, why))

    def _unique(self, key: str, facts: ImageFacts) -> str:
        """A file may give two objects of an image one key; the second is known as "key (2)"."""
        self.keys[facts.sha256, key] += 1
        count = self.keys[facts.sha256, key]
        return key if count == 1 else f"{key} ({count})"

    def _store(
        self, entry: ImportedInstance, facts: ImageFacts, filled: InstanceRecord | None
    ) -> InstanceRecord:
        labelled = bool(entry.shape.known.any())
        if self.dry_run:
            state = InstanceState.STARTED if labelled else InstanceState.UNTOUCHED
            return InstanceRecord(0, 0, entry.box, state, entry.source)
        image = self.frames.image(entry, facts)
        self._keep_pixel_size(image.id, facts)
        track = self.frames.track(entry, image)
        who = entry.annotator or self.who
        if filled is not None:
            record = self.project.fill_instance(
                filled.id, entry.box, entry.shape, source=entry.source, who=who, at=entry.at
            )
            self.frames.give(record, image, track)
            return record
        return self.project.add_instance(
            image.id,
            entry.box,
            source=entry.source,
            track=self.frames.taken(image, track),
            shape=entry.shape if labelled else None,
            who=who,
            at=entry.at,
        )

    def _keep_pixel_size(self, image_id: int, facts: ImageFacts) -> None:
        """What the file says, unless somebody has said otherwise of this image."""
        if facts.mm_per_pixel is not None and image_id not in self.measured:
            self.measured.add(image_id)
            self.project.set_pixel_size(facts.mm_per_pixel, images=[image_id], who=self.who)

    def _key(self, record: InstanceRecord) -> str:
        return record.source or own_key(self.project, record)


def _whole(image: Path) -> Path:
    """As the project knows it: a link stays one."""
    return image.parent.resolve() / image.name


def own_key(project: Project, record: InstanceRecord) -> str:
    """Names an instance that was made in the project, for when its export comes back."""
    if record.second_opinion_on is not None:
        return f"second opinion on {record.second_opinion_on}"
    return f"{project.name}#{record.id}"
