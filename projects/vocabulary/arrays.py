"""Array types.

Shape letters in docstrings: K exemplars, L landmarks, N images, E pieces of evidence.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
AnyFloats = npt.NDArray[np.float32] | npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Pixels = npt.NDArray[np.uint8]
"""(height, width, 3) RGB, upright (EXIF orientation already applied)."""
