"""The box of an object that is elsewhere than its box, as one that was lost in a video is."""

import numpy as np

from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.orientation import headed
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

_AROUND = 1.5
"""Of the box: what most landmarks lie in is around the object, however loosely it was drawn."""
_ELSEWHERE = 0.5
"""Sides of the box by which the shape is elsewhere than it was proposed there."""
_AS_LARGE = 1.25
"""Times that a shape is larger or smaller than those in such boxes: no two hands draw it alike."""


def box_there(view: View, proposal: Proposal | None, scheme: Scheme) -> Box | None:
    """The box around the shape as it is seen; None where it may stay. It is as large as it was, but
    where the shape is not as large as one in it (`_AS_LARGE`). A box that shows something else, or
    a part, would be learned from, and exported. Of what some people always label
    beside its box it stays: that is proposed there too, unless in a video, where a box may have
    been carried to where the object is not."""
    box, shape = view.instance.box, view.shape
    points = shape.points[shape.known]
    if box is None or proposal is None or not len(points) or not _is_outside(points, box):
        return None
    told = shape.known.copy()
    told[sorted(proposal.unlearned)] = False  # it has no place for these
    if not told.any():
        return None
    away = shape.points[told] - proposal.given([]).points[told]
    moved = bool(np.hypot(*away.mean(axis=0)) > _ELSEWHERE * box.side)
    if not moved and view.instance.track_id is None:
        return None
    x, y = (points.min(axis=0) + points.max(axis=0)) / 2
    there = box.shifted(x - box.centre_x, y - box.centre_y)
    now, usual = _size(shape.points[told]), _size(proposal.mixture.mean[told]) * box.side
    if max(now, usual) > _AS_LARGE * min(now, usual) > 0:
        there = there.moved(scale=now / usual)
    return headed(there, shape, scheme) if box.angle else there


def _is_outside(points: Floats, box: Box) -> bool:
    """Whether most of the points (L, 2) lie far out of the box."""
    return float((np.abs(box.to_frame(points)) > _AROUND * box.half).any(axis=1).mean()) > 0.5


def _size(points: Floats) -> float:
    """How far (L, 2) points lie from their middle."""
    return float(np.hypot(*(points - points.mean(axis=0)).T).mean())
