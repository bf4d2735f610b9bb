"""What every method to fill shapes learns from, and what is filled: instances with all of their
landmarks, and instances with a few."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landmark_annotator.annotator.session.simulation.hand import (
    BOX_ERROR,
    CLICK_ERROR,
    aimed,
    dealt_folds,
    redrawn,
)
from landmark_annotator.backends.fill.linear import FEWEST_SHAPES
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.fitting.alignment import shown_box, similarity_box
from landmark_annotator.backends.shapes.fitting.facing import kinds_of, nearest_kind
from landmark_annotator.projects.vocabulary import Box, Evidence, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints, Pixels

FRAME_POINTS = 2
"""Clicks that show where an object lies and how large it is."""


@dataclass(frozen=True, eq=False)
class Clicked:
    """An instance with a few of its landmarks. points: (L, 2) image pixels, NaN where unknown.
    boxed: whether the box is of the object; else it says no more than the clicks, as the square
    around them that a label file without boxes is given."""

    points: Floats
    box: Box
    read_pixels: Callable[[], Pixels]
    boxed: bool = True

    @property
    def landmarks(self) -> tuple[int, ...]:
        return tuple(np.flatnonzero(np.isfinite(self.points[:, 0])).tolist())

    def kept_in(self, shape: Shape) -> Shape:
        """The shape with what was clicked where it was clicked."""
        points = np.where(np.isfinite(self.points), self.points, shape.points)
        return Shape(points, covariances=shape.covariances)

    def given(self, proposal: Proposal) -> Shape:
        """What the proposal says of all landmarks after the clicks."""
        deviation = proposal.click_deviation
        evidence = [Evidence.click(j, self.points[j], deviation) for j in self.landmarks]
        posterior = proposal.given(evidence)
        return Shape(posterior.points, covariances=posterior.covariances)


@dataclass(frozen=True, eq=False)
class Dense:
    """The densely labelled instances that every method learns from. folds: (n,) 0..4. click_error:
    deviation of the project's clicks along each axis, as a share of the normaliser."""

    instances: Sequence[LabelledInstance]
    folds: Ints
    scheme: Scheme
    click_error: float = CLICK_ERROR

    @classmethod
    def dealt(
        cls,
        instances: Sequence[LabelledInstance],
        scheme: Scheme,
        seed: int,
        click_error: float = CLICK_ERROR,
    ) -> "Dense":
        related = [instance.split_key for instance in instances]
        random = np.random.default_rng((seed, 9))
        return cls(instances, dealt_folds(related, random, FEWEST_SHAPES), scheme, click_error)

    def outside(self, fold: int | None) -> list[LabelledInstance]:
        """All that are not in the fold."""
        return [i for i, own in zip(self.instances, self.folds, strict=True) if own != fold]

    def clicked(
        self, index: int, landmarks: Sequence[int], seed: int, boxed: float = 1.0
    ) -> tuple[Clicked, float]:
        """An instance as if only these landmarks had been clicked, with a person's error; and the
        normaliser's length. boxed: how probably it is in a box as a person draws it, and not in the
        square around the clicks."""
        instance = self.instances[index]
        random = np.random.default_rng((seed, index))
        box = redrawn(instance.box, BOX_ERROR, random)
        truth = instance.shape.points
        length = self.scheme.normaliser_length(truth, instance.box)
        points = np.full_like(truth, np.nan)
        clicks = aimed(truth, random.normal(size=truth.shape), length, self.click_error)
        points[list(landmarks)] = clicks[list(landmarks)]
        if len(landmarks) < FRAME_POINTS or random.random() < boxed:
            return Clicked(points, box, instance.read_pixels), length
        around = Box.square_around(points)
        return Clicked(points, around, instance.read_pixels, boxed=False), length

    def box(self, clicked: Clicked) -> Box:
        """Of the instance; where it has none that is the object's, as densely labelled instances
        with such clicks have it."""
        if clicked.boxed:
            return clicked.box
        kind = nearest_kind(self._kinds, clicked.points)
        around = Box.square_around(similarity_box(kind, clicked.points).to_image(kind))
        x, y, width, height = (self._drawn * around.side).tolist()
        return Box(around.centre_x + x, around.centre_y + y, width, height)

    def frame(self, clicked: Clicked) -> Box:
        """Where the instance lies, by its clicks where there are enough of them."""
        kind = nearest_kind(self._kinds, clicked.points)
        return shown_box(kind, clicked.points, self.box(clicked))

    @cached_property
    def _kinds(self) -> list[Floats]:
        """(L, 2) mean shapes: of objects that face either way the mean is none of them."""
        return kinds_of([instance.shape.points for instance in self.instances], self.scheme)

    @cached_property
    def _drawn(self) -> Floats:
        """(4,) how boxes lie beside the squares around their shapes: centre from centre, width and
        height, in sides of the square."""
        rows = []
        for each in self.instances:
            square, box = Box.square_around(each.shape.points), each.box
            x, y = box.centre_x - square.centre_x, box.centre_y - square.centre_y
            rows.append(np.array([x, y, box.width, box.height]) / square.side)
        return np.asarray(np.median(rows, axis=0))
