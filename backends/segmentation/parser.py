"""A trained network at work: from pixels, hints and clicks to probabilities."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from landmark_annotator.backends.borders.border_statistics import Borders
from landmark_annotator.backends.borders.mask_evidence import with_landmarks
from landmark_annotator.backends.learning.batches import as_batch
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.model_files import ModelFiles, fill_network
from landmark_annotator.backends.segmentation.augmentation import contour_lines, partner_labels
from landmark_annotator.backends.segmentation.click_evidence import heeded
from landmark_annotator.backends.segmentation.colour_evidence import with_colours
from landmark_annotator.backends.segmentation.examples import MARGINS, crop_labels, square, to_crop
from landmark_annotator.backends.segmentation.hints import UNSAID, Click, Labels, hint_planes
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.mask import Mask
from landmark_annotator.projects.vocabulary.region_map import RegionClick, RegionMap
from landmark_annotator.projects.vocabulary.scheme import Scheme

_SEAM, _NEAR = 1 / 8, 3.0
"""Sides of the near crop over which it gains its full weight, and how much this is: finer, it was
right more often than the wide one, on rendered and photographed heads of training sets."""


@dataclass(frozen=True, eq=False)
class Parser:
    """network: crops (B, 3, S, S) and hints (B, C, S/2, S/2) to logits (B, R + 1, S, S), see
    `hints`. names: of the regions that it knows, in the order of its labels from 1. size: of its
    crops. lines: landmarks that it draws as lines. borders: of its regions, None of one that
    knows none. partners: (256,) of each label the one that it is in a mirrored picture, None where
    an object and its mirror image are not alike."""

    network: nn.Module
    names: tuple[str, ...]
    size: int
    lines: Sequence[Sequence[int]]
    borders: Borders | None = None
    partners: Labels | None = None

    @property
    def parameters(self) -> int:
        """How many numbers the network has learned."""
        return sum(each.numel() for each in self.network.parameters())

    def regions(self) -> tuple[str, ...]:
        return self.names

    def segment(
        self,
        pixels: Pixels,
        box: Box,
        landmarks: Floats,
        previous: Mapping[str, Mask],
        clicks: Sequence[RegionClick],
        covariances: Floats | None = None,
    ) -> RegionMap:
        """See `registry.Segmenting`. The map is over the square around the box, wider by the last
        of MARGINS.

        Regions and clicks of other names are left aside. A click's own pixels are as it says.
        """
        frame, known = square(box), [click for click in clicks if click.region in self.names]
        masks = {name: mask for name, mask in previous.items() if name in self.names}
        likely = self.likely(pixels, frame, landmarks, masks)
        size, margin = likely.shape[1], MARGINS[-1]
        seen = crop(pixels, frame, size, margin)
        height, width = pixels.shape[:2]
        inside = crop_labels(np.ones((height, width), np.uint8), frame, size, margin) == 1
        told = self._clicks(known, frame, size, margin)
        if self.borders is not None and np.isfinite(landmarks).any():
            at, side = to_crop(landmarks, frame, size, margin), size / margin
            turned = None if covariances is None else frame.covariance_to_frame(covariances)
            within = None if turned is None else turned * side**2
            likely = with_landmarks(likely, at, within, side, self.borders)
        likely = heeded(with_colours(likely, seen, inside), seen, told)
        return RegionMap(self.names, likely[1:], _wider(frame))

    def likely(
        self,
        pixels: Pixels,
        frame: Box,
        landmarks: Floats,
        previous: Mapping[str, Mask],
    ) -> AnyFloats:
        """(R + 1, C, C) over the wider square, none of the regions first: what both looks say.

        The network is told no clicks, though it has learned to heed them: `click_evidence` does it
        better, on persons that neither has seen.
        """
        hints = [self._hints(frame, margin, landmarks, previous) for margin in MARGINS]
        crops = [crop(pixels, frame, self.size, margin) for margin in MARGINS]
        near, wide = self._seen(np.stack(crops), np.stack(hints))
        return joined(near, wide)

    def _seen(self, crops: Pixels, hints: AnyFloats) -> Tensor:
        """Those of `logs`; the mean of them and of what the crops in a mirror say, where an object
        looks alike in a mirror."""
        found = self.logs(crops, hints)
        if self.partners is None:
            return found
        labels = self.partners[: len(self.names) + 1].astype(int)
        clicks = len(self.names) + labels[1:]
        planes = [*labels, *clicks, hints.shape[1] - 1]
        turned = self.logs(crops[:, :, ::-1].copy(), hints[:, planes, :, ::-1].copy())
        return (found + turned.flip(3)[:, labels]) / 2

    @torch.no_grad()
    def logs(self, crops: Pixels, hints: AnyFloats) -> Tensor:
        """(N, R + 1, size, size) logarithms of the probabilities in crops (N, size, size, 3)."""
        weight = next(self.network.parameters())
        logits = self.network(as_batch(crops).to(weight), torch.from_numpy(hints).to(weight))
        found: Tensor = logits.contiguous().log_softmax(dim=1)
        return found

    def _hints(
        self, frame: Box, margin: float, landmarks: Floats, previous: Mapping[str, Mask]
    ) -> AnyFloats:
        points = to_crop(landmarks, frame, self.size, margin)
        lines = [points[list(line)] for line in self.lines if max(line) < len(points)]
        before = self._before(previous, frame, margin) if previous else None
        return hint_planes(self.size, len(self.names), before, (), lines)

    def _before(self, previous: Mapping[str, Mask], frame: Box, margin: float) -> Labels:
        """(size, size) labels. Where not all regions are told, a pixel of none may be of one."""
        reach = frame.side * margin * 0.75 + 2
        left, top = round(frame.centre_x - reach), round(frame.centre_y - reach)
        side = 2 * round(reach) + 1
        told = all(name in previous for name in self.names)
        labels = np.full((side, side), 0 if told else UNSAID, np.uint8)
        for label, name in enumerate(self.names, start=1):
            if name in previous:
                labels[previous[name].inside((left, top, side, side))] = label
        moved = Box(
            frame.centre_x - left, frame.centre_y - top, frame.width, frame.height, frame.angle
        )
        return crop_labels(labels, moved, self.size, margin)

    def _clicks(
        self, clicks: Sequence[RegionClick], frame: Box, size: int, margin: float
    ) -> list[Click]:
        """In pixels of a crop of this size."""
        at = to_crop(np.array([[c.x, c.y] for c in clicks]).reshape(-1, 2), frame, size, margin)
        return [
            Click(float(x), float(y), self.names.index(click.region) + 1, click.belongs)
            for click, (x, y) in zip(clicks, at, strict=True)
        ]


def joined(near: Tensor, wide: Tensor) -> AnyFloats:
    """(R + 1, C, C) probabilities over the wide crop, in pixels of the near one: a geometric mean
    where both see."""
    size = near.shape[1]
    beyond = round(size * (MARGINS[1] / MARGINS[0] - 1) / 2)
    whole = size + 2 * beyond
    found = functional.interpolate(wide[None], (whole, whole), mode="bilinear")[0]
    inwards = torch.arange(size, device=near.device)
    ramp = (torch.minimum(inwards, inwards.flip(0)) / (_SEAM * size)).clamp(max=1.0)
    weight = _NEAR * torch.minimum(ramp[:, None], ramp)
    inner = found[:, beyond : beyond + size, beyond : beyond + size]
    inner.copy_((inner + weight * near) / (1 + weight))
    return np.asarray(found.softmax(dim=0).cpu().numpy())


def _wider(frame: Box) -> Box:
    side = frame.side * MARGINS[-1]
    return Box(frame.centre_x, frame.centre_y, side, side, frame.angle)


def read_parser(
    files: ModelFiles,
    folder: Path,
    scheme: Scheme,
    begun: Callable[[int, Mapping[str, Any]], nn.Module],
) -> Parser:
    """As it was trained. begun: the network of so many regions, by the settings on the card, as
    before its training. Raises WeightsMismatch where the files are damaged or made for another
    scheme."""
    card, tensors = files.read(folder, scheme)
    with files.understood(f"The {files.backend} network in {folder} cannot be read"):
        names, settings = tuple(card["regions"]), card["settings"]
        network = begun(len(names), settings)
        fill_network(network, tensors)
        borders = Borders.read(Scheme.from_dict(card["scheme"]), names, card.get("borders", ()))
        lines = contour_lines(scheme)
        partners = partner_labels(scheme, names)
        return Parser(network.eval(), names, int(settings["size"]), lines, borders, partners)
