"""The simulated hand: where a person would click who looks at a mask and knows the true one."""

import numpy as np

from landmark_annotator.backends.metrics.regions import largest_error
from landmark_annotator.backends.segmentation.hints import UNSAID, Click, Labels


def worst_click(found: Labels, truth: Labels) -> Click | None:
    """In the middle of the largest connected error, in pixels of the maps; None without an error.

    A pixel that belongs to a region is clicked as that; one that belongs to none, as not what was
    found there.
    """
    wrong = (found != truth) & (truth != UNSAID)
    labels = np.unique(truth[wrong])
    error = largest_error([wrong & (truth == label) for label in labels])
    if error is None:
        return None
    kind, x, y = error
    true = int(labels[kind])
    if true:
        return Click(x, y, true)
    return Click(x, y, int(found[int(y), int(x)]), belongs=False)
