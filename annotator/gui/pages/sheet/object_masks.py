"""The masks of an object on a sheet, and how far they reach."""

from collections.abc import Callable, Mapping

from landmark_annotator.projects.vocabulary import Box, RegionMask

MasksOf = Callable[[int], Mapping[str, RegionMask]]
"""Of an instance, by region."""


def boxes_around(masks: Mapping[str, RegionMask]) -> list[Box]:
    """One around each that holds something."""
    bounds = [one.mask.bounds for one in masks.values() if one.mask]
    return [Box.from_corner(x - 0.5, y - 0.5, width, height) for x, y, width, height in bounds]
