"""What a proposal says of each landmark in pixels: where it is, how far it may be off, and what a
click on it would teach."""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.backends.shapes.orientation import turned_moments
from landmark_annotator.backends.shapes.queries import MEAN_DISTANCE, drops_of, expected_drops
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box


def moments(
    box: Box, mixture: ShapeMixture, kinds: bool, click: float
) -> tuple[Floats, Floats, Floats]:
    """Means (L, 2), covariances (L, 2, 2) and expected drops (L,) in pixels. Of kinds, the mean of
    the likeliest in place of all, and how far it may be off: that the object is of another one,
    too. click: deviation of one, in sides of the box."""
    shown, covariances = mixture.mean, mixture.landmark_covariances
    if kinds:
        apart = mixture.means(mixture.leading[:1])[0] - shown
        shown, covariances = shown + apart, covariances + apart[:, :, None] * apart[:, None]
    drops = expected_drops(mixture, click) * box.side
    return box.to_image(shown), box.covariance_to_image(covariances), drops


def distances_of_kinds(mixture: ShapeMixture) -> Floats:
    """(L,) how far landmarks are expected to be, in the frame, from those of the likeliest class:
    of each class as far as that is from it, or but as far as its own are off."""
    classes = mixture.leading
    weights = mixture.weights[classes] / mixture.weights[classes].sum()
    means = mixture.means(classes)
    own = MEAN_DISTANCE**2 * np.diag(mixture.residual).reshape(-1, 2).sum(axis=1)
    return np.asarray(weights @ np.sqrt(own + ((means - means[0]) ** 2).sum(axis=2)))


def mixed_moments(
    box: Box, beliefs: Sequence[tuple[float, Box, ShapeMixture]], click: float
) -> tuple[Floats, Floats, Floats]:
    """The same of several mixtures, each in a box of its own and with a weight."""
    weights = np.array([weight for weight, _, _ in beliefs])
    each = [
        turned_moments(mixture.mean, mixture.covariance, turned.angle - box.angle)
        for _, turned, mixture in beliefs
    ]
    means = np.stack([mean.ravel() for mean, _ in each])
    mean = weights @ means
    apart = (means - mean) * np.sqrt(weights)[:, None]
    total = apart.T @ apart
    for weight, (_, covariance) in zip(weights, each, strict=True):
        total += weight * covariance
    size = len(mean) // 2
    own = np.einsum("iaib->iab", total.reshape(size, 2, size, 2))
    drops = drops_of(total, own, click) * box.side
    return box.to_image(mean.reshape(-1, 2)), box.covariance_to_image(own), drops
