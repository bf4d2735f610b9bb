"""The search for wrong labels, beside the window."""

from pathlib import Path

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Progress


def searched(folder: Path, progress: Progress) -> bool:
    """Whether there was anything to search; what is found is kept in the project's folder."""
    # Loads what judges, which the window does not need before.
    from landmark_annotator.annotator.session.evaluation.label_audit import (
        MANY_CHANGED,
        audit_labels,
        changed_since,
    )

    with Project.open(folder, read_only=True) as project:
        due = changed_since(project) > MANY_CHANGED
        if due:
            audit_labels(project, progress)
    return due
