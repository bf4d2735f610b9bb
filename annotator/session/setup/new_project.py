"""Making a project of a folder of images: all of it appears, or nothing does."""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.annotator.session.exchange.label_import import import_labels
from landmark_annotator.annotator.session.setup.drawn_labels import DrawnLabels, label_drawn
from landmark_annotator.annotator.session.setup.import_preview import ImportPreview, add_report
from landmark_annotator.annotator.session.setup.related_images import found_by_itself
from landmark_annotator.annotator.session.setup.video_frames import (
    FramesChoice,
    add_frames,
    chosen_numbers,
    know_video,
    videos_at,
)
from landmark_annotator.projects.exchange import ImportReport
from landmark_annotator.projects.images import IMAGE_SUFFIXES, upright_size
from landmark_annotator.projects.images.source import holds_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import (
    Cancelled,
    FormatError,
    ImageError,
    ProjectError,
    SchemeError,
)
from landmark_annotator.projects.vocabulary.listed_names import listed_names
from landmark_annotator.projects.vocabulary.name_order import by_numbers
from landmark_annotator.projects.vocabulary.scheme_text import scheme_text
from landmark_annotator.projects.vocabulary.sides import partners_by_name


@dataclass(frozen=True)
class NewProject:
    """folder: one that does not exist, or is empty. images: a folder of photographs, or None.
    frames: of videos, which of theirs are to be labelled.
    labels: what was previewed of existing labels. whole_images: the box of an image without
    labels is all of it; otherwise people draw it or place it by two clicks."""

    folder: Path
    name: str
    scheme: Scheme
    images: Path | None = None
    labels: ImportPreview | None = None
    whole_images: bool = False
    frames: Sequence[FramesChoice] = ()
    scheme_file: bool = False
    """Whether the scheme is written into the folder as a file too: it was made for this project."""
    drawn: DrawnLabels | None = None
    """Of the photograph that the scheme was drawn on."""


@dataclass(frozen=True)
class MadeProject:
    """report: what came in, and what did not and why. related: how its images are related, as far
    as is seen."""

    folder: Path
    report: ImportReport
    related: str = ""


def make_project(wanted: NewProject, who: str, progress: Progress) -> MadeProject:
    """Its folder appears under its name only when all is in it.

    Raises ProjectError where the folder holds something or cannot be written, FormatError where
    the images or labels cannot be read, Cancelled. Nothing is left behind then.
    """
    folder = wanted.folder.absolute()
    check_folder(folder)
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        with Project.create(unfinished, wanted.scheme, wanted.name) as project:
            report = _fill(project, wanted, who, progress)
        if wanted.scheme_file:
            file = unfinished / f"scheme_{wanted.scheme.version}.toml"
            file.write_text(scheme_text(wanted.scheme), encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    except OSError as error:
        raise ProjectError(
            f"The project folder {folder} cannot be made: {error.strerror}.",
            kept="Nothing was left behind.",
            remedy="Choose a folder that you may write to, on a disk with room.",
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return MadeProject(folder, report, found_by_itself(folder))


def check_folder(folder: Path) -> None:
    """Raises ProjectError where a project cannot be made there because something is there."""
    if not folder.name:
        raise ProjectError("A project needs a folder.", remedy="Choose a new or an empty one.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectError(
            f"There is something in {folder} already.",
            kept="It was left as it is.",
            remedy="Choose a new or an empty folder.",
        )


def photographs_in(folder: Path) -> int:
    """How many there are, in its subfolders too; none of them is opened."""
    return sum(1 for _ in _photographs(folder))


def first_photograph(folder: Path) -> Path | None:
    """By name, in its subfolders too, or the first of the videos that are there; None where there
    is none. Whatever would not come in as one image by its beginning is passed over for others."""
    videos = videos_at(folder)
    if videos:
        return videos[0]
    first = next(_photographs(folder), None)
    return next((file for file in _photographs(folder) if _comes_in(file)), first)


def _photographs(folder: Path) -> Iterator[Path]:
    """In the order of their names, in its subfolders too, without the hidden ones: as an import
    takes them. A folder is read when its turn comes."""
    for here, folders, names in os.walk(folder):
        seen = (name for name in folders if not name.startswith("."))
        folders[:] = sorted(seen, key=by_numbers)
        for name in sorted(names, key=by_numbers):
            if not name.startswith(".") and Path(name).suffix.lower() in IMAGE_SUFFIXES:
                yield Path(here, name)


def _comes_in(file: Path) -> bool:
    try:
        upright_size(file)
        return not holds_frames(file)
    except ImageError:
        return False


def typed_scheme(name: str, text: str) -> Scheme:
    """A scheme of the names that somebody typed, one a line or with commas between.

    Landmarks whose names differ only in left and right are partners. Raises SchemeError.
    """
    landmarks = listed_names(text)
    if not landmarks:
        raise SchemeError(
            "A scheme needs a landmark.", remedy="Type the names of all, one on each line."
        )
    if not name.strip():
        raise SchemeError("The scheme needs a name.", remedy="Type one, such as leaf.")
    return Scheme(name.strip(), landmarks, partners=partners_by_name(landmarks))


def _fill(project: Project, wanted: NewProject, who: str, progress: Progress) -> ImportReport:
    """Labels first: then an image that has some is not listed a second time without them. Videos
    are known before: files of images that are their frames come in as these."""
    total = ImportReport()
    for choice in wanted.frames:
        know_video(project, choice.video)
    labels = wanted.labels
    if labels is not None:
        for part in labels.parts:
            report = import_labels(
                project,
                part.source,
                who=who,
                format=part.card.name,
                images=part.images,
                progress=progress,
                whole_images=wanted.whole_images,
            )
            _not_stopped(report.cancelled)
            add_report(total, report)
    if wanted.images is not None:
        report = import_labels(
            project,
            wanted.images,
            who=who,
            format="images",
            progress=progress,
            whole_images=wanted.whole_images,
        )
        _not_stopped(report.cancelled)
        if not project.instance_count():
            reasons = [entry.reason for entry in report.unreadable[:1]]
            raise FormatError(
                " ".join([f"{wanted.images} holds no photographs that can be read.", *reasons]),
                kept="Nothing was made.",
                remedy="Choose a folder with images, such as .jpg or .png files.",
            )
        add_report(total, report)
    for choice in wanted.frames:
        numbers = chosen_numbers(choice, progress)
        if wanted.drawn is not None and wanted.drawn.photograph == choice.video:
            numbers = [0, *numbers]  # which was drawn on
        add_frames(
            project,
            choice.video,
            numbers,
            who=who,
            whole_images=wanted.whole_images,
            damaged_too=False,
            or_nearest=True,
            progress=progress,
        )
        _not_stopped(progress.cancelled())
    if wanted.drawn is not None:
        label_drawn(project, wanted.drawn, who)
    return total


def _not_stopped(cancelled: bool) -> None:
    if cancelled:
        raise Cancelled("The project was not made: you stopped it.", kept="Nothing was left.")
