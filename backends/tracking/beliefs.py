"""Proposals as Gaussians in image pixels, and the part of their errors that persists."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box

_TAIL = 4.0
"""Degrees of freedom."""
_MOST_MODES = 16
_TURNED, _GROWN, _BENT = 1.0, 0.3, 0.1
"""Of an object that is lost: radians by which it is turned, the share of its size by which that is
another one, and sides of its box by which its landmarks are off besides."""
_KEPT = 0.99
"""Of the variance that the slow modes stand for."""


@dataclass(frozen=True, eq=False)
class Believed:
    """box: the frame that errors persist in. mean: (2L,), covariance: (2L, 2L), in image pixels,
    flattened as (x0, y0, x1, y1, ...). familiar: whether the image is known to show what the model
    has learned to see. elsewhere: (2L, 2L) the part of the covariance that is of an object which
    may be anywhere else; None where nothing says that it is."""

    box: Box
    mean: Floats
    covariance: Floats
    familiar: bool = False
    elsewhere: Floats | None = None

    @property
    def there(self) -> Floats:
        """(2L, 2L) the covariance as it is where the object is in the box."""
        return self.covariance if self.elsewhere is None else self.covariance - self.elsewhere

    @property
    def blocks(self) -> Floats:
        """(L, 2, 2) the covariances of single landmarks."""
        size = len(self.mean) // 2
        return np.asarray(np.einsum("iaib->iab", self.covariance.reshape(size, 2, size, 2)))

    @classmethod
    def of(cls, proposal: Proposal) -> "Believed":
        mixture, box = proposal.mixture, proposal.box
        axes = image_axes(box)
        covariance = turned(mixture.covariance, axes)
        known = proposal.novelty is not None and not proposal.unfamiliar
        return cls(box, box.to_image(mixture.mean).ravel(), covariance, known)

    def doubted(self, factors: Floats) -> "Believed":
        """The same, each landmark's variance (L,) so many times as large; they correlate as
        before."""
        widths = np.repeat(np.sqrt(factors), 2)
        return replace(self, covariance=self.covariance * np.outer(widths, widths))

    def astray(self, probability: float, place: float, alike: float) -> "Believed":
        """The same, of an object that is as probably as this somewhere else: its place is unsure by
        the variance `place` along each axis, and so is how it is turned; but it has a shape of its
        own there too, and its landmarks do not fly apart. alike: so many frames in a row are
        one witness, for it is the same that they look at in its place."""
        size = len(self.mean) // 2
        apart = self.mean.reshape(size, 2) - self.mean.reshape(size, 2).mean(axis=0)
        across = np.stack([-apart[:, 1], apart[:, 0]], axis=1)
        moved = np.sqrt(place) * np.tile(np.eye(2), (size, 1)).T
        similar = [_TURNED * across.ravel(), _GROWN * apart.ravel()]
        ways = np.sqrt(probability * alike) * np.stack([*moved, *similar])
        bent = np.full(2 * size, probability * (_BENT * self.box.side) ** 2)
        elsewhere = ways.T @ ways + np.diag(bent)
        return replace(self, covariance=self.covariance + elsewhere, elsewhere=elsewhere)


def squares(off: Floats, covariances: Floats) -> Floats:
    """(L,) of what landmarks are off by (L, 2), in units of their covariances (L, 2, 2)."""
    return np.asarray(np.einsum("ia,iab,ib->i", off, np.linalg.inv(covariances), off))


def likely(off: Floats, covariances: Floats) -> Floats:
    """(L,) log likelihoods of being off by so much, up to a constant: of t distributions, for one
    leg that is lost makes no other fly."""
    tails = (_TAIL + 2) / 2 * np.log1p(squares(off, covariances) / _TAIL)
    return np.asarray(-tails - 0.5 * np.log(np.linalg.det(covariances)))


def image_axes(box: Box) -> Floats:
    """(2, 2) the axes of the box's frame, as columns, in image pixels."""
    return np.asarray((box.to_image(np.eye(2)) - box.to_image(np.zeros((1, 2)))).T)


def frame_axes(box: Box) -> Floats:
    """(2, 2) the inverse: the axes of the image in the frame of the box."""
    return np.asarray(np.linalg.inv(image_axes(box)), dtype=np.float64)


def turned(matrix: Floats, axes: Floats) -> Floats:
    """(2L, 2L) with the axes (2, 2) of each landmark's coordinates changed."""
    size = len(matrix) // 2
    blocks = matrix.reshape(size, 2, size, 2)
    return np.asarray(np.einsum("ab,ibjc,dc->iajd", axes, blocks, axes, optimize=True)).reshape(
        2 * size, 2 * size
    )


def slow_modes(found: Sequence[Believed | None]) -> Floats:
    """(2L, r) orthonormal, in the frames of the boxes: in which the proposals vary most."""
    known = [each for each in found if each is not None]
    step = -(-len(known) // 50)
    mean = np.mean([framed(each) for each in known[::step]], axis=0)
    values, vectors = np.linalg.eigh(mean)
    values, vectors = values[::-1], vectors[:, ::-1]
    count = int(np.searchsorted(np.cumsum(values) / values.sum(), _KEPT)) + 1
    return np.asarray(vectors[:, : min(count, _MOST_MODES)])


def framed(found: Believed) -> Floats:
    """(2L, 2L) the covariance in the frame of the box, of an object that is there."""
    return turned(found.there, frame_axes(found.box))


def slow_part(found: Believed, modes: Floats, share: float) -> Floats:
    """(2L, r) U, in image pixels: U Uᵀ is the share of the covariance along the modes, and what
    the covariance leaves of it is positive. What errs there by being elsewhere errs by itself: by
    what is known of the frames that show the object nothing is known of that."""
    axes = image_axes(found.box)
    turn = axes / np.sqrt(abs(np.linalg.det(axes)))
    rotated = np.einsum("ab,ibr->iar", turn, modes.reshape(-1, 2, modes.shape[1]))
    rotated = rotated.reshape(modes.shape)
    reached = found.there @ rotated
    values, vectors = np.linalg.eigh(rotated.T @ reached)
    root = (vectors / np.sqrt(np.maximum(values, 1e-12))) @ vectors.T
    return np.asarray(np.sqrt(share) * reached @ root)
