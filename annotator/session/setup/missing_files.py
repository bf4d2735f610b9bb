"""Photographs and videos that are no longer where the project knows them, found again elsewhere by
their content, whatever they are called there."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.annotator.session.reports.sources import ImageSource, image_sources
from landmark_annotator.projects.images import Elsewhere, Frame, ImageFacts
from landmark_annotator.projects.images.facts import sha256_of
from landmark_annotator.projects.images.source import video_sha256
from landmark_annotator.projects.remote import address_of, fetching, place_of, shown
from landmark_annotator.projects.remote.listing import named_by
from landmark_annotator.projects.store import ImageRecord, Project
from landmark_annotator.projects.video import is_numbered, numbered_files
from landmark_annotator.projects.vocabulary import SILENT, Progress
from landmark_annotator.projects.vocabulary.errors import ActionableError, ImageError, NotConfirmed
from landmark_annotator.projects.vocabulary.wording import counted


@dataclass(frozen=True)
class MissingFile:
    """video: whether it is one, of which frames are labelled."""

    path: Path
    sha256: str
    video: bool
    facts: ImageFacts
    frame_rate: float | None = None


@dataclass(frozen=True)
class Located:
    """found: where each is now. missing: those that are nowhere there either. here: whether that is
    said of this machine alone. unasked: as of `unasked_sources`."""

    found: tuple[tuple[MissingFile, Path], ...]
    missing: tuple[MissingFile, ...]
    here: bool = False
    unasked: tuple[ImageSource, ...] = ()


def missing_files(project: Project) -> list[MissingFile]:
    """In the project's order; one for a video, however many of its frames are labelled. Of images
    elsewhere their servers are asked; those of sources that nobody has confirmed are not."""
    found = [
        MissingFile(v.path, v.sha256, True, ImageFacts(0, 0, v.sha256), v.frame_rate)
        for v in project.videos()
        if not Frame(v.path, 0).is_there()
    ]
    for image in project.images(excluded=True):
        if image.frame is None and not _is_there(image):
            facts = ImageFacts(image.width, image.height, image.sha256)
            found.append(MissingFile(image.path, image.sha256, False, facts))
    return found


def unasked_sources(project: Project) -> tuple[ImageSource, ...]:
    """Of whose images `missing_files` says nothing: nobody has confirmed on this machine that they
    may be asked."""
    return tuple(source for source in image_sources(project) if not source.confirmed)


def unasked_told(sources: Sequence[ImageSource]) -> str:
    """A line for each: else it looks as if all were where it was."""
    return "\n".join(
        f"Whether {counted(source.images, 'image')} of {source.name} "
        f"{'is' if source.images == 1 else 'are'} there was not asked: nobody has confirmed that "
        "source on this machine."
        for source in sources
    )


def _is_there(image: ImageRecord) -> bool:
    if image.address is None:
        return os.path.isfile(image.path)  # noqa: PTH113
    try:
        fetching.stamp(image.address)
    except NotConfirmed:
        return True
    except ImageError:
        return False
    return True


def told(missing: Sequence[MissingFile]) -> str:
    """By the folders in which they were: "3 videos of /exp are missing"."""
    folders = defaultdict[Path, list[MissingFile]](list)
    for file in missing:
        folders[file.path.parent].append(file)
    sentences = []
    for folder, files in folders.items():
        videos = sum(file.video for file in files)
        counts = [(videos, "video"), (len(files) - videos, "image")]
        what = " and ".join(counted(n, noun) for n, noun in counts if n)
        where = shown(folder)
        sentences.append(f"{what} of {where} {'is' if len(files) == 1 else 'are'} missing.")
    return "\n".join(sentences)


def found_told(done: Located) -> str:
    """How many, and for whom they are where they were found."""
    said = f"{counted(len(done.found), 'file')} found again."
    if not done.here or not done.found:
        return said
    one = len(done.found) == 1
    return (
        f"{said} This machine looks for {'it' if one else 'them'} there from now on; for everybody "
        f"else {'it is' if one else 'they are'} where {'it was' if one else 'they were'}."
    )


def locate(
    project: Project,
    folders: Sequence[Path],
    progress: Progress = SILENT,
    *,
    for_everybody: bool = False,
) -> Located:
    """Look for what is missing in these folders and below them; what is found is stored. A folder
    may be an address (see `place_of`). for_everybody: in a shared project, whose people may have
    the same images elsewhere each, that they were moved for all of them; else it is said of this
    machine alone, which everybody may.

    Files of the same name first, then all others of the same kind: a renamed file is found too.
    Raises ActionableError where a folder is none.
    """
    for folder in folders:
        if address_of(folder) is None and not folder.is_dir():
            raise ActionableError(
                f"{folder} is no folder.",
                kept="Nothing was changed.",
                remedy="Name the folder that the files are in now, or one above it.",
            )
    # An address is the same one on all machines.
    everywhere = for_everybody or any(address_of(folder) is not None for folder in folders)
    here = project.shared and not everywhere
    with nullcontext() if here else project.as_everybody():
        missing, places = _looked_for(project, folders, progress)
        found = tuple((file, places[file.sha256]) for file in missing if file.sha256 in places)
        if not here:
            _move(project, found)
        elif found:
            project.say_places({file.sha256: path for file, path in found})
    gone = tuple(file for file in missing if file.sha256 not in places)
    return Located(found, gone, here, unasked_sources(project))


def _looked_for(
    project: Project, folders: Sequence[Path], progress: Progress
) -> tuple[list[MissingFile], dict[str, Path]]:
    """All that is missing, and where what was found is, by its content."""
    missing = missing_files(project)
    wanted = {file.sha256: file for file in missing}
    places = dict[str, Path]()
    for path in _candidates(missing, folders, progress):
        if wanted.keys() <= places.keys() or progress.cancelled():
            break
        try:
            content = _content(path, wanted)
            places.setdefault(content, path)
        except ActionableError:
            continue  # what cannot be read is not it
    return missing, places


def _move(project: Project, found: Sequence[tuple[MissingFile, Path]]) -> None:
    with project.transaction():
        for file, path in found:
            if file.video:
                project.add_video(path, file.sha256, file.frame_rate)
            else:
                project.add_image(path, file.facts, moved=True)


def _content(path: Path, wanted: Collection[str]) -> str:
    if (address := address_of(path)) is not None:
        return Elsewhere(address).sha256()
    return video_sha256(path, wanted) if is_numbered(path) else sha256_of(path)


def _candidates(
    missing: Sequence[MissingFile], folders: Sequence[Path], progress: Progress
) -> Iterator[Path]:
    """Those of a missing file's name, then those of its suffix."""
    names = {file.path.name.lower() for file in missing}
    suffixes = {file.path.suffix.lower() for file in missing}
    progress.start("Looking for files", None)
    alike, others = list[Path](), list[Path]()
    for folder in folders:
        if (address := address_of(folder)) is not None:
            there = [place_of(one) for one in named_by(address)]
            alike += [file for file in there if file.name.lower() in names]
            continue
        for where, below, files in os.walk(folder):
            below.sort()
            rows = (Path(where, file.path.name) for file in missing if is_numbered(file.path))
            alike += [row for row in rows if numbered_files(row)]
            for name in sorted(files):
                path = Path(where, name)
                if name.lower() in names:
                    alike.append(path)
                elif path.suffix.lower() in suffixes:
                    others.append(path)
    progress.start("Comparing files", len(alike) + len(others))
    for path in (*alike, *others):
        progress.advance(note=path.name)
        yield path
