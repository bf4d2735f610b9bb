"""What an export would do, found out before anything is written."""

import os
from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.annotator.session.exchange.export_choice import (
    ExportChoice,
    export_as_chosen,
)
from landmark_annotator.projects.exchange import by_name
from landmark_annotator.projects.exchange.codecs.common.staging import rehearsal
from landmark_annotator.projects.exchange.transfer.export_place import named_target, sheet_of
from landmark_annotator.projects.exchange.transfer.export_set import SetReport
from landmark_annotator.projects.exchange.transfer.former_export import (
    FormerExport,
    refuse_project_files,
)
from landmark_annotator.projects.images import IMAGE_SUFFIXES
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import Cancelled, FormatError


@dataclass(frozen=True)
class ExportPreview:
    """report: what would be written and lost. total: instances of the project. files: what would
    be written; replaced: those of them that are there, from an earlier export."""

    choice: ExportChoice
    report: SetReport
    total: int
    files: tuple[Path, ...]
    replaced: tuple[Path, ...]

    @property
    def left_out(self) -> int:
        return self.total - self.report.instances - self.report.merged


def preview_export(folder: Path, choice: ExportChoice, progress: Progress) -> ExportPreview:
    """The export itself, of the project in `folder`, with nothing written.

    Raises what `export_as_chosen` does, FormatError where something else stands at the target,
    Cancelled.
    """
    _refuse_unreachable(choice)
    with Project.open(folder, read_only=True) as project, rehearsal() as files:
        report = export_as_chosen(project, choice, progress)
        total = project.instance_count()
        if report.sheet is None:
            raise Cancelled("Looking at the export was stopped.", kept="Nothing was written.")
        refuse_project_files(project, files)
    former = FormerExport.at(sheet_of(named_target(choice.target), choice.format))
    former.refuse_foreign(project, choice.format, report.files.values(), files)
    # Copies of images are compared when they are written: a look does not read all of them.
    labels = [file for file in files if file.suffix not in IMAGE_SUFFIXES]
    former.refuse_changed(by_name(choice.format), labels)
    replaced = tuple(file for file in files if file.exists())
    return ExportPreview(choice, report, total, tuple(files), replaced)


def export_previewed(folder: Path, seen: ExportPreview, progress: Progress) -> SetReport:
    """What was previewed, of the project as it is now. Errors as of `preview_export`."""
    with Project.open(folder, read_only=True) as project:
        report = export_as_chosen(project, seen.choice, progress)
    if report.sheet is None:
        raise Cancelled("The export was stopped.", kept="Nothing was written.")
    return report


def _refuse_unreachable(choice: ExportChoice) -> None:
    """What only writing would find. Folders are made, but not for a file."""
    target = choice.target
    folder = by_name(choice.format).writes_folder
    if target.exists() and target.is_dir() != folder:
        raise FormatError(
            f"{target} is {'no folder' if folder else 'a folder'}.",
            kept="Nothing was written.",
            remedy=f"Choose {'a folder' if folder else 'a file'}.",
        )
    there = target.parent
    if folder:
        there = next(parent for parent in (target, *target.parents) if parent.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise FormatError(
            f"Nothing can be written into {there}.",
            kept="Nothing was written.",
            remedy="Choose a folder that exists and that you may write to.",
        )
