"""Two networks as one: what each pixel belongs to, and of some regions the word of the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from landmark_annotator.backends.registry import Segmenting
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.mask import Mask
from landmark_annotator.projects.vocabulary.region_map import RegionClick, RegionMap

_LEAST = 1e-6


@dataclass(frozen=True, eq=False)
class Together:
    """first, and second, whose word about its own regions stands. Both look at the same box."""

    first: Segmenting
    second: Segmenting

    def regions(self) -> tuple[str, ...]:
        return (*self._left(), *self.second.regions())

    def segment(
        self,
        pixels: Pixels,
        box: Box,
        landmarks: Floats,
        previous: Mapping[str, Mask],
        clicks: Sequence[RegionClick],
        covariances: Floats | None = None,
    ) -> RegionMap:
        """See `registry.Segmenting`. What the second one gives to its regions the others lose, and
        what it leaves is theirs in their own proportions."""
        first = self.first.segment(pixels, box, landmarks, previous, clicks, covariances)
        said = self._said(clicks)
        second = self.second.segment(pixels, box, landmarks, previous, said, covariances)
        assert first.box == second.box
        size = first.probabilities.shape[2], first.probabilities.shape[1]
        finer = second.probabilities.astype(np.float32)
        own = np.stack([np.asarray(cv2.resize(each, size)) for each in finer])
        left = [first.regions.index(name) for name in self._left()]
        others = first.probabilities[left]
        none = (1 - first.probabilities.sum(axis=0)).clip(0)
        share = (1 - own.sum(axis=0)).clip(0) / (others.sum(axis=0) + none).clip(_LEAST)
        likely: AnyFloats = np.concatenate([others * share, own])
        return RegionMap(self.regions(), likely, first.box)

    def _said(self, clicks: Sequence[RegionClick]) -> list[RegionClick]:
        """As the second one hears it: what belongs to another region belongs to none of its own."""
        own, said = self.second.regions(), list[RegionClick]()
        for click in clicks:
            if click.region in own:
                said.append(click)
            elif click.belongs:
                said += [RegionClick(name, click.x, click.y, belongs=False) for name in own]
        return said

    def _left(self) -> tuple[str, ...]:
        return tuple(name for name in self.first.regions() if name not in self.second.regions())
