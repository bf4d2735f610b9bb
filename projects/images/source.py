"""A photograph as a thing that is opened, whatever it is stored as.

That is a file of its own, a `Still`, a file at an address, an `Elsewhere`, or a `Frame` of a video
or page of a TIFF. Who asks `source_of` for pixels does not change with what it gives.
"""

import hashlib
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from landmark_annotator.projects.images.decoding import (
    IMAGE_SUFFIXES,
    page_count,
    pixel_size,
    read_pixels,
)
from landmark_annotator.projects.images.elsewhere import Elsewhere
from landmark_annotator.projects.images.facts import ImageFacts, examine, sha256_of
from landmark_annotator.projects.images.kept_frames import frames
from landmark_annotator.projects.remote import address_of
from landmark_annotator.projects.video import is_numbered, is_video, numbered_files
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError


class Source(Protocol):
    """A small value that can be pickled: worker processes open it themselves.

    What opens it raises ImageError where there is no image, or a damaged one.
    """

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def file(self) -> Path | None:
        """The file that holds this image alone, for programs that read files; else None."""
        ...

    def is_there(self) -> bool:
        """Whether there is something to open; asks no more than that."""
        ...

    def pixels(self) -> Pixels:
        """(height, width, 3) RGB, upright; see `read_pixels`."""
        ...

    def facts(self) -> ImageFacts:
        """What a project remembers of it. Decodes it once."""
        ...

    def sha256(self) -> str:
        """The hash of its content, without decoding it."""
        ...


_SOON = 4
"""Frames behind a key frame that are decoded while nobody waits."""


@dataclass(frozen=True)
class Still:
    """An image file. labelled: the hash of what was labelled in it; another content is refused."""

    path: Path
    labelled: str | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def file(self) -> Path | None:
        return self.path

    def is_there(self) -> bool:
        return os.path.isfile(self.path)  # noqa: PTH113 - Path's own raises on long names

    def pixels(self) -> Pixels:
        refuse_another(self)
        return read_pixels(self.path)

    def facts(self) -> ImageFacts:
        return examine(self.path)

    def sha256(self) -> str:
        return sha256_of(self.path)


@dataclass(frozen=True)
class Frame:
    """A frame of a video, in the order in which frames are shown, or a page of an image file that
    holds several (TIFF); counted from 0. labelled: as of a `Still`."""

    path: Path
    number: int
    labelled: str | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        return frame_name(self.path.name, self.number)

    @property
    def file(self) -> Path | None:
        return None

    def is_there(self) -> bool:
        if is_numbered(self.path):
            return bool(numbered_files(self.path))
        return os.path.isfile(self.path)  # noqa: PTH113 - Path's own raises on long names

    def pixels(self) -> Pixels:
        refuse_another(self)
        if not is_video(self.path):
            return read_pixels(self.path, self.number)
        return frames.pixels(self.path, self.number)

    def facts(self) -> ImageFacts:
        height, width = self.pixels().shape[:2]
        measures = measured(self.path, self.number, video_sha256(self.path))
        return ImageFacts(width, height, self.sha256(), measures)

    def sha256(self) -> str:
        """Of the video's hash and the frame's number."""
        return frame_sha256(video_sha256(self.path), self.number)


def refuse_another(source: Still | Frame) -> None:
    """Raises ImageError where there is a file whose content is not what was labelled."""
    if source.labelled is None or not source.is_there() or source.sha256() == source.labelled:
        return
    if isinstance(source, Frame) and is_numbered(source.path):
        if _was_begun(source.path, *_stamp(source.path), source.number, source.labelled):
            return
        raise ImageError(
            f"The images in {source.path.parent} are not those that were added: some came between "
            "them, or were taken away or changed, so nobody knows which one is frame "
            f"{source.number:,}.",
            kept="What was labelled in it is kept as it was, for the images as they were.",
            remedy="Put the folder back as it was, and more images after the last number or into "
            "another folder.",
        )
    raise ImageError(
        f"The image {source.path} is not the one that was added: its content has changed.",
        kept="What was labelled in it is kept as it was, for the image as it was.",
        remedy="Put the original file back, or exclude the image and add the new one under another "
        "name.",
    )


def frame_sha256(video: str, number: int) -> str:
    """Of a frame, by the hash of its video."""
    return hashlib.sha256(f"{video} frame {number}".encode()).hexdigest()


def video_sha256(path: Path, known: Collection[str] = ()) -> str:
    """As `sha256_of`, once while the file stays as it is: videos are large.

    known: hashes by which videos are known already. A folder of numbered images to which more were
    added after the last one is still the video that it was, and keeps the newest of these.
    """
    try:
        stamp = _stamp(path)
    except OSError:
        return sha256_of(path)  # which says what is wrong
    *earlier, own = _contents(path, *stamp)
    begun = () if own in known else (one for one in reversed(earlier) if one in known)
    return next(iter(begun), own)


def _stamp(path: Path) -> tuple[int, int]:
    """Size and time of the last change. Raises OSError where there is no such file or folder."""
    facts = (path.parent if is_numbered(path) else path).stat()
    return facts.st_size, facts.st_mtime_ns


@lru_cache(maxsize=64)
def _contents(path: Path, _size: int, _changed: int) -> tuple[str, ...]:
    """The hash of the file; of numbered images that of the first one, of the first two, ..., and
    at the end that of all."""
    files = numbered_files(path) if is_numbered(path) else []
    if not files:
        return (sha256_of(path),)  # which says where numbered images are gone
    found, content = list[str](), hashlib.sha256()
    for file in files:
        content.update(("\n" if found else "").encode() + _file_sha256(file).encode())
        found.append(content.hexdigest())
    return tuple(found)


def _file_sha256(file: Path) -> str:
    """Read once while the file stays as it is: a folder that is being written to changes often."""
    try:
        facts = file.stat()
    except OSError:
        return sha256_of(file)  # which says what is wrong
    return _read_sha256(file, facts.st_size, facts.st_mtime_ns)


@lru_cache(maxsize=2**15)
def _read_sha256(file: Path, _size: int, _changed: int) -> str:
    return sha256_of(file)


@lru_cache(maxsize=4096)
def _was_begun(path: Path, size: int, changed: int, number: int, labelled: str) -> bool:
    """Whether that is the frame's hash of numbered images of which there are more by now."""
    return any(frame_sha256(each, number) == labelled for each in _contents(path, size, changed))


def frame_facts(path: Path, number: int, known: Collection[str] = ()) -> ImageFacts:
    """What a project remembers of a frame or page. Of a video one frame alone is decoded: all have
    its size. known: as of `video_sha256`. Raises ImageError where there is no such frame."""
    if not is_video(path):
        return Frame(path, number).facts()
    count = len(frames.index(path))
    if not 0 <= number < count:
        raise ImageError(f"{path} has no frame {number}: it has {count:,}, counted from 0.")
    content = video_sha256(path, known)
    width, height = _frame_size(path, content)
    measures = measured(path, number, content)
    return ImageFacts(width, height, frame_sha256(content, number), measures)


def measured(path: Path, number: int, content: str) -> float | None:
    """What a pixel of a frame or page measures, where its file says so; of numbered images the
    first one says it of all. content: as of `video_sha256`. Raises ImageError."""
    if is_numbered(path):
        return _measured_in_first(path, content)
    return None if is_video(path) else pixel_size(path, number)


@lru_cache(maxsize=64)
def _measured_in_first(path: Path, _content: str) -> float | None:
    files = numbered_files(path)
    return pixel_size(files[0]) if files else None


@lru_cache(maxsize=64)
def _frame_size(path: Path, _content: str) -> tuple[int, int]:
    height, width = frames.pixels(path, 0).shape[:2]
    return width, height


def frame_name(video: str, number: int) -> str:
    """What people call the frame of a video or the page of an image: "clip.mp4 frame 120"."""
    return f"{video} {_part_of(video)} {number}"


@lru_cache(maxsize=64)
def _part_of(video: str) -> str:
    """Asked for each of a hundred thousand frames of one video, when a name is sought."""
    return "frame" if is_video(Path(video)) else "page"


def numbered_name(folder: str, frame: int) -> str:
    """Of one of numbered images: what stands in the place of them all, img_%04d.png, is no file."""
    return f"{folder} frame {frame}"


def quick_frame(path: Path, number: int) -> int:
    """The frame that is shown for another while a hand travels through a video: itself where it is
    decoded soon, else the key frame that its decoding begins at. Raises ImageError."""
    if not is_video(path):
        return number
    begin = int(frames.index(path).begin[number])
    return number if number - begin <= _SOON or frames.holds(path, number) else begin


@dataclass(frozen=True)
class FramesOf:
    """rate: frames a second on average, None of pages. note: what a person should know, or ''.
    seconds: (N,) when each frame is shown, from the first one on; None where nobody knows."""

    count: int
    rate: float | None = None
    note: str = ""
    seconds: Floats | None = field(default=None, compare=False, repr=False)

    def later(self, frame: int, seconds: float, rate: float) -> int:
        """The number of what is shown so many seconds after a frame; before it where they are
        negative. rate: frames a second where nobody knows when they are shown."""
        if self.seconds is None:
            return frame + int(seconds * rate)
        # No frame is missed by what is lost in rounding.
        at = self.seconds[frame] + seconds + 1e-6
        return max(int(np.searchsorted(self.seconds, at, side="right")) - 1, 0)


def holds_frames(path: Path) -> bool:
    """Whether it is a video, or an image file of several pages."""
    if is_video(path):
        return True
    try:
        return path.suffix.lower() in IMAGE_SUFFIXES and page_count(path) > 1
    except ImageError:
        return False


def frames_of(path: Path) -> FramesOf:
    """What a video or a file of several pages holds. Raises ImageError where it is neither."""
    if not is_video(path):
        return FramesOf(page_count(path))
    index = frames.index(path)
    seconds = index.seconds if index.rate else None
    note = " ".join(filter(None, (index.ends_early, index.told_aspect)))
    return FramesOf(len(index), index.rate or None, note, seconds)


class RecordedFile(Protocol):
    """How a project records a video, or an image. path: of its file, or of the video that it is a
    frame of. sha256: of its content when it was added."""

    @property
    def sha256(self) -> str: ...

    @property
    def path(self) -> Path: ...


class Recorded(RecordedFile, Protocol):
    """How a project records an image."""

    @property
    def frame(self) -> int | None: ...


def known_hashes(path: Path, videos: Iterable[RecordedFile]) -> set[str]:
    """Of numbered images, under which hashes they may be known, as `video_sha256` has it: those of
    the videos that are these, and of those that are nowhere any more. Another folder may begin
    alike."""
    if not is_numbered(path):
        return set()
    there = path.parent.resolve() / path.name
    rows = [video for video in videos if is_numbered(video.path)]
    return {v.sha256 for v in rows if v.path == there or not Frame(v.path, 0).is_there()}


def has_changed(video: RecordedFile) -> bool:
    """Whether a video, or a folder of numbered images, is there and not what it was when it was
    added: nobody knows which frame is which."""
    try:
        there = Frame(video.path, 0).is_there()
        return there and video_sha256(video.path, {video.sha256}) != video.sha256
    except ImageError:
        return False  # whoever reads it is told why it cannot be read


def source_of(image: Recorded) -> Source:
    """What opens the image that a project has recorded."""
    address = getattr(image, "address", None)  # another machine's cache may lie elsewhere
    if address is not None and image.frame is None:
        return Elsewhere(address, image.sha256)
    return recorded_source(image.path, image.frame, image.sha256)


def image_name(image: Recorded) -> str:
    """What people call an image that a project has recorded: as its source's name, but for numbered
    images, which are called as their folder."""
    if image.frame is not None and is_numbered(image.path):
        return numbered_name(image.path.parent.name, image.frame)
    return source_of(image).name


def recorded_source(path: Path, frame: int | None, sha256: str | None = None) -> Source:
    """sha256: of the content when it was added, None where no other is to be refused."""
    address = address_of(path) if frame is None else None
    if address is not None:
        return Elsewhere(address, sha256)
    return Still(path, sha256) if frame is None else Frame(path, frame, sha256)


def pixels_of(image: Recorded) -> Pixels:
    """(height, width, 3) RGB, upright. Raises ImageError where it cannot be opened."""
    return source_of(image).pixels()
