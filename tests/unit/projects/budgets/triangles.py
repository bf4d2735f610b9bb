"""What the tests of spending label: triangles."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary import Scheme

SCHEME = Scheme("triangle", ("left", "right", "top"))
CORNERS = np.array([[10.0, 50.0], [60.0, 50.0], [35.0, 10.0]])

Label = Callable[..., None]
"""Labels the instance of a place in the project: clicks that take so long, and accepts."""


@dataclass(frozen=True)
class Facts:
    sha256: str
    width: int = 100
    height: int = 80
