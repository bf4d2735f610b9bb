"""Frames of videos and their tracks, as label files name them, in a project."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.exchange.codecs.common.files import WHERE_IMAGES_ARE
from landmark_annotator.projects.exchange.transfer.missing_images import MissingImages
from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.images import Elsewhere, ImageFacts
from landmark_annotator.projects.images.comparison import Comparison
from landmark_annotator.projects.images.source import (
    frame_facts,
    frames_of,
    known_hashes,
    recorded_source,
    video_sha256,
)
from landmark_annotator.projects.store import ImageRecord, InstanceRecord, Project
from landmark_annotator.projects.store.journal.frame_actions import is_taken_back
from landmark_annotator.projects.vocabulary.errors import FileMissing

_RECENT = 4096


class LabelledFrames:
    """Photographs too, which have no tracks."""

    def __init__(self, project: Project, who: str) -> None:
        self._project, self._who = project, who
        self._tracks = {(track.video_id, track.name): track.id for track in project.tracks()}
        self._hashes: dict[Path, set[str]] = {}
        self._taken: dict[int, set[int | None]] = {}
        """The tracks that objects of an image are of."""
        self._recent: dict[str, ImageRecord] = {}
        """Photographs that have just been asked for, by their hash."""
        self._later = defaultdict[int, list[int]](list)
        self._compared = Comparison(project.folder)
        self._missing = MissingImages(project)

    def facts(self, entry: ImportedInstance) -> ImageFacts:
        """Raises ImageError where it cannot be opened."""
        try:
            return self._facts(entry)
        except FileMissing as error:
            self._missing.add(entry.image)
            raise FileMissing(error.happened, remedy=WHERE_IMAGES_ARE) from error

    def _facts(self, entry: ImportedInstance) -> ImageFacts:
        if entry.frame is not None:
            return frame_facts(entry.image, entry.frame, self._known(entry.image))
        source = recorded_source(entry.image, None)
        if isinstance(source, Elsewhere):
            return self._facts_elsewhere(source)
        for known in self._project.images_with([source.sha256()]):
            return ImageFacts(known.width, known.height, known.sha256)
        return source.facts()

    def _known(self, video: Path) -> set[str]:
        if video not in self._hashes:
            self._hashes[video] = known_hashes(video, self._project.videos())
        return self._hashes[video]

    def _facts_elsewhere(self, source: Elsewhere) -> ImageFacts:
        """What the project has is fetched again only where its server says that it has changed."""
        stamp = source.stamp()
        for known in self._project.images_with(self._compared.hashes(source.address, stamp)):
            return ImageFacts(known.width, known.height, known.sha256)
        facts = source.facts()
        self._compared.note(source.address, facts.sha256, stamp)
        return facts

    def notes(self) -> list[str]:
        """Where images that are missing may be."""
        return self._missing.notes()

    def remember(self) -> None:
        """What servers said of images, for the next time."""
        self._compared.remember(write_whole)

    def add_frames(self, entries: Iterable[tuple[ImportedInstance, ImageFacts]]) -> None:
        """All that are of videos, at once: one by one, each would push the later ones on."""
        by_video = defaultdict[object, dict[int, ImageFacts]](dict)
        paths = {}
        for entry, facts in entries:
            if entry.frame is not None:
                by_video[entry.image][entry.frame] = facts
                paths[entry.image] = frames_of(entry.image).rate
        for path, rate in paths.items():
            content = video_sha256(path, self._known(path))
            video = self._project.add_video(path, content, rate)
            self._project.add_frames(video.id, by_video[path])

    def image(self, entry: ImportedInstance, facts: ImageFacts) -> ImageRecord:
        """Frames have been added before. One that came in by a click and went by undo is there
        again, with what is said of it now."""
        if entry.frame is not None:
            frame = self._project.images_with([facts.sha256])[0]
            if is_taken_back(frame):
                self._project.restore(images=[frame.id], who=self._who)
            return frame
        if facts.sha256 not in self._recent:
            while len(self._recent) >= _RECENT:
                self._recent.pop(next(iter(self._recent)))
            self._recent[facts.sha256] = self._project.add_image(entry.image, facts)
        return self._recent[facts.sha256]

    def track(self, entry: ImportedInstance, image: ImageRecord) -> int | None:
        """The id of the entry's track in the image's video, which is added where it has none of
        that name; None where the entry has none."""
        if not entry.track or image.video_id is None:
            return None
        key = image.video_id, entry.track
        if key not in self._tracks:
            self._tracks[key] = self._project.track_named(*key).id
        return self._tracks[key]

    def taken(self, image: ImageRecord, track_id: int | None) -> int | None:
        """The track for a new object of the image; None where another one there is of it."""
        if track_id is None:
            return None
        if image.id not in self._taken:
            there = self._project.instances_of(image.id, excluded=True)
            self._taken[image.id] = {record.track_id for record in there}
        if track_id in self._taken[image.id]:
            return None
        self._taken[image.id].add(track_id)
        return track_id

    def give(self, record: InstanceRecord, image: ImageRecord, track_id: int | None) -> None:
        """To an instance that was there, where it has none; all are stored by `give_all`."""
        free = None if record.track_id is not None else self.taken(image, track_id)
        if free is not None:
            self._later[free].append(record.id)

    def give_all(self) -> None:
        """As one step for undo for each video."""
        named = {track_id: key for key, track_id in self._tracks.items()}
        by_video = defaultdict[int, dict[str, list[int]]](dict)
        for track_id, ids in self._later.items():
            video_id, name = named[track_id]
            by_video[video_id][name] = ids
        for video_id, objects in by_video.items():
            self._project.gather_tracks(video_id, objects, who=self._who)
        self._later.clear()
