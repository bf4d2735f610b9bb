"""Frames of a video, or pages of an image file, into a project: which ones are worth a label, and
each of them as an image."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from landmark_annotator.projects import exchange
from landmark_annotator.projects.images import IMAGE_SUFFIXES, Frame, ImageFacts
from landmark_annotator.projects.images.source import (
    frame_sha256,
    frames_of,
    holds_frames,
    known_hashes,
    measured,
    video_sha256,
)
from landmark_annotator.projects.store import ImageRecord, Project, Role, VideoRecord
from landmark_annotator.projects.store.journal.frame_actions import is_taken_back
from landmark_annotator.projects.video import (
    VIDEO_SUFFIXES,
    is_numbered,
    is_video,
    numbered_files,
    video_name,
)
from landmark_annotator.projects.vocabulary import SILENT, Box, Progress
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled, ImageError
from landmark_annotator.projects.vocabulary.wording import counted

_LOOKED_AT = 400
"""Frames among which those that differ most are looked for."""
_ROUND = 50
"""Frames on each side of a damaged one among which one is looked for that comes in for it: where
all of these are damaged, it may take long to find another, which shows something else."""
_MOST_OTHERS = 20
"""Files beside the videos of a folder that are looked into for labels."""
_SIDE = 24
"""Pixels along a side of the small pictures by which frames are compared."""


@dataclass(frozen=True)
class FramesChoice:
    """So many frames of the video: those that look least alike, or spread evenly."""

    video: Path
    count: int
    different: bool = True


@dataclass(frozen=True)
class AddedFrames:
    """added: those that the project did not have, or not since undo took them back; known: how
    many it had; total: of the video.
    note: what a person should know of it, else ''."""

    added: tuple[ImageRecord, ...]
    known: int
    total: int
    note: str


def videos_at(path: Path) -> list[Path]:
    """The video that it is, or those of a folder that holds nothing else that could come in, as
    notes do not; none elsewhere."""
    if not path.is_dir():
        return [path] if path.exists() and holds_frames(path) else []
    try:
        inside = sorted(each for each in path.iterdir() if not each.name.startswith("."))
    except OSError:
        return []
    film = {each: is_video(each) and each.is_file() for each in inside}
    videos = [each for each, is_one in film.items() if is_one]
    others = [each for each, is_one in film.items() if not is_one] if videos else []
    if len(others) > _MOST_OTHERS or any(map(_could_come_in, others)):
        return []
    return videos


def _could_come_in(path: Path) -> bool:
    """Whether it is an image, or holds labels, or may hold either."""
    if path.is_dir() or path.suffix.lower() in IMAGE_SUFFIXES:
        return True
    try:
        exchange.sniff(path)
    except ActionableError:
        return False
    return True


def spread_evenly(count: int, total: int) -> list[int]:
    """count of `total` frames, as far apart as can be; all where there are fewer."""
    return sorted({int(n) for n in (np.arange(count) + 0.5) * total / count if n < total})


def most_different(video: Path, count: int, progress: Progress = SILENT) -> list[int]:
    """Frames that look least alike: each next one is the furthest from all before it, among
    hundreds that are spread evenly (Gonzalez 1985, the 2-approximation of the K-center problem).
    Damaged ones are left out.

    Raises ImageError where the file is no video, or all are damaged, Cancelled.
    """
    looked_at = spread_evenly(_LOOKED_AT, frames_of(video).count)
    progress.start("Looking at frames", len(looked_at))
    small, whole = [], []
    for number in looked_at:
        if progress.cancelled():
            raise Cancelled("Looking at frames was stopped.", kept="Nothing was changed.")
        with suppress(ImageError):
            small.append(_small(video, number))
            whole.append(number)
        progress.advance()
    if not small:
        _small(video, looked_at[0])  # which says what is wrong
    features = np.array(small)
    chosen = [int(np.argmin(np.linalg.norm(features - features.mean(axis=0), axis=1)))]
    apart = np.linalg.norm(features - features[chosen[0]], axis=1)
    while len(chosen) < min(count, len(features)):
        chosen.append(int(np.argmax(apart)))
        apart = np.minimum(apart, np.linalg.norm(features - features[chosen[-1]], axis=1))
    return sorted(whole[n] for n in chosen)


def add_chosen_frames(
    folder: Path, choice: FramesChoice, who: str, progress: Progress = SILENT
) -> AddedFrames:
    """Into the project of that folder. Errors as of `most_different` and `add_frames`."""
    numbers = chosen_numbers(choice, progress)
    with Project.open(folder) as project:
        return add_frames(
            project,
            choice.video,
            numbers,
            who=who,
            damaged_too=False,
            or_nearest=True,
            progress=progress,
        )


def chosen_numbers(choice: FramesChoice, progress: Progress = SILENT) -> list[int]:
    """From 0. Errors as of `most_different`."""
    if choice.different:
        return most_different(choice.video, choice.count, progress)
    return spread_evenly(choice.count, frames_of(choice.video).count)


def _small(video: Path, number: int) -> Floats:
    picture = Image.fromarray(Frame(video, number).pixels())
    reduced = picture.resize((_SIDE, _SIDE), Image.Resampling.BOX)
    return np.asarray(reduced, dtype=np.float64).ravel()


def add_frames(
    project: Project,
    video: Path,
    numbers: Sequence[int],
    *,
    who: str,
    whole_images: bool = False,
    damaged_too: bool = True,
    or_nearest: bool = False,
    progress: Progress = SILENT,
) -> AddedFrames:
    """Each with one instance that waits for labels. Stopped, those that were read come in.

    numbers: from 0, in the order in which frames are shown. whole_images: the instance's box is all
    of the frame. damaged_too: whether each of these frames is wanted; else those that cannot be
    decoded are left out, or with or_nearest the nearest ones that can be come in for them. Raises
    ImageError where the file is no video, or a frame that is wanted is not in it or damaged.
    """
    project.refuse_below(who, Role.LEAD, "add images")
    held, videos = frames_of(video), project.videos()
    content = video_sha256(video, known_hashes(video, videos))
    if held.count == 1 and video.suffix.lower() not in VIDEO_SUFFIXES:
        raise ActionableError(
            f"{video.name} holds one image.",
            kept="Nothing was changed.",
            remedy="Photographs come in by annotator import.",
        )
    facts: dict[int, ImageFacts] = {}
    wanted = sorted(set(numbers))
    moved = looked_at = 0
    progress.start("Reading frames", len(wanted))
    for number in wanted:
        if progress.cancelled():
            break
        looked_at += 1
        progress.advance()
        near = _nearest_first(number, wanted, held.count) if or_nearest else (number,)
        try:
            found, facts_there = _first_whole(video, content, near)
        except ImageError:
            if damaged_too or (number == wanted[-1] and not facts):
                raise
            continue
        moved += found != number
        facts[found] = facts_there
    lost = looked_at - len(facts)
    came = f"The nearest one came in for {counted(moved, 'damaged frame')}." if moved else ""
    left_out = f"{counted(lost, 'damaged frame')} left out." if lost else ""
    before, alone = _not_these(videos, video, content), _images_too(project, video, facts)
    note = " ".join(filter(None, (held.note, came, left_out, before, alone)))
    with project.transaction():
        record = project.add_video(video, content, held.rate)
        added = project.add_frames(record.id, facts)
        for image in added:
            box = Box.whole_image(image.width, image.height) if whole_images else None
            project.add_instance(image.id, box, source=f"{video.name}#{image.frame}", who=who)
            measures = None if image.frame is None else facts[image.frame].mm_per_pixel
            if measures is not None:
                project.keep_pixel_size(measures, image.id, who=who)
        back, excluded = _once_there(project, record.id, facts, who)
    if excluded:
        stay = counted(excluded, "frame stays excluded", "frames stay excluded")
        note = f"{note} {stay}.".strip()
    added = sorted([*added, *back], key=lambda image: image.frame or 0)
    return AddedFrames(tuple(added), len(facts) - len(added), held.count, note)


def know_video(project: Project, video: Path) -> VideoRecord:
    """The project has it, without any of its frames. Raises ImageError where it is no video."""
    content = video_sha256(video, known_hashes(video, project.videos()))
    return project.add_video(video, content, frames_of(video).rate)


def _once_there(
    project: Project, video_id: int, numbers: Collection[int], who: str
) -> tuple[list[ImageRecord], int]:
    """Frames that came in by a click and went by undo are there again: they are returned. And how
    many somebody has excluded."""
    images = project.images(excluded=True)
    gone = [i for i in images if i.video_id == video_id and i.excluded and i.frame in numbers]
    back = [image.id for image in gone if is_taken_back(image)]
    if back:
        project.restore(images=back, who=who)
    return [project.image(i) for i in back], len(gone) - len(back)


def _not_these(videos: Sequence[VideoRecord], video: Path, content: str) -> str:
    """A sentence where the project has frames of the folder as it was, else ''."""
    there = video.parent.resolve() / video.name
    if not is_numbered(video) or all(v.path != there or v.sha256 == content for v in videos):
        return ""
    return (
        f"The project also has frames of {video_name(video)} as it was before images came between "
        "those that were there, or were taken away or changed: these frames cannot be shown until "
        "the folder is as it was. Put more images after the last number, or into another folder."
    )


def _images_too(project: Project, video: Path, numbers: Collection[int]) -> str:
    """A sentence where files of these frames are images of the project by themselves, else ''."""
    if not is_numbered(video):
        return ""
    there = {image.path for image in project.images() if image.video_id is None}
    files = numbered_files(video.parent.resolve() / video.name)
    count = sum(files[number] in there for number in numbers)
    if not count:
        return ""
    are, have = ("is an image", "has") if count == 1 else ("are images", "have")
    return (
        f"{count:,} of them {are} of the project too, and {have} labels apart from the video's: "
        "what is labelled there is not followed. In a project that has the frames first, labels "
        "of these files come in as the video's."
    )


def _first_whole(video: Path, content: str, numbers: Iterable[int]) -> tuple[int, ImageFacts]:
    """The first of these frames that can be decoded. content: the video's hash. Raises ImageError
    as of the first one where none can be."""
    failure: ImageError | None = None
    for number in numbers:
        try:
            height, width = Frame(video, number).pixels().shape[:2]
            measures = measured(video, number, content)
        except ImageError as error:
            failure = failure or error
            continue
        return number, ImageFacts(width, height, frame_sha256(content, number), measures)
    assert failure is not None  # there is one number at least
    raise failure


def _nearest_first(number: int, wanted: Sequence[int], total: int) -> Iterator[int]:
    """The frame, then those round it, as long as no other one that is wanted is as near: so none
    comes in for two."""
    apart = min((abs(other - number) for other in wanted if other != number), default=2 * total)
    yield number
    for by in range(1, min((apart + 1) // 2, _ROUND + 1)):
        yield from (near for near in (number + by, number - by) if 0 <= near < total)
