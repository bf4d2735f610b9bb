"""Frames of videos as image files beside an export: other programs open files."""

import io
from pathlib import Path

from PIL import Image

from landmark_annotator.projects.exchange.codecs.common.files import (
    letters,
    make_folder,
    replace_file,
)
from landmark_annotator.projects.exchange.codecs.common.staging import rehearsed
from landmark_annotator.projects.images import Frame, pixels_of
from landmark_annotator.projects.images.kept_frames import frames
from landmark_annotator.projects.images.source import refuse_another
from landmark_annotator.projects.store import ImageRecord
from landmark_annotator.projects.video import is_numbered, is_video, numbered_files
from landmark_annotator.projects.vocabulary.errors import FormatError


class FrameFiles:
    """PNG, without loss; each frame once: FOLDER/VIDEO/img0000120.png."""

    def __init__(self, folder: Path, wanted: bool) -> None:
        """wanted: whether a person has said that frames are to be written."""
        self._folder, self._wanted = folder, wanted
        self._names: dict[int | None, str] = {}
        self._written: set[Path] = set()
        self._numbered: dict[int | None, list[Path]] = {}
        """By the video that they are."""

    def __len__(self) -> int:
        return len(self._written)

    def __contains__(self, file: Path) -> bool:
        """Whether it is one of them, and comes into its place with the export."""
        return file in self._written

    def file(self, image: ImageRecord) -> Path:
        """What to write in a label file for the image; a frame is written there first.

        Raises FormatError where frames are not to be written, ImageError where one cannot be read.
        """
        if image.frame is None:
            return image.path
        if is_numbered(image.path):
            if image.video_id not in self._numbered:
                self._numbered[image.video_id] = _numbered(image.path, image.frame, image.sha256)
            files = self._numbered[image.video_id]
            # A rehearsal reads no images: what the export leaves out may have gone.
            return files[image.frame] if image.frame < len(files) else image.path
        if not self._wanted:
            what = "is a video" if is_video(image.path) else "holds several pages"
            raise FormatError(
                f"{image.path.name} {what}, and label files name images.",
                kept="Nothing was written.",
                remedy="Let its frames be written as PNG files beside the labels: a "
                "choice in the export's dialog, --frames at a terminal.",
            )
        place = self._folder / self._name(image) / f"img{image.frame:07d}.png"
        if place not in self._written:
            self._written.add(place)
            self._write(image, place)
        return place

    def _name(self, image: ImageRecord) -> str:
        """Of the video's folder: another for another video of the same name, also in other capitals
        or with an umlaut that is written otherwise."""
        stem = name = image.path.stem
        if image.video_id not in self._names:
            taken = {letters(name) for name in self._names.values()}
            number = image.video_id or 0
            while letters(name) in taken:
                name, number = f"{stem}-{number}", number + 1
            self._names[image.video_id] = name
        return self._names[image.video_id]

    @staticmethod
    def _write(image: ImageRecord, place: Path) -> None:
        counted = rehearsed()
        if counted is not None:
            counted.append(place)
            return
        encoded = io.BytesIO()
        Image.fromarray(pixels_of(image)).save(encoded, "PNG", compress_level=4)
        make_folder(place.parent)
        replace_file(place, encoded.getvalue())


def _numbered(path: Path, frame: int, sha256: str) -> list[Path]:
    """The files of numbered images, by frames. frame, sha256: of one of these. Raises ImageError
    where they are away or no longer those that were labelled: the files would be those of other
    frames."""
    frames.index(path)  # which says where they should be
    if rehearsed() is None:
        refuse_another(Frame(path, frame, sha256))
    return numbered_files(path)
