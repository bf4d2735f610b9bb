"""From pixels and a box to a refined box and the scores of all classes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from landmark_annotator.backends.exemplar.network import ExemplarNetwork
from landmark_annotator.backends.learning.batches import as_batch
from landmark_annotator.backends.learning.box_refinement import corrected, mirrored
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.device import device_of
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints, Pixels
from landmark_annotator.projects.vocabulary.box import Box

MOST_REFINEMENTS = 4
_SETTLED = 0.004
"""Sides of the box: a correction below this is the last one."""


@dataclass(frozen=True, eq=False)
class Classifier:
    """A trained network with its K classes.

    exemplars: (K, L, 2) float32 in the canonical frame. mirrored_class: (K,) the class of each
    exemplar's mirror image, None where the scheme has no partners. size: crop side in pixels.
    """

    network: ExemplarNetwork
    exemplars: AnyFloats
    mirrored_class: Ints | None
    size: int

    def classify(
        self, pixels: Pixels, box: Box, refinements: int = MOST_REFINEMENTS
    ) -> tuple[Box, Floats]:
        """The refined box, and the scores (H, K) float64 of the crop along it, before temperature.

        The box is corrected until it settles, at most `refinements` times; crop and mirrored crop
        are averaged where the scheme has partners. H is one but in training.
        """
        for _ in range(refinements):
            scores, move = self._infer(pixels, box)
            if np.abs(move).max() < _SETTLED:
                return box, scores
            box = corrected(box, move)
        scores, _ = self._infer(pixels, box)
        return box, scores

    def features(self, pixels: Pixels, box: Box) -> Floats:
        """(F,) of the crop along the box."""
        with torch.inference_mode():
            features = self.network.embed(self._batch([crop(pixels, box, self.size)]))
        return np.asarray(features[0].cpu().double().numpy())

    def _infer(self, pixels: Pixels, box: Box) -> tuple[Floats, Floats]:
        crops = [crop(pixels, box, self.size)]
        if self.mirrored_class is not None:
            crops.append(crop(pixels, box, self.size, flip=True))
        with torch.inference_mode():
            outputs = self.network(self._batch(crops))
        scores, moves = (output.cpu().double().numpy() for output in outputs[:2])
        score, move = scores[:, 0], moves[0]
        if self.mirrored_class is not None:
            score = (score + scores[:, 1][:, self.mirrored_class]) / 2
            move = (move + mirrored(moves[1])) / 2
        return score, move

    def _batch(self, crops: Sequence[Pixels]) -> torch.Tensor:
        return as_batch(np.stack(crops)).to(device_of(self.network))
