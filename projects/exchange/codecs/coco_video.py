"""What COCO for video says beside COCO: videos, the frame that an image is, and tracks (TAO's
form: Dave et al. 2020). Tracks are those of a video, by name."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.exchange.codecs.common.videos import NamedVideos, is_there

_json = json.JSONEncoder(allow_nan=False).encode


def frames(
    content: Mapping[str, Any], source: Path, images: Path | None, notes: list[str]
) -> dict[Any, tuple[Path, int]]:
    """By an image's id its video and frame, where that video is there."""
    named = {}
    for video in _objects(content, "videos"):
        name = video.get("name") or video.get("file_name")
        if isinstance(video.get("id"), int | str) and isinstance(name, str) and name:
            named[video["id"]] = name
    videos = NamedVideos(source, images, len(named), notes)
    found = {}
    for image in _objects(content, "images"):
        number, of = image.get("frame_id"), image.get("video_id")
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            continue
        known = isinstance(of, int | str) and of in named and isinstance(image.get("id"), int | str)
        if known and is_there(path := videos.path(named[of])):
            found[image["id"]] = path, number
    return found


def track_names(content: Mapping[str, Any]) -> dict[Any, str]:
    """By id; one without a name is called by its number."""
    named = {
        track["id"]: str(track.get("name") or track["id"])
        for track in _objects(content, "tracks")
        if isinstance(track.get("id"), int | str)
    }
    for annotation in _objects(content, "annotations"):
        track = annotation.get("track_id")
        if isinstance(track, int | str) and not isinstance(track, bool):
            named.setdefault(track, str(track))
    return named


def _objects(content: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    entries = content.get(key)
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []


class Videos:
    """Those of an export, numbered as they come. name: how the file names a path."""

    def __init__(self, name: Callable[[Path], str]) -> None:
        self._name = name
        self._videos: dict[Path, int] = {}
        self._tracks: dict[tuple[int, str], int] = {}

    def of_image(self, instance: ExportedInstance) -> dict[str, int]:
        """What is said of its image."""
        if instance.video is None or instance.frame is None:
            return {}
        number = self._videos.setdefault(instance.video, len(self._videos) + 1)
        return {"video_id": number, "frame_id": instance.frame}

    def track(self, instance: ExportedInstance) -> int:
        """Its number; 0 of none."""
        shown = self.of_image(instance)
        if not instance.track or not shown:
            return 0
        key = shown["video_id"], instance.track
        return self._tracks.setdefault(key, len(self._tracks) + 1)

    def text(self) -> str:
        """The rest of the file, empty where there are no videos."""
        if not self._videos:
            return ""
        videos = [{"id": n, "name": self._name(path)} for path, n in self._videos.items()]
        tracks = [
            {"id": n, "video_id": video, "category_id": 1, "name": name}
            for (video, name), n in self._tracks.items()
        ]
        return f',\n"videos": {_json(videos)}, "tracks": {_json(tracks)}'
