"""Image files and videos that no longer hold what was labelled."""

from dataclasses import dataclass

from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.images.comparison import Comparison, Recorded, State
from landmark_annotator.projects.images.source import Frame, video_sha256
from landmark_annotator.projects.remote import shown
from landmark_annotator.projects.store import Project, VideoRecord
from landmark_annotator.projects.video import is_numbered
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import ImageError


@dataclass(frozen=True)
class ChangedImage:
    path: str
    """Or its address."""

    what: str
    away: bool = False
    """Nothing is known to be wrong with it: its server gave no answer."""


def changed_images(project: Project, progress: Progress) -> list[ChangedImage]:
    """Missing, unreadable and changed ones; a video is one, however many of its frames are in the
    project. What was compared before and not touched since is not read again."""
    comparison = Comparison(project.folder)
    images = project.images()
    framed = {image.video_id for image in images}
    stills = [image for image in images if image.frame is None]
    videos = [video for video in project.videos() if video.id in framed]
    files: list[Recorded] = [*stills, *videos]
    progress.start("Comparing images", len(files))
    found = []
    for image in files:
        numbered = is_numbered(image.path) and isinstance(image, VideoRecord)
        state = _state_of_numbered(image) if numbered else comparison.state(image)
        if state is not State.SAME:
            found.append(ChangedImage(shown(image.path), _WORDS[state], state is State.AWAY))
        progress.advance()
        if progress.cancelled():
            break
    comparison.remember(write_whole)
    return found


def _state_of_numbered(video: Recorded) -> State:
    """Of a folder of images, which are read each time."""
    if not Frame(video.path, 0).is_there():
        return State.MISSING
    try:
        same = video_sha256(video.path, {video.sha256}) == video.sha256
    except ImageError:
        return State.UNREADABLE
    return State.SAME if same else State.CHANGED


_WORDS = {
    State.MISSING: "it is not where it was",
    State.UNREADABLE: "it cannot be read",
    State.AWAY: "its source cannot be asked: see annotator sources PROJECT",
    State.CHANGED: "its content is another than when it was labelled",
}
