"""Errors in millimetres, where somebody or the file has said what a pixel measures."""

from landmark_annotator.backends.shapes import Posterior
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.errors import ServerAway


def expected_millimetres(project: Project, image_id: int, posterior: Posterior) -> float | None:
    """The mean distance that the landmarks are expected to be off by; None where nobody knows what
    a pixel of the image measures."""
    try:
        size = project.pixel_size(image_id)
    except ServerAway:  # what is foreseen while the hand moves is no place to tell that
        return None
    return None if size is None else size * posterior.expected_distance
