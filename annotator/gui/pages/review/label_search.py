"""The search for wrong labels, beside the window."""

from pathlib import Path

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Progress

_CHANGED = 0.02
"""Share of the shapes that have changed, from which on they are searched for wrong labels again."""


def searched(folder: Path, progress: Progress) -> bool:
    """Whether there was anything to search; what is found is kept in the project's folder."""
    # Loads what judges, which the window does not need before.
    from landmark_annotator.annotator.session.evaluation.label_audit import audit_due, audit_labels

    with Project.open(folder, read_only=True) as project:
        due = audit_due(project, _CHANGED)
        if due:
            audit_labels(project, progress)
    return due
