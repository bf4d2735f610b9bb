"""What an import would do, found out before anything is written."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from landmark_annotator.annotator.session.exchange import label_import
from landmark_annotator.projects import exchange
from landmark_annotator.projects.exchange import Format, ImportReport
from landmark_annotator.projects.exchange.mapping import built_in_mappings
from landmark_annotator.projects.images import IMAGE_SUFFIXES
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import Cancelled, FormatError, SchemeError


@dataclass(frozen=True)
class ImportChoice:
    """What a person says of labels. mapping: what other landmarks they have, by the name of a
    built-in mapping or the path of one. images: the folder that image names start from.
    annotator: whose rows of a table with several to take; they count as theirs. proposals: they
    are predictions, which a person confirms first."""

    mapping: str | None = None
    images: Path | None = None
    annotator: str | None = None
    proposals: bool = False


USUAL = ImportChoice()


@dataclass(frozen=True)
class Part:
    """One of the sources: the format that it was found to be in, and where its images are; None
    where that is its own."""

    source: Path
    card: Format
    images: Path | None


@dataclass(frozen=True)
class ImportPreview:
    """report: what would happen, for all parts together."""

    parts: tuple[Part, ...]
    report: ImportReport
    choice: ImportChoice = USUAL

    @property
    def usable(self) -> int:
        """Instances that the project would have after it, of those in the sources."""
        report = self.report
        there = report.unchanged + report.differing + report.masked
        return report.added + report.filled + there


def fitting_mappings(scheme: Scheme) -> dict[str, int]:
    """Built-in mappings from this scheme: how many landmarks each has, by name."""
    found = {}
    for name in built_in_mappings():
        try:
            found[name] = len(exchange.mapping_for(name, scheme).sparse)
        except SchemeError:
            continue
    return found


def preview_of_new(
    source: Path, scheme: Scheme, images: Path | None, progress: Progress
) -> ImportPreview:
    """For a project of this scheme that does not exist yet. images: a folder to look for the
    images in, where they are not beside the labels, or a video: the labels may be in its folder,
    or of its frames without a name of it.

    Raises FormatError where nothing can be read, Cancelled.
    """
    places = [None, images]
    if images is not None and images.is_file():
        places = [None, images.parent, images]
    seen, failed = list[ImportPreview](), list[FormatError]()
    with (
        tempfile.TemporaryDirectory(prefix="annotator-preview-") as passing,
        Project.create(Path(passing) / "preview", scheme) as project,
    ):
        for place in dict.fromkeys(places):
            try:
                found = _preview(project, [source], replace(USUAL, images=place), progress)
            except FormatError as error:  # as of a format whose images are always beside it
                failed.append(error)
                continue
            if found.usable:
                return found
            seen.append(found)
    if not seen:
        raise failed[0]
    return seen[0]


def survey_of(images: Path, progress: Progress) -> ImportReport:
    """What of a folder of images would come into a new project, and why the rest would not.

    Every image is decoded. Raises Cancelled.
    """
    with (
        tempfile.TemporaryDirectory(prefix="annotator-preview-") as passing,
        Project.create(Path(passing) / "preview", Scheme("any", ("one", "other"))) as project,
    ):
        report = label_import.import_labels(
            project, images, who="preview", format="images", progress=progress, dry_run=True
        )
    if report.cancelled:
        raise Cancelled("Looking at the images was stopped.", kept="Nothing was written.")
    return report


def preview_of_open(
    folder: Path, sources: Sequence[Path], choice: ImportChoice, progress: Progress
) -> ImportPreview:
    """For the project in `folder`, which another connection may have open.

    Raises FormatError where nothing can be read, SchemeError where the mapping does not fit,
    Cancelled.
    """
    with Project.open(folder, read_only=True) as project:
        if not choice.proposals:
            return _preview(project, without_companions(sources), choice, progress)
        scheme = project.scheme
    # Proposals are stored as they are read, so they are read into a project of their own.
    with (
        tempfile.TemporaryDirectory(prefix="annotator-preview-") as passing,
        Project.create(Path(passing) / "preview", scheme) as project,
    ):
        return _preview(project, without_companions(sources), choice, progress)


def without_companions(sources: Sequence[Path]) -> list[Path]:
    """Label files first, and no image that one of them brings along as the one of its name."""
    labels = [path for path in sources if path.suffix.lower() not in IMAGE_SUFFIXES]
    named = {path.with_suffix("") for path in labels if path.is_file()}
    images = [path for path in sources if path not in labels]
    return labels + [path for path in images if path.with_suffix("") not in named]


def import_previewed(
    folder: Path, seen: ImportPreview, who: str, progress: Progress
) -> ImportReport:
    """What was previewed, into the project in `folder`; stopped, what is done is kept."""
    total = ImportReport()
    with Project.open(folder) as project:
        for part in seen.parts:
            add_report(total, _import(project, part, seen.choice, who, progress, dry_run=False))
            if total.cancelled:
                break
    return total


def _preview(
    project: Project, sources: Sequence[Path], choice: ImportChoice, progress: Progress
) -> ImportPreview:
    parts = tuple(Part(path, exchange.sniff(path), choice.images) for path in sources)
    total = ImportReport()
    for part in parts:
        add_report(total, _import(project, part, choice, "preview", progress, dry_run=True))
        if total.cancelled:
            raise Cancelled("Looking at the labels was stopped.", kept="Nothing was written.")
    return ImportPreview(parts, total, choice)


def _import(
    project: Project,
    part: Part,
    choice: ImportChoice,
    who: str,
    progress: Progress,
    *,
    dry_run: bool,
) -> ImportReport:
    mapping = choice.mapping and exchange.mapping_for(choice.mapping, project.scheme)
    if choice.proposals:
        proposed = label_import.import_proposals(
            project,
            part.source,
            who=who,
            format=part.card.name,
            images=part.images,
            mapping=mapping or None,
            progress=progress,
        )
        return ImportReport(
            added=proposed.proposed + proposed.boxes,
            labelled=proposed.proposed,
            images_added=proposed.images_added,
            unreadable=proposed.unreadable,
            notes=proposed.notes,
            cancelled=proposed.cancelled,
        )
    return label_import.import_labels(
        project,
        part.source,
        who=choice.annotator or who,
        format=part.card.name,
        images=part.images,
        annotator=choice.annotator,
        mapping=mapping or None,
        progress=progress,
        dry_run=dry_run,
        by=who,
    )


def add_report(total: ImportReport, report: ImportReport) -> None:
    """Into `total`; what was left out, and a note, is said once."""
    for one in fields(ImportReport):
        new = getattr(report, one.name)
        if one.name in ("notes", "unreadable", "copies"):
            told = getattr(total, one.name)
            told += [entry for entry in new if entry not in told]
        elif one.name == "cancelled":
            total.cancelled |= new
        else:
            setattr(total, one.name, getattr(total, one.name) + new)
