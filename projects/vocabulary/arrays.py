"""Array types.

Shape letters in docstrings: K exemplars, L landmarks, N images, E pieces of evidence.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
AnyFloats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
"""(height, width, 3) RGB, upright (EXIF orientation already applied)."""
