"""Labels of a file that left landmarks out."""

import numpy as np

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Provenance, Shape

GONE = frozenset((1, 5))
"""The landmarks of a kite that the file has no position of."""


def leave_out(project: Project) -> list[int]:
    """Brings labels without these into all that wait; their instances."""
    told = []
    with project.transaction():
        for record in project.instances():
            if project.shape(record.id).known.any():
                continue
            points = record.box.to_image(np.linspace(-0.3, 0.3, 12).reshape(6, 2))
            points[sorted(GONE)] = np.nan
            marks = [None if j in GONE else Provenance.IMPORTED for j in range(6)]
            project.reshape(record.id, Shape(points, None, marks), title="import", who="import")
            told.append(record.id)
    return told


def absent(project: Project, instance_id: int) -> frozenset[int]:
    """What is said to be not in the image."""
    return frozenset(np.flatnonzero(project.shape(instance_id).absent).tolist())
