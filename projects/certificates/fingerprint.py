"""Whether a shape is still the one that was drawn."""

import hashlib

import numpy as np

from landmark_annotator.projects.vocabulary import Shape

_LENGTH = 12


def fingerprint(shape: Shape) -> str:
    """Of its positions and visibilities; who placed them is of no matter."""
    content = np.ascontiguousarray(shape.points, dtype="<f8").tobytes()
    seen = np.ascontiguousarray(shape.visibility, dtype="u1").tobytes()
    return hashlib.sha256(content + seen).hexdigest()[:_LENGTH]
