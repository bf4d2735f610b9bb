"""Image files that are frames of a video which the project has: an export wrote them, or another
program that labels frames as images, or they are the numbered images that are the video. Their
labels are those of the frames."""

import os
import re
from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.exchange.codecs.common.files import exists
from landmark_annotator.projects.images.source import Frame, recorded_source, video_sha256
from landmark_annotator.projects.store import Project, VideoRecord
from landmark_annotator.projects.video import is_numbered, numbered_files, video_name
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted

_NAME = re.compile(r"img(\d{1,9})\.png")
"""As DeepLabCut, Lightning Pose and `frame_files` call them."""
_ALIKE = 4.0
"""Grey levels that the same frame differs by on average where another program has decoded it."""


class WrittenFrames:
    """Known by the names of folder and file, VIDEO/img0000120.png, and by what is in them; of
    numbered images by where they are, or likewise."""

    def __init__(self, project: Project) -> None:
        self._videos = defaultdict[str, list[Path]](list)
        self._numbered = _Numbered()
        for video in project.videos():
            if is_numbered(video.path):
                self._videos[video_name(video.path)].append(video.path)
                self._numbered.add(video)
            else:
                self._videos[video.path.stem].append(video.path)
        self._known: dict[Path, tuple[Path, int] | None] = {}
        self._trackless: dict[str, set[Path]] = defaultdict(set)
        self._changed: dict[str, set[Path]] = defaultdict(set)
        self._project = project

    @cached_property
    def _photographs(self) -> set[Path]:
        """Files of numbered images that the project has by themselves, too: they stay what they
        are."""
        images = self._project.images(excluded=True)
        return {one.path for one in images if one.frame is None and self._numbered.frame(one.path)}

    def of(self, entry: ImportedInstance) -> ImportedInstance:
        """The entry as one of the frame, else as it is."""
        if entry.frame is not None:
            return entry
        found = self._numbered.frame(entry.image)
        if (changed := self._numbered.changed(entry.image)) is not None:
            self._changed[video_name(changed)].add(entry.image)
        if found is not None and entry.image.absolute() not in self._photographs:
            return replace(entry, image=found[0], frame=found[1])
        named = _NAME.fullmatch(entry.image.name)
        if named is None or found is not None:
            return entry
        if entry.image not in self._known:
            self._known[entry.image] = self._frame(entry.image, int(named[1]))
        found = self._known[entry.image]
        if found is not None:
            return replace(entry, image=found[0], frame=found[1])
        if entry.track and exists(entry.image):
            self._trackless[entry.image.parent.name].add(entry.image)
        return entry

    def _frame(self, image: Path, number: int) -> tuple[Path, int] | None:
        folder = image.parent.name
        stems = (folder, folder.rpartition("-")[0])  # another video of the same name
        for video in (path for stem in stems for path in self._videos.get(stem, ())):
            if is_numbered(video) and self._numbered.has_changed(video):
                continue
            place = self._numbered.place(video, image.name, number)
            try:
                own, seen = recorded_source(image, None).pixels(), Frame(video, place).pixels()
            except (ActionableError, IndexError):
                continue
            if own.shape == seen.shape:
                apart = np.abs(own.astype(np.int16) - seen.astype(np.int16)).mean()
                if apart <= _ALIKE:
                    return video, place
        return None

    def notes(self) -> list[str]:
        """A sentence for people of each folder whose images are no frames any more, or whose
        tracks are lost."""
        changed = [
            f"{counted(len(images), 'image')} of {folder} were taken as photographs: the project "
            f"has {folder} as a video, and images came between those that were there then, or were "
            "taken away or changed, so that nobody knows which frames these are. Frames keep their "
            "numbers where more images come after the last one."
            for folder, images in self._changed.items()
        ]
        return changed + [
            f"{counted(len(images), 'image')} of {folder} came in without tracks, which only "
            f"frames of videos have. If they are frames of one, bring the video {folder} in first: "
            "then labels and tracks come to its frames."
            for folder, images in self._trackless.items()
        ]


class _Numbered:
    """Folders of numbered images that are videos of the project. Which files those are is looked at
    where labels name one of them: it takes the hashes of all."""

    def __init__(self) -> None:
        self._videos = defaultdict[str, list[VideoRecord]](list)
        """By the real path of their folder."""
        self._frames: dict[str, dict[str, tuple[Path, int]]] = {}
        """By the same: by their names, the files that are frames."""
        self._changed: dict[str, dict[str, tuple[Path, int]]] = {}
        """Likewise those that would be frames, were the images still those that were there."""
        self._folders: dict[Path, str] = {}

    def add(self, video: VideoRecord) -> None:
        self._videos[os.path.realpath(video.path.parent)].append(video)

    def has_changed(self, video: Path) -> bool:
        """Then nothing can be said of its frames."""
        return all(known != video for known, _ in self._of_folder(video).values())

    def _of_folder(self, image: Path) -> dict[str, tuple[Path, int]]:
        """The frames in the folder of the image, none where it is none of these."""
        if image.parent not in self._folders:
            self._folders[image.parent] = os.path.realpath(image.parent)
        folder = self._folders[image.parent]
        if folder in self._videos and folder not in self._frames:
            frames = self._frames[folder] = {}
            changed = self._changed[folder] = {}
            for video in self._videos[folder]:
                files = numbered_files(video.path)
                same = bool(files) and video_sha256(video.path, {video.sha256}) == video.sha256
                (frames if same else changed).update(
                    {file.name: (video.path, n) for n, file in enumerate(files)}
                )
        return self._frames.get(folder, {})

    def frame(self, image: Path) -> tuple[Path, int] | None:
        """Which frame of which video the file is."""
        return self._of_folder(image).get(image.name)

    def changed(self, image: Path) -> Path | None:
        """The video of which it would be a frame, had the images in its folder not changed."""
        if self.frame(image) is not None:
            return None
        found = self._changed.get(self._folders[image.parent], {}).get(image.name)
        return None if found is None else found[0]

    def place(self, video: Path, name: str, number: int) -> int:
        """Which frame of the video a file of that name elsewhere may be. number: in its name, which
        is another one where the images are not numbered from 0, or not all are there."""
        found = self.frame(video.with_name(name))
        return number if found is None or found[0] != video else found[1]
