"""A whole data set: an export, in parts where it is split, and the data sheet beside it."""

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Mapping as Table
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.staging import (
    Staging,
    at_once,
    rehearsed,
    staged,
)
from landmark_annotator.projects.exchange.format_card import Format
from landmark_annotator.projects.exchange.mapping import Mapping, mapping_of
from landmark_annotator.projects.exchange.registry import by_name
from landmark_annotator.projects.exchange.splits import BY_FOLDER, Split
from landmark_annotator.projects.exchange.transfer.data_sheet import (
    write_data_sheet,
)
from landmark_annotator.projects.exchange.transfer.export_labels import (
    ExportReport,
    export_labels,
)
from landmark_annotator.projects.exchange.transfer.export_place import (
    named_target,
    refuse_missing_folder,
    root_of,
    sheet_of,
)
from landmark_annotator.projects.exchange.transfer.former_export import (
    FormerExport,
    foreign_beside,
    listed,
    named_beside,
    project_images,
    refuse_project_files,
)
from landmark_annotator.projects.exchange.transfer.image_files import MOVABLE, ImageNaming
from landmark_annotator.projects.exchange.transfer.whose_labels import EVERYBODYS, WhoseLabels
from landmark_annotator.projects.groups import Grouping, project_groups
from landmark_annotator.projects.images.comparison import Comparison, State
from landmark_annotator.projects.images.source import has_changed
from landmark_annotator.projects.store import ImageRecord, Project, read_at_once
from landmark_annotator.projects.store.safety.checking import refuse_damaged
from landmark_annotator.projects.vocabulary import SILENT, Progress
from landmark_annotator.projects.vocabulary.arguments import told
from landmark_annotator.projects.vocabulary.errors import DiskFull, FormatError
from landmark_annotator.projects.vocabulary.wording import counted

_LEFT_OUT = ("image was left out: its file holds", "images were left out: their files hold")
WHOLE = "all"
"""The name of the only part of an export that is not split."""


@dataclass(frozen=True)
class SetReport:
    """parts and files by the name of the part; `WHOLE` where it was not split. notes: what could
    not be carried, and parts that hold nothing. sheet: None where the export was cancelled."""

    parts: Table[str, ExportReport]
    files: Table[str, Path]
    notes: tuple[str, ...]
    sheet: Path | None

    @property
    def instances(self) -> int:
        return sum(part.instances for part in self.parts.values())

    @property
    def merged(self) -> int:
        return sum(part.merged for part in self.parts.values())

    @property
    def bare(self) -> int:
        return sum(part.bare for part in self.parts.values())

    @property
    def others(self) -> int:
        return sum(part.others for part in self.parts.values())

    @property
    def images_missing(self) -> int:
        return sum(part.images_missing for part in self.parts.values())

    @property
    def not_accepted(self) -> int:
        return sum(part.not_accepted for part in self.parts.values())

    @property
    def without_labels(self) -> int:
        return sum(part.without_labels for part in self.parts.values())

    @property
    def losses(self) -> tuple[str, ...]:
        """Each of them once, or after the name of the part that it is of."""
        return tuple(_of_parts({name: part.losses for name, part in self.parts.items()}))

    @property
    def not_carried(self) -> int:
        return sum(part.not_carried for part in self.parts.values())

    @property
    def images(self) -> int:
        return sum(part.images for part in self.parts.values())


@told
@read_at_once
def export_set(
    project: Project,
    target: Path | str,
    *,
    format: str,
    split: Split | str | Sequence[int] | None = None,
    mapping: Mapping | Path | str | None = None,
    include_unaccepted: bool = False,
    frames: bool = False,
    whose: WhoseLabels = EVERYBODYS,
    naming: ImageNaming | str = MOVABLE,
    progress: Progress = SILENT,
) -> SetReport:
    """As `export_labels`, with a data sheet beside it, which comes last.

    What an earlier export to the same place left and this one does not have is removed; files of
    other origin are kept, and the export is refused where it would go over one. Instances whose
    image file now holds another picture are left out. Raises ProjectError where the project's
    database is damaged, and FormatError before anything is read where there is no folder for it.

    split: also as "80/10/10"; mapping: also as `mapping_for` takes it; naming: also by one word.
    With a split, faces.json becomes faces-train.json and so on; a folder gets one folder a part.
    """
    card, target = by_name(format), named_target(Path(target))
    split = None if split is None else Split.of(split)
    mapping, naming = mapping_of(mapping, project.scheme), ImageNaming.of(naming)
    # A folder could be made in one that is made for it, but its data sheet lies beside it, and
    # would be missed when all else is written.
    refuse_missing_folder(target)
    files = _files(target, card, split)
    changed: Collection[int] = ()
    if rehearsed() is None:
        progress.start("Checking the project", None)
        refuse_damaged(project)
        changed = _changed_images(project)
    # Of all images: when one is excluded, no other goes from one part to another.
    parts = grouping = None
    if split is not None:
        # Without a pattern of its own a split goes by what the project knows.
        grouping = project_groups(project) if split.group is None else None
        leaders = None if grouping is None else grouping.leaders
        images = project.images(excluded=True)
        split.check_fits(images)
        parts = split.parts(images, leaders)
    reports: dict[str, ExportReport] = {}
    sheet = sheet_of(target, format)
    with staged(root_of(target, card)) as export:
        for name, file in files.items():
            wanted = None if parts is None else {i for i, part in parts.items() if part == name}
            if changed:
                if wanted is None:
                    wanted = {image.id for image in project.images()}
                wanted -= set(changed)
            reports[name] = export_labels(
                project,
                file,
                format=format,
                include_unaccepted=include_unaccepted,
                mapping=mapping,
                image_ids=wanted,
                frames=frames,
                whose=whose,
                naming=naming,
                progress=progress,
            )
            if progress.cancelled():
                return SetReport(reports, files, (), None)
        notes = _of_parts({name: report.notes for name, report in reports.items()})
        if changed:
            notes.append(
                f"{counted(len(changed), *_LEFT_OUT)} another picture than was labelled. "
                "`annotator check` says which."
            )
        if split is not None:
            empty = [name for name, report in reports.items() if not report.instances]
            notes += [f"The part {name} is empty." for name in empty]
            notes += _why_empty(split, empty, images, leaders)
        written: Table[str, str] = {}
        if rehearsed() is None:
            former, beside = FormerExport.at(sheet), named_beside(sheet)
            written = listed(export, former, beside)
            notes += _put(project, export, former, beside, format, files, written)
    with _whole_but_for_the_sheet():
        write_data_sheet(
            project,
            target,
            files,
            format=format,
            mapping=mapping,
            parts=parts,
            split=None if split is None else _in_words(split, grouping),
            include_unaccepted=include_unaccepted,
            whose=whose,
            notes=notes,
            written=written,
            changed=changed,
        )
    return SetReport(reports, files, tuple(notes), sheet)


@contextmanager
def _whole_but_for_the_sheet() -> Iterator[None]:
    try:
        yield
    except (DiskFull, FormatError) as error:
        kept = "The labels are written whole; what is missing is their description, the data sheet."
        raise type(error)(error.happened, kept=kept, remedy=error.remedy) from error


def _of_parts(notes: Table[str, Sequence[str]]) -> list[str]:
    """What is to be told of all parts, once; what is of one of them, or counts, after its name."""

    def told(name: str, note: str) -> str:
        of_all = all(note in others for others in notes.values())
        counts = any(letter.isdigit() for letter in note)
        return note if len(notes) == 1 or (of_all and not counts) else f"{name}: {note}"

    each = (told(name, note) for name, said in notes.items() for note in said)
    return list(dict.fromkeys(each))


def _why_empty(
    split: Split,
    empty: Sequence[str],
    images: Sequence[ImageRecord],
    leaders: Table[int, int] | None,
) -> list[str]:
    """What can be done where a part has nothing of a project that is not empty."""
    groups, parts = len(split.groups(images, leaders)), sum(share > 0 for share in split.shares)
    if not empty or not images or groups >= parts:
        return []
    return [
        "A split keeps together what is related, as the frames of one video are: of this project "
        f"that is {counted(groups, 'group')} for {parts} parts. Images of more videos, or of other "
        "objects, fill the rest."
    ]


def _changed_images(project: Project) -> set[int]:
    """Those whose file is there and is not what was labelled, and frames of such videos."""
    comparison, images = Comparison(project.folder), project.images()
    framed = {image.video_id for image in images}
    videos = {v.id for v in project.videos() if v.id in framed and has_changed(v)}
    return {
        image.id
        for image in images
        if image.video_id in videos
        or (image.frame is None and comparison.state(image) is State.CHANGED)
    }


def _put(
    project: Project,
    export: Staging,
    former: FormerExport,
    beside: Collection[Path],
    format: str,
    files: Table[str, Path],
    written: Table[str, str],
) -> list[str]:
    """All files to their places, and those of the export before it away; what to tell of it.
    beside: files of other exports there.

    The data sheet comes after that: until then another stands there that says what is missing.
    Raises FormatError where the export would go over what is not its own.
    """
    new = [export.root / name for name in export.written]
    places = [*new, former.sheet, former.sheet.with_suffix(".json")]
    refuse_project_files(project, places)
    former.refuse_foreign(project, format, files.values(), places)
    former.refuse_changed(by_name(format), new)
    images = project_images(project)
    with at_once():
        former.begin(project, format, files, written)
    export.put()
    former.remove_leftovers(export, images.union(beside))
    return foreign_beside(export, files.values(), images)


def _files(target: Path, card: Format, split: Split | None) -> dict[str, Path]:
    if split is None:
        return {WHOLE: target}
    if card.writes_folder:
        return {name: target / name for name in split.names}
    suffix = card.suffix if target.name.endswith(card.suffix) else target.suffix
    stem = target.name.removesuffix(suffix)
    return {name: target.with_name(f"{stem}-{name}{suffix}") for name in split.names}


def _in_words(split: Split, grouping: Grouping | None) -> str:
    shares = ", ".join(f"{n} {s} %" for n, s in zip(split.names, split.shares, strict=True))
    if grouping is not None and grouping.related:
        ways = ", ".join(finding.why for finding in grouping.findings)
        groups = f"images that are related stay together, by {ways}"
    elif split.group is None:
        groups = "frames of a video stay together"
    elif split.group == BY_FOLDER:
        groups = "images of a folder stay together, and frames of a video"
    else:
        groups = f'images whose path agrees in "{split.group}" stay together, and frames of a video'
    return f"{shares}; seed {split.seed}; even in each folder; {groups}"
