"""Objects that point anywhere: one shape prior in a box that may be turned by any of a few angles.

The prior lives in the frame of a box turned by the object's heading. Nobody knows that angle of a
new instance, but clicks do: every angle is a hypothesis, weighted by how likely it makes them.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.evidence import Evidence
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.shape import Shape

TURNS = tuple(2 * math.pi * step / 24 for step in range(24))
"""Angles in radians; on flies 12, 24 and 36 of them cost the same clicks within 3 %."""


def headed(box: Box, shape: Shape, scheme: Scheme) -> Box:
    """The box turned by the heading of a labelled shape; as it is where that is unknown."""
    if scheme.heading is None:
        return box
    start, end = shape.points[list(scheme.heading)]
    x, y = (float(v) for v in end - start)
    return replace(box, angle=math.atan2(y, x)) if math.isfinite(x) and (x or y) else box


def log_evidence(mixture: ShapeMixture, framed: Sequence[Evidence]) -> float:
    """log p(evidence) of evidence in the mixture's frame."""
    if not framed:
        return 0.0
    rows = np.array([[2 * piece.landmark, 2 * piece.landmark + 1] for piece in framed]).ravel()
    noise = np.zeros((len(rows), len(rows)))
    for i, piece in enumerate(framed):
        noise[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = piece.covariance
    lower = np.linalg.cholesky(mixture.residual[np.ix_(rows, rows)] + noise)
    position = np.concatenate([piece.position for piece in framed])
    means = mixture.means().reshape(mixture.classes, -1)[:, rows]
    whitened = (position - means) @ np.linalg.inv(lower).T
    terms = mixture.log_weights - 0.5 * (whitened**2).sum(axis=1)
    highest = float(terms.max())
    determinant = float(np.log(np.diag(lower)).sum())
    return highest + math.log(float(np.exp(terms - highest).sum())) - determinant


def moments_in(box: Box, other: Box, mixture: ShapeMixture) -> tuple[Floats, Floats]:
    """Mean (L, 2) and covariance (2L, 2L) in the frame of a box, of a mixture in that of another
    one in the same image."""
    mean = box.to_frame(other.to_image(mixture.mean))
    turn, scale = other.angle - box.angle, other.side / box.side
    return mean, turned_moments(mean, mixture.covariance, turn)[1] * scale**2


def turned_moments(mean: Floats, covariance: Floats, angle: float) -> tuple[Floats, Floats]:
    """Mean (L, 2) and covariance (2L, 2L) of a box frame turned by `angle`, in the upright one."""
    cos, sin = math.cos(angle), math.sin(angle)
    rotation = np.array([[cos, -sin], [sin, cos]])
    size = len(mean)
    blocks = covariance.reshape(size, 2, size, 2)
    turned = np.einsum("ab,ibjc,dc->iajd", rotation, blocks, rotation, optimize=True)
    return mean @ rotation.T, turned.reshape(2 * size, 2 * size)
