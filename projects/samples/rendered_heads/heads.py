"""The embedded set of rendered heads: pictures with exact landmarks, visibility, pose and masks.

`heads/README.md` beside them is their data card. They were made by
`landmark_annotator.projects.rendering`.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from PIL import Image

from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

FOLDER = Path(__file__).parent / "heads"


@dataclass(frozen=True)
class RenderedHead:
    """truth: as in `heads/README.md`."""

    name: str
    truth: dict[str, Any]

    @property
    def picture(self) -> Path:
        return FOLDER / "pictures" / f"{self.name}.jpg"

    @property
    def shape(self) -> Shape:
        """The 68 landmarks, exact, with visibility 1 where something hides one."""
        return Shape(np.array(self.truth["points"]), np.array(self.truth["visibility"]))

    @property
    def points_3d(self) -> Floats:
        """(68, 3) head units about the picture's middle: x right, y up, z to the camera."""
        return np.array(self.truth["points_3d"])

    @property
    def pose(self) -> tuple[float, float, float]:
        """Yaw, pitch, roll in degrees; see the data card."""
        pose = self.truth["pose"]
        return pose["yaw"], pose["pitch"], pose["roll"]

    @property
    def frame(self) -> int | None:
        """Its number where it belongs to the sequence."""
        return self.truth.get("frame")

    def mask(self) -> Ints:
        """(height, width) the label of each pixel; names in `mask_labels`."""
        with Image.open(FOLDER / "masks" / f"{self.name}.png") as picture:
            return np.asarray(picture).astype(np.int64)


@lru_cache(maxsize=1)
def rendered_heads() -> tuple[RenderedHead, ...]:
    """The stills, then the frames of the sequence in order."""
    return tuple(RenderedHead(name, truth) for name, truth in _read()["heads"].items())


def mask_labels() -> dict[int, str]:
    return {int(number): name for number, name in _read()["labels"].items()}


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    truth: dict[str, Any] = orjson.loads((FOLDER / "truth.json").read_bytes())
    return truth
