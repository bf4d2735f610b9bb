"""Values of an image between its pixels."""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import AnyFloats


def sampled(field: AnyFloats, places: AnyFloats) -> AnyFloats:
    """(N, C) of a field (H, W, C) in single precision at places (N, 2), pixel centres at whole
    numbers; beyond its border as on it, and at (0, 0) for what is no number."""
    import cv2  # It takes a while to load, and a window that follows videos is to be seen before.

    at = np.nan_to_num(places).astype(np.float32)
    # Maps of two dimensions: of one, OpenCV 5 makes a row, and OpenCV 4 a column.
    across, down = at[:, :1], at[:, 1:]
    found = cv2.remap(field, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found[:, 0])
