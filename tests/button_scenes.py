"""Scenes whose regions a small network learns in seconds."""

import numpy as np

from landmark_annotator.backends.parsers import MaskedInstance
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Mask, Scheme, Shape
from landmark_annotator.projects.vocabulary.region import Region

BUTTON = Scheme(
    "button", ("left", "right"), regions=(Region("disk"), Region("hole"), Region("thread"))
)


def scene(seed: int) -> MaskedInstance:
    """A bright disk with a dark hole; of its thread nobody says anything."""
    random = np.random.default_rng(seed)
    pixels = random.integers(90, 130, (96, 96, 3)).astype(np.uint8)
    x, y = random.uniform(42, 54, 2)
    rows, columns = np.mgrid[:96, :96]
    away = np.hypot(columns - x, rows - y)
    pixels[away < 20], pixels[away < 8] = 220, 20
    masks = {"disk": Mask.of((away < 20) & (away >= 8)), "hole": Mask.of(away < 8)}
    shape = Shape(np.array([[x - 20, y], [x + 20, y]]))
    box = Box(float(x), float(y), 40.0, 40.0)
    return MaskedInstance(LabelledInstance(f"scene{seed}", box, shape, pixels.copy), masks)


SCENES = [scene(seed) for seed in range(16)]
