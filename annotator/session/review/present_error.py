"""How far off a shape is expected to be as it stands now, after all that people have done to it."""

from collections.abc import Collection

import numpy as np

from landmark_annotator.annotator.session.review.review_session import Reviewed
from landmark_annotator.backends.shapes import Posterior
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape


def present_error(seen: Reviewed, scheme: Scheme) -> float | None:
    """Expected NME in percent of the shape that is seen.

    None where nothing says how sure its landmarks are, as of labels from elsewhere. What a person
    placed, and whose deviation nobody has kept, counts as right.
    """
    return _error(seen.record, seen.shape, seen.measured or seen.record.box, scheme)


def present_errors(project: Project, among: Collection[int]) -> dict[int, float | None]:
    """The same by the ids of instances, many at once."""
    boxes, scheme = ErrorBoxes(project), project.scheme
    return {
        record.id: _error(record, shape, boxes.measure(record, shape), scheme)
        for record, shape in project.shapes(None, among=sorted(among))
    }


def _error(record: InstanceRecord, shape: Shape, box: Box | None, scheme: Scheme) -> float | None:
    """box: in whose size errors of the shape are told."""
    if record.state is InstanceState.UNTOUCHED or record.box is None or box is None:
        return record.predicted_error
    by_hand = np.array([mark is not None and mark.is_evidence for mark in shape.provenance])
    sure = np.isfinite(shape.covariances).all(axis=(1, 2))
    if not shape.known.any() or (shape.known & ~by_hand & ~sure).any():
        return None
    covariances = shape.covariances.copy()
    covariances[~sure] = 0.0
    nowhere = frozenset(np.flatnonzero(~shape.known).tolist())
    believed = Posterior(shape.points, covariances, np.zeros(len(shape)), unlearned=nowhere)
    error = believed.predicted_error(scheme, box)
    return error if np.isfinite(error) else None
