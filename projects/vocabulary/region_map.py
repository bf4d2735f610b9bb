"""How likely each pixel of a box belongs to each region, and the clicks that say so."""

from dataclasses import dataclass

from landmark_annotator.projects.vocabulary.arrays import AnyFloats
from landmark_annotator.projects.vocabulary.box import Box


@dataclass(frozen=True)
class RegionClick:
    """A person said that the pixel at (x, y), image pixels, belongs to a region, or does not."""

    region: str
    x: float
    y: float
    belongs: bool = True


@dataclass(frozen=True, eq=False)
class RegionMap:
    """regions: R names. probabilities: (R, height, width), each for itself between 0 and 1.

    The cells divide the box evenly along its own sides, which may be turned: cell (row, column)
    covers the columns from column / width to (column + 1) / width of the box's width, and a place
    outside the box belongs to no region.
    """

    regions: tuple[str, ...]
    probabilities: AnyFloats
    box: Box
