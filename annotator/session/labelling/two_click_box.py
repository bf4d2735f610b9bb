"""Two clicks in place of a box: they fix where the mean of the labelled shapes lies."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes.fitting.alignment import nan_mean, similarity_box
from landmark_annotator.backends.shapes.orientation import headed
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError

Point = tuple[float, float]

_BESIDE = 0.05
"""Of the box, beside the outermost landmarks of the mean: shapes differ from it."""


@dataclass(frozen=True, eq=False)
class TwoClicks:
    """landmarks: what is to be clicked, in order. mean: (L, 2) in the box frame. scheme: whose
    heading, where it has one, turns that frame."""

    landmarks: tuple[int, int]
    mean: Floats
    scheme: Scheme

    def box(self, first: Point, second: Point) -> Box:
        """The box in which the mean has both landmarks where they were clicked, turned as needed.

        Raises ActionableError where both clicks are on the same place.
        """
        if np.hypot(first[0] - second[0], first[1] - second[1]) < 1.0:
            raise ActionableError(
                "Both clicks are on the same place.", remedy="Click two landmarks, or drag a box."
            )
        clicked = np.full_like(self.mean, np.nan)
        clicked[list(self.landmarks)] = first, second
        return similarity_box(self.mean, clicked)

    def around(self, first: Point, second: Point) -> Box:
        """What an object gets that is clicked so: that box, grown to hold the mean where labelled
        boxes are turned by the heading. Upright ones hold their shapes, and turned they do not, as
        of what is long and lies across. Raises as `box` does."""
        box = self.box(first, second)
        if self.scheme.heading is None:
            return box
        low = np.minimum(np.nanmin(self.mean, axis=0) - _BESIDE, -0.5)
        high = np.maximum(np.nanmax(self.mean, axis=0) + _BESIDE, 0.5)
        x, y = box.to_image((low + high) / 2)
        width, height = (high - low) * box.side
        return Box(float(x), float(y), float(width), float(height), box.angle)


def two_clicks(scheme: Scheme, labelled: Sequence[tuple[Box, Shape]]) -> TwoClicks | None:
    """The landmarks of the scheme's normaliser, else of its heading, else the two that lie
    farthest from each other. None before anything is labelled.

    scheme: with a heading where the shapes turn freely, for the mean of all turns is no shape.
    """
    if not labelled:
        return None
    shapes = [headed(box, shape, scheme).to_frame(shape.points) for box, shape in labelled]
    mean = nan_mean(np.stack(shapes))
    apart = np.linalg.norm(mean[:, None] - mean[None], axis=2)
    for pair in (scheme.normaliser, scheme.heading):
        if pair is not None and apart[pair] > 0:
            return TwoClicks(pair, mean, scheme)
    if not np.nanmax(apart, initial=0.0) > 0:
        return None
    first, second = np.unravel_index(np.nanargmax(apart), apart.shape)
    return TwoClicks((int(first), int(second)), mean, scheme)
