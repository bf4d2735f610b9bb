"""Labels of a project into files for other programs."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange.capabilities import (
    NOT_WRITTEN,
    ONE_AN_IMAGE,
    ONE_PERSON,
    UNLABELLED,
    Carries,
)
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.exchange.codecs.common.staging import Staging, staged, staging
from landmark_annotator.projects.exchange.format_card import Format
from landmark_annotator.projects.exchange.mapping import Mapping, mapping_of
from landmark_annotator.projects.exchange.registry import by_name
from landmark_annotator.projects.exchange.transfer.export_place import named_target, root_of
from landmark_annotator.projects.exchange.transfer.former_export import (
    refuse_other_kinds,
    refuse_project_files,
)
from landmark_annotator.projects.exchange.transfer.frame_files import FrameFiles
from landmark_annotator.projects.exchange.transfer.image_files import (
    MOVABLE,
    ImageFiles,
    ImageNaming,
)
from landmark_annotator.projects.exchange.transfer.left_frames import LeftFrames
from landmark_annotator.projects.exchange.transfer.left_out import LeftOut, Taken
from landmark_annotator.projects.exchange.transfer.stored_instances import own_key
from landmark_annotator.projects.exchange.transfer.turned_images import TurnedImages
from landmark_annotator.projects.exchange.transfer.whose_labels import EVERYBODYS, WhoseLabels
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project
from landmark_annotator.projects.store.people.same_objects import labels_of_objects, of_two_people
from landmark_annotator.projects.store.same_objects import labelled_twice
from landmark_annotator.projects.video import is_numbered, is_video
from landmark_annotator.projects.vocabulary import SILENT, Progress, RegionMask, Shape
from landmark_annotator.projects.vocabulary.arguments import told
from landmark_annotator.projects.vocabulary.errors import Cancelled
from landmark_annotator.projects.vocabulary.wording import counted

_MASKED_AT_ONCE = 64


@dataclass
class Said:
    """What people have said of what is exported beside its positions, counted as it goes by."""

    absent: int = 0
    bare: int = 0
    """Instances that have a box and no landmark."""
    masks: int = 0
    scaled: bool = False
    """Whether of some it is known what a pixel measures."""
    begun: int = 0
    """Complete shapes that nobody has accepted yet: nothing but a word of it tells them apart."""
    waiting: set[int] = field(default_factory=set)
    """Not accepted, with landmarks that nobody has said anything of, by their ids."""
    tracks: set[str] = field(default_factory=set)
    """Their names."""
    labellers: dict[int, str] = field(default_factory=dict)
    """Whose labels an instance has, by its id."""

    def add(self, instance_id: int, instance: ExportedInstance) -> None:
        self.absent += int(np.count_nonzero(instance.shape.absent))
        self.bare += not (instance.shape.known.any() or instance.shape.absent.any())
        if instance.annotator:
            self.labellers[instance_id] = instance.annotator
        self.masks += len(instance.masks)
        self.tracks |= {instance.track} - {""}
        self.scaled |= instance.mm_per_pixel is not None
        unaccepted = instance.state not in ("", InstanceState.ACCEPTED)
        complete = bool((instance.shape.known | instance.shape.absent).all())
        self.begun += unaccepted and complete
        if unaccepted and not complete:
            self.waiting.add(instance_id)

    def lost(self, carries: Carries | None, project: Project) -> list[str]:
        """Of it, what a format has no place for."""
        notes = self._proposed(project)
        if carries is not None and self.absent and carries.absent == UNLABELLED:
            notes.append(
                f"{counted(self.absent, 'landmark')} that somebody has marked as absent, not in "
                "the image, cannot be told from one that nobody has labelled."
            )
        if carries is not None and self.begun and carries.states == NOT_WRITTEN:
            are = counted(self.begun, "complete shape", "complete shapes")
            notes.append(
                f"{are} that nobody has accepted yet cannot be told from accepted ones: csv and "
                "coco have a place for that."
            )
        if carries is not None and self.labellers:
            alone = len(set(self.labellers.values())) == 1
            if carries.people == ONE_PERSON and alone:
                notes.append("When it was labelled is not written.")
            elif carries.people in (NOT_WRITTEN, ONE_PERSON):
                notes.append("Who labelled, and when, is not written.")
                if carries.several != ONE_AN_IMAGE:
                    notes += self._of_several(project)
        if carries is not None and self.scaled and carries.scale == NOT_WRITTEN:
            notes.append("What a pixel measures is not written: tps has a place for that.")
        if carries is not None and self.tracks and carries.tracks == NOT_WRITTEN:
            are = counted(len(self.tracks), "track is", "tracks are")
            notes.append(
                f"{are} not written: sleap, csv, coco and cvat-video have a place for that."
            )
        if carries is not None and self.masks and carries.masks == NOT_WRITTEN:
            are = counted(self.masks, "mask of a region is", "masks of regions are")
            notes.append(
                f"{are} not written: coco, cvat, indexed-png and label-studio have a place for "
                "that."
            )
        return notes

    def _proposed(self, project: Project) -> list[str]:
        found = self.waiting.intersection(project.with_proposals().tolist() if self.waiting else ())
        what = counted(len(found), "instance")
        return [f"What is proposed for {what} is written once it is accepted."] if found else []

    def twice(self, carries: Carries | None, project: Project) -> list[str]:
        """The same of a format that says who labelled: nothing is lost, but programs that do not
        ask for that take each object for two."""
        if carries is None or carries.people in (NOT_WRITTEN, ONE_PERSON):
            return []
        return self._of_several(project) if carries.several != ONE_AN_IMAGE else []

    def _of_several(self, project: Project) -> list[str]:
        """Of objects that several people have labelled."""
        if len(set(self.labellers.values())) < 2:
            return []
        pairs = of_two_people(labelled_twice(project), self.labellers)
        if not pairs:
            return []
        of_each = labels_of_objects(pairs, self.labellers)
        objects = len(set(of_each.values()))
        said = (
            f"{counted(objects, 'pair of shapes is', 'pairs of shapes are')} two people's labels "
            "of one object, as two objects there"
            if len(of_each) == 2 * objects
            else f"{len(of_each):,} shapes are several people's labels of "
            f"{counted(objects, 'object')}, each as an object of its own there"
        )
        return [
            f"{said}: export one person's, or the consensus, or let one label stand (compare page)."
        ]


@dataclass(frozen=True)
class ExportReport:
    """How many instances were written, of how many images. notes: what a person should know;
    losses: those of them that say what the format and the mapping could not carry.

    Left out were: not_accepted, those somebody began and nobody accepted; without_labels;
    not_carried, those that the format has no place for. bare: of those that were written, the ones
    with a box and no landmark. merged: whose labels are in another shape. others: of people whose
    labels were not asked for. images_missing: that are named, and are not where they were.
    """

    instances: int
    images: int
    notes: tuple[str, ...]
    not_accepted: int = 0
    without_labels: int = 0
    not_carried: int = 0
    losses: tuple[str, ...] = ()
    merged: int = 0
    images_missing: int = 0
    bare: int = 0
    others: int = 0


@told
def export_labels(
    project: Project,
    target: Path | str,
    *,
    format: str,
    include_unaccepted: bool = False,
    mapping: Mapping | Path | str | None = None,
    image_ids: Collection[int] | None = None,
    frames: bool = False,
    whose: WhoseLabels = EVERYBODYS,
    naming: ImageNaming | str = MOVABLE,
    progress: Progress = SILENT,
) -> ExportReport:
    """Write the accepted shapes, or with `include_unaccepted` also those in progress.

    target: a file, or a folder for formats that write one file an image. All files are written
    beside their places and put there when the last one is complete. mapping: write the landmarks
    of its sparse scheme instead, also by its name. image_ids: only the instances of these images.
    naming: how the files name images, and which of them are put into the export: `ImageNaming`, or
    one of "movable", "copy", "link", "relative" and "absolute". Labels of the same format that are
    at the target are replaced, whoever wrote them, for nothing here says whose they are: what lies
    beside an export to say that is the data sheet of `export_set`, which replaces its own alone.
    Raises FormatError for an unknown format or a target that cannot be
    written, is the project's own or something else than such labels, DiskFull where there is no
    room.
    """
    card, target = by_name(format), named_target(Path(target))
    mapping, naming = mapping_of(mapping, project.scheme), ImageNaming.of(naming)
    scheme = project.scheme if mapping is None else mapping.sparse
    images = {record.id: record for record in project.images()}
    pixels = project.pixel_sizes()
    streams = card.stream_writer is not None
    taken, left = Taken(project, whose, include_unaccepted), Counter[LeftOut]()
    offered = 0
    among = None if image_ids is None else project.inside(image_ids)
    progress.start("Exporting", project.instance_count() if among is None else len(among))
    made = project.labellings(among)
    tracks = {track.id: track.name for track in project.tracks()}
    said, turned = Said(), TurnedImages()
    own = target / (card.images_in or "images")
    folder = own if card.writes_folder else target.with_name(f"{target.stem}-frames")
    frame_files = FrameFiles(folder, frames)
    image_files = ImageFiles(target, card, naming.how, images.values())
    left_frames = LeftFrames(project)

    def instances() -> Iterator[ExportedInstance]:
        nonlocal offered
        shapes = project.shapes(None, bare=streams, among=among)
        for record, shape, masks in _with_masks(project, shapes, given=mapping is None):
            progress.advance()
            if progress.cancelled():
                raise Cancelled("The export was cancelled.", kept="Nothing was written.")
            why = taken.left_out(record, bool(shape.known.any()))
            if why is not None:
                left[why] += 1
                continue
            offered += 1
            agreed = whose.instead.get(record.id)
            shape = shape if agreed is None else agreed
            shape = shape if mapping is None else mapping.to_sparse(shape)
            image = images[record.image_id]
            source = own_key(project, record)
            label = None if agreed is not None else made.get(record.id)
            together = "" if agreed is None else whose.together
            video = image.frame is not None and is_video(image.path)
            named = card.frames and not frames and video and not is_numbered(image.path)
            sha256 = image.sha256 if image.frame is None else ""
            track = _track_of(record, project, taken) if tracks else None
            gone = None
            if card.frames and track is not None and image.video_id is not None:
                gone = left_frames.after(image.frame or 0, image.video_id, track)
            file = image.path if named else frame_files.file(image)
            if file not in frame_files:
                file = image_files.file(file, sha256)
            exported = ExportedInstance(
                file,
                image.width,
                image.height,
                shape,
                record.box,
                source,
                together if label is None else label.who,
                sha256,
                pixels.of(image.id),
                None if image.frame is None else file if named else image.path,
                image.frame,
                "" if track is None else tracks.get(track, ""),
                None if label is None else label.at,
                masks if agreed is None else {},
                record.state.value if include_unaccepted else "",
                gone,
            )
            said.add(record.id, exported)
            if not card.upright_inside:
                turned.look(image)
            yield exported

    try:
        everything = partial(project.images, excluded=True)
        with _export(target, card) as whole, naming.named(everything):
            written = card.write(target, instances(), scheme)
            if whole is not None:
                refuse_project_files(project, whole.files)
                schemes = (scheme, *(project.schemes() if mapping is None else ()))
                refuse_other_kinds(card, target, whole, schemes)
                whole.put()
    except Cancelled:
        return ExportReport(0, 0, ("Cancelled: nothing was written.",))
    # What has no landmark is what a format has no place for.
    not_carried = offered - written.instances
    bare = max(said.bare - not_carried, 0)
    aside = _aside(left, include_unaccepted, bare, whose, len(frame_files))
    aside += [*image_files.notes(), *said.twice(card.carries, project)]
    unmapped = []
    if mapping is not None and mapping.without_counterpart:
        missing = ", ".join(mapping.without_counterpart)
        unmapped.append(f"{project.scheme.name} has nothing for {missing}: they are unknown.")
    unmapped += said.lost(card.carries, project) + turned.notes()
    return ExportReport(
        instances=written.instances,
        images=written.images,
        notes=(*written.notes, *aside, *unmapped),
        not_accepted=left[LeftOut.NOT_ACCEPTED],
        without_labels=left[LeftOut.UNLABELLED],
        not_carried=not_carried,
        losses=(*written.notes, *unmapped),
        merged=left[LeftOut.MERGED],
        images_missing=image_files.missing + image_files.gone,
        bare=bare,
        others=left[LeftOut.OTHERS],
    )


def _with_masks(
    project: Project, shapes: Iterator[tuple[InstanceRecord, Shape]], *, given: bool
) -> Iterator[tuple[InstanceRecord, Shape, dict[str, RegionMask]]]:
    """Those of some instances at a time: on a server every question is a way there and back.
    given: whether there are to be any."""
    while some := list(islice(shapes, _MASKED_AT_ONCE)):
        masks = dict(project.masks_of([record.id for record, _ in some] if given else []))
        for record, shape in some:
            yield record, shape, masks.get(record.id, {})


def _track_of(record: InstanceRecord, project: Project, taken: Taken) -> int | None:
    """A second opinion has no track of its own: alone, it is what the first one was."""
    if record.track_id is not None or record.second_opinion_on is None:
        return record.track_id
    first = project.instance(record.second_opinion_on)
    return first.track_id if taken.left_out(first) else None


def _aside(
    left: Counter[LeftOut],
    include_unaccepted: bool,
    bare: int,
    whose: WhoseLabels,
    frame_files: int,
) -> list[str]:
    """Sentences on what was left out, and on what was written of which a person may not think.
    bare: with a box and no landmark; frame_files: frames of videos that became files."""
    said = []
    if left_out := left[LeftOut.NOT_ACCEPTED] + left[LeftOut.UNLABELLED]:
        kind = "without labels" if include_unaccepted else "not accepted"
        one, several = f"instance {kind} was left out.", f"instances {kind} were left out."
        said.append(counted(left_out, one, several))
    if bare:
        what = "with a box and no landmark"
        one, several = f"instance {what} was written.", f"instances {what} were written."
        said.append(counted(bare, one, several))
    if whose.said:
        said.append(whose.said)
    if others := left[LeftOut.OTHERS]:
        whose_else = "of the same or other objects by other people"
        one, several = f"label {whose_else} was not taken.", f"labels {whose_else} were not taken."
        said.append(counted(others, one, several))
    if frame_files:
        one = "frame of a video was written as a PNG file."
        several = "frames of videos were written as PNG files."
        said.append(counted(frame_files, one, several))
    return said


def _export(target: Path, card: Format) -> AbstractContextManager[Staging | None]:
    """None where it is a part of a larger one, which puts all parts in place together."""
    return nullcontext() if staging() is not None else staged(root_of(target, card))
