"""Image files that no longer hold what was labelled."""

from dataclasses import dataclass

from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.images.comparison import Comparison, State
from landmark_annotator.projects.remote import shown
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Progress


@dataclass(frozen=True)
class ChangedImage:
    path: str
    """Or its address."""

    what: str


def changed_images(project: Project, progress: Progress) -> list[ChangedImage]:
    """Missing, unreadable and changed ones. What was compared before and not touched since is not
    read again."""
    comparison = Comparison(project.folder)
    images = project.images()
    progress.start("Comparing images", len(images))
    found = []
    for image in images:
        if image.frame is None and (state := comparison.state(image)) is not State.SAME:
            found.append(ChangedImage(shown(image.path), _WORDS[state]))
        progress.advance()
        if progress.cancelled():
            break
    comparison.remember(write_whole)
    return found


_WORDS = {
    State.MISSING: "it is not where it was",
    State.UNREADABLE: "it cannot be read",
    State.AWAY: "its source cannot be asked: see annotator sources PROJECT",
    State.CHANGED: "its content is another than when it was labelled",
}
