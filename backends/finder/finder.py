"""Finding: a whole image in, boxes with scores out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from landmark_annotator.backends.finder.model_files import FILES
from landmark_annotator.backends.finder.network import DEEPEST, FinderNetwork, boxes_at, folded
from landmark_annotator.backends.finder.pictures import resized, scaled
from landmark_annotator.backends.learning.batches import as_batch
from landmark_annotator.backends.learning.device import REDUCED, device_named, device_of
from landmark_annotator.backends.learning.model_files import fill_network, halved
from landmark_annotator.backends.metrics.boxes import nesting, overlap
from landmark_annotator.backends.shapes.however_shown import stretched
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_image import Found
from landmark_annotator.projects.vocabulary.scheme import Scheme

_MOST = 300
"""Objects in an image."""
_PAD = 114
_LARGEST, _MOST_SCALES = 8192, 16


@dataclass(frozen=True, eq=False)
class Finder:
    """network: in evaluation mode. size: longer side in pixels to which images are brought; and
    again at each of the further `scales` of that, for larger objects. threshold: of scores. shared:
    how much two found boxes may share, over what either covers; nested: over the smaller one.
    turns: whether boxes are turned as the objects point."""

    network: FinderNetwork
    size: int
    scales: tuple[float, ...]
    threshold: float
    shared: float
    nested: float
    turns: bool

    def find(self, pixels: Pixels, threshold: float | None = None) -> list[Found]:
        """The best first, in pixels of the image; where nothing is found in a pale or a dark one,
        with its levels stretched."""
        least = self.threshold if threshold is None else threshold
        found = self._found_as_shown(pixels, least)
        other = None if found else stretched(pixels)
        return found if other is None else self._found_as_shown(other, least)

    def _found_as_shown(self, pixels: Pixels, least: float) -> list[Found]:
        found: list[Found] = []
        for share in self.scales:
            size = max(DEEPEST, round(self.size * share / DEEPEST) * DEEPEST)
            small, scale = resized(pixels, size)
            found += [
                Found(scaled(each.box, 1 / scale), each.score) for each in self._peaks(small, least)
            ]
        return best_first(found, self.shared, self.nested)[:_MOST]

    @cached_property
    def _fast(self) -> FinderNetwork:
        return folded(self.network)

    def _peaks(self, pixels: Pixels, least: float) -> list[Found]:
        height, width = pixels.shape[:2]
        below, beside = -height % DEEPEST, -width % DEEPEST
        whole = np.pad(pixels, ((0, below), (0, beside), (0, 0)), constant_values=_PAD)
        with torch.inference_mode():
            images = as_batch(whole[None]).to(device_of(self._fast), REDUCED)
            said = self._fast(images)[0].cpu()
            scores = said[0].sigmoid()
            highest = functional.max_pool2d(scores[None], 3, 1, 1)[0]
            rows, columns = torch.nonzero((scores == highest) & (scores >= least), as_tuple=True)
            boxes, turn = boxes_at(said)[:, rows, columns].T, said[5:7, rows, columns].T
        return self._found(scores[rows, columns], boxes, turn, width, height)

    def _found(
        self, scores: Tensor, boxes: Tensor, turns: Tensor, width: int, height: int
    ) -> list[Found]:
        found = []
        for score, (x, y, w, h), (cos, sin) in zip(
            scores.tolist(), boxes.tolist(), turns.tolist(), strict=True
        ):
            if -0.5 <= x <= width - 0.5 and -0.5 <= y <= height - 0.5:
                angle = math.atan2(sin, cos) if self.turns else 0.0
                found.append(Found(Box(x, y, w, h, angle), score))
        return found


def save(folder: Path, finder: Finder, card: Mapping[str, Any]) -> None:
    numbers = {
        "size": finder.size,
        "scales": list(finder.scales),
        "threshold": finder.threshold,
        "shared": finder.shared,
        "nested": finder.nested,
        "turns": finder.turns,
    }
    FILES.write(folder, halved(finder.network.state_dict()), {}, {**card, "finding": numbers})


def load(folder: Path, scheme: Scheme, device: str = "cpu") -> Finder:
    """Raises WeightsMismatch where the files are damaged or belong to another scheme."""
    card, tensors = FILES.read(folder, scheme)
    network = FinderNetwork()
    with FILES.understood(f"The weights in {folder} are of another network"):
        numbers = card["finding"]
        fill_network(network, tensors)
        scales = tuple(float(each) for each in numbers["scales"])
        if not 0 < int(numbers["size"]) <= _LARGEST or len(scales) > _MOST_SCALES:
            raise ValueError("it looks at images that are too large, or at too many sizes")
        if not all(0 < each <= 1 for each in scales):
            raise ValueError("it looks at images in sizes that are no shares of one")
        return Finder(
            network.eval().to(device_named(device)),
            int(numbers["size"]),
            scales,
            float(numbers["threshold"]),
            float(numbers["shared"]),
            float(numbers.get("nested", 1.0)),  # of earlier versions, which did not ask
            bool(numbers["turns"]),
        )


def best_first(found: Sequence[Found], shared: float, nested: float) -> list[Found]:
    """Without those that share more than may be with a better one; see `Finder`."""
    kept: list[Found] = []
    for each in sorted(found, key=lambda f: -f.score):
        if not any(
            overlap(each.box, better.box) > shared or nesting(each.box, better.box) > nested
            for better in kept
        ):
            kept.append(each)
    return kept
