"""What an import would do, found out before anything is written."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from projects import exchange
from projects.exchange import Format, ImportReport
from projects.store import Project
from projects.vocabulary import Progress, Scheme
from projects.vocabulary.errors import Cancelled, FormatError


@dataclass(frozen=True)
class ImportPreview:
    """card: the format that the source was found to be in. images: the folder that image names
    were taken to start from; None where that is the source's own. report: what would happen."""

    source: Path
    card: Format
    images: Path | None
    report: ImportReport

    @property
    def usable(self) -> int:
        """Instances that the project would have after it, of those in the source."""
        report = self.report
        return report.added + report.filled + report.unchanged + report.differing


def preview_of_new(
    source: Path, scheme: Scheme, images: Path | None, progress: Progress
) -> ImportPreview:
    """For a project of this scheme that does not exist yet.

    Raises FormatError where nothing can be read, Cancelled.
    """
    with (
        tempfile.TemporaryDirectory(prefix="annotator-preview-") as passing,
        Project.create(Path(passing) / "preview", scheme) as project,
    ):
        return preview(project, source, images, progress)


def preview_of_open(folder: Path, source: Path, progress: Progress) -> ImportPreview:
    """For the project in `folder`, which another connection may have open.

    Raises FormatError where nothing can be read, Cancelled.
    """
    with Project.open(folder, read_only=True) as project:
        return preview(project, source, None, progress)


def preview(
    project: Project, source: Path, images: Path | None, progress: Progress
) -> ImportPreview:
    """images: a folder to look for the images in, where they are not beside the labels."""
    card = exchange.sniff(source)
    found = _dry_run(project, source, card, None, progress)
    if found.usable == 0 and images is not None:
        try:
            there = _dry_run(project, source, card, images, progress)
        except FormatError:  # a format whose images are always beside it
            return found
        return there if there.usable else found
    return found


def _dry_run(
    project: Project, source: Path, card: Format, images: Path | None, progress: Progress
) -> ImportPreview:
    report = exchange.import_labels(
        project,
        source,
        who="preview",
        format=card.name,
        images=images,
        progress=progress,
        dry_run=True,
    )
    if report.cancelled:
        raise Cancelled("Looking at the labels was stopped.", kept="Nothing was written.")
    return ImportPreview(source, card, images, report)


def import_previewed(
    folder: Path, seen: ImportPreview, who: str, progress: Progress
) -> ImportReport:
    """What was previewed, into the project in `folder`; stopped, what is done is kept."""
    with Project.open(folder) as project:
        return exchange.import_labels(
            project,
            seen.source,
            who=who,
            format=seen.card.name,
            images=seen.images,
            progress=progress,
        )
