"""Image files that are frames of a video which the project has: an export wrote them, or another
program that labels frames as images, and their labels are those of the frames."""

import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.images.source import Frame, recorded_source
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted

_NAME = re.compile(r"img(\d{1,9})\.png")
"""As DeepLabCut, Lightning Pose and `frame_files` call them."""
_ALIKE = 4.0
"""Grey levels that the same frame differs by on average where another program has decoded it."""


class WrittenFrames:
    """Known by the names of folder and file, VIDEO/img0000120.png, and by what is in them."""

    def __init__(self, project: Project) -> None:
        self._videos = defaultdict[str, list[Path]](list)
        for video in project.videos():
            self._videos[video.path.stem].append(video.path)
        self._known: dict[Path, tuple[Path, int] | None] = {}
        self._trackless: dict[str, set[Path]] = defaultdict(set)

    def of(self, entry: ImportedInstance) -> ImportedInstance:
        """The entry as one of the frame, else as it is."""
        named = _NAME.fullmatch(entry.image.name) if entry.frame is None else None
        if named is None:
            return entry
        if entry.image not in self._known:
            self._known[entry.image] = self._frame(entry.image, int(named[1]))
        found = self._known[entry.image]
        if found is not None:
            return replace(entry, image=found[0], frame=found[1])
        if entry.track:
            self._trackless[entry.image.parent.name].add(entry.image)
        return entry

    def _frame(self, image: Path, number: int) -> tuple[Path, int] | None:
        folder = image.parent.name
        stems = (folder, folder.rpartition("-")[0])  # another video of the same name
        for video in (path for stem in stems for path in self._videos.get(stem, ())):
            try:
                own, seen = recorded_source(image, None).pixels(), Frame(video, number).pixels()
            except (ActionableError, IndexError):
                continue
            if own.shape == seen.shape:
                apart = np.abs(own.astype(np.int16) - seen.astype(np.int16)).mean()
                if apart <= _ALIKE:
                    return video, number
        return None

    def notes(self) -> list[str]:
        """A sentence for people of each folder whose tracks are lost."""
        return [
            f"{counted(len(images), 'image')} of {folder} came in without tracks, which only "
            f"frames of videos have. If they are frames of one, bring the video {folder} in first: "
            "then labels and tracks come to its frames."
            for folder, images in self._trackless.items()
        ]
