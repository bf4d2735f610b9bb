"""Learning from labelled images takes seconds, and is stopped once nobody waits for it."""

from landmark_annotator.projects.vocabulary.errors import Cancelled
from landmark_annotator.projects.vocabulary.progress import Progress


def refuse_stopped(progress: Progress) -> None:
    """Raises Cancelled once it is stopped."""
    if progress.cancelled():
        raise Cancelled(
            "Learning from the labelled images was stopped.",
            kept="Nothing was changed.",
            remedy="Doing it again begins it anew.",
        )
