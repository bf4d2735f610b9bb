"""The view of an instance for which no model proposes anything: what people have placed, and the
contours between it."""

from collections.abc import Collection

import numpy as np

from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.backends.shapes.along_contours import followed
from landmark_annotator.backends.shapes.asked_by_hand import asked_by_hand
from landmark_annotator.projects.store import InstanceRecord
from landmark_annotator.projects.vocabulary import Scheme, Shape, Visibility


def by_hand(
    scheme: Scheme,
    record: InstanceRecord,
    stored: Shape,
    absent: frozenset[int],
    planned: Collection[int],
) -> View:
    """Landmarks inside a contour lie on the smooth curve through those of it that were placed,
    until they are. planned: those that are asked for first."""
    points, covariances = followed(stored.points, scheme, absent)
    follows = np.isfinite(covariances[:, 0, 0])
    visibility = np.where(
        follows & (stored.visibility == Visibility.NOT_LABELLED),
        Visibility.VISIBLE,
        stored.visibility,
    )
    doubts = np.where(follows[:, None, None], covariances, stored.covariances)
    shape = Shape(points, visibility, stored.provenance, doubts)
    query = asked_by_hand(scheme, stored, covariances, absent, planned)
    return View(record, shape, absent, np.full_like(points, np.nan), query, None, None)
