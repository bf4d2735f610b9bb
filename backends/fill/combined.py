"""One shape from two estimates that know different things of the same instance."""

import numpy as np

from landmark_annotator.projects.vocabulary.shape import Shape


def combined(one: Shape, other: Shape) -> Shape:
    """The landmarks of both, each weighed by its precision (the inverse of its covariance).

    Both know the clicks, so their errors go together to a degree that nobody knows: the covariance
    is that of covariance intersection with equal shares (Julier and Uhlmann, "A non-divergent
    estimation algorithm", ACC 1997), never more sure than that allows.
    """
    first, second = np.linalg.inv(one.covariances), np.linalg.inv(other.covariances)
    sums = first @ one.points[..., None] + second @ other.points[..., None]
    covariances = 2 * np.linalg.inv(first + second)
    return Shape((covariances @ sums)[..., 0] / 2, covariances=covariances)
