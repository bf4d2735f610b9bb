"""The search for wrong labels, beside the window."""

from pathlib import Path

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Progress


def searched(folder: Path, progress: Progress) -> bool:
    """Whether something else was found than before; it is kept in the project's folder."""
    # Loads what judges, which the window does not need before.
    from landmark_annotator.annotator.session.evaluation.label_audit import (
        MANY_CHANGED,
        audit_labels,
        changed_since,
    )
    from landmark_annotator.annotator.session.review.suspicions import kept

    with Project.open(folder, read_only=True) as project:
        if changed_since(project) <= MANY_CHANGED:
            return False
        before = kept(project)
        audit_labels(project, progress)
        return kept(project) != before
