"""Which file is the video that a label file speaks of."""

from dataclasses import dataclass, field
from pathlib import Path, PurePath, PureWindowsPath

from landmark_annotator.projects.exchange.codecs.common.files import exists, named_path
from landmark_annotator.projects.exchange.codecs.common.taken_names import take
from landmark_annotator.projects.video import is_numbered, is_video, numbered_files


def is_there(video: Path) -> bool:
    """Whether there is such a file; of numbered images, whether there is one of them."""
    return bool(numbered_files(video)) if is_numbered(video) else exists(video)


@dataclass
class NamedVideos:
    """source: the label file. images: the folder, or the one video, that a person has named. count:
    how many videos the label file speaks of. notes: gets what a person should know."""

    source: Path
    images: Path | None
    count: int
    notes: list[str]
    _found: dict[str, Path] = field(default_factory=dict)

    def path(self, written: str) -> Path:
        """Where it says, or else a video of that name beside the labels, or else the only one that
        is there where the labels are of one alone. A path without a file where there is none."""
        if written not in self._found:
            self._found[written] = self._path(written)
        return self._found[written]

    def beginning(self, stem: str) -> Path | None:
        """The video whose name the stem begins with: programs put their own after it."""
        fitting = [video for video in self._there() if stem.startswith(video.stem)]
        if fitting:
            return max(fitting, key=lambda video: len(video.stem))
        alone = self._there()
        return alone[0] if self._named is not None and len(alone) == 1 else None

    @property
    def _named(self) -> Path | None:
        """The video that a person has named."""
        return self.images if self.images is not None and is_video(self.images) else None

    def _there(self) -> list[Path]:
        if self._named is not None:
            return [self._named]
        folder = self.images or self.source.parent
        found = []
        for where in (folder, folder / "videos"):
            if where.is_dir():
                found += sorted(path for path in where.iterdir() if is_video(path))
        return found

    def _take(self, place: Path, path: Path, written: str) -> None:
        """Of two videos of one name, whose folders are not here, labels are refused: see
        `taken_names`. path: the place by the written name, which has told that itself."""
        folders = (PureWindowsPath(written) if "\\" in written else PurePath(written)).parts[:-1]
        if place.parent.name in folders[-1:]:
            folders = folders[:-1]
        if place != path:
            take(place, written, folders, self.images or self.source.parent)

    def _path(self, written: str) -> Path:
        name = PureWindowsPath(written).name if "\\" in written else Path(written).name
        alone = self._there()
        if self._named is not None and self.count == 1:
            return self._named
        folder = self.images or self.source.parent
        path = named_path(written, folder)
        places = [path]
        if is_numbered(path):
            places += [folder / path.parent.name / name, folder / name]
        for place in [*places, *(video for video in alone if video.name == name)]:
            if is_there(place):
                self._take(place, path, written)
                return place
        if self.count == 1 and len(alone) == 1:
            self.notes.append(f"{name} is not here; {alone[0].name} was taken for it.")
            return alone[0]
        self.notes.append(
            f"The video {name} was not found: name it, or the folder that it is in, as that of the "
            "images (--images at a terminal)."
        )
        return path
