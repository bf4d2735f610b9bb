"""How wide ellipses have to be, and how heavy their tails, for held-out truths to lie in them."""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats


def tails(squared: Floats, groups: int) -> tuple[float, float]:
    """The widening that makes the Gaussian's 95 % ellipse hold 95 %, and the degrees of freedom
    of the t distribution whose 68 and 95 % ellipses have the sizes that were seen.

    In the plane a t distribution has 1 - p outside the squared distance nu ((1 - p)^(-2/nu) - 1).
    """
    gaussian_68, gaussian_95 = -2 * np.log(0.32), -2 * np.log(0.05)
    seen_68, seen_95 = np.quantile(squared, [0.68, 0.95])
    # A dozen pseudo instances keep a few lucky ones from making the ellipses too small.
    widening = (groups * seen_95 / gaussian_95 + 12 * 1.2) / (groups + 12)
    tried = np.geomspace(2.5, 200, 60)
    ratio = (0.05 ** (-2 / tried) - 1) / (0.32 ** (-2 / tried) - 1)
    if seen_95 / seen_68 <= gaussian_95 / gaussian_68:
        return float(widening), float("inf")
    return float(widening), float(tried[np.argmin(np.abs(ratio - seen_95 / seen_68))])
