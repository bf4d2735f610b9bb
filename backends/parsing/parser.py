"""A trained parsing network at work: from pixels, hints and clicks to probabilities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from landmark_annotator.backends.learning.batches import as_batch
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.model_files import ModelFiles, fill_network
from landmark_annotator.backends.parsing.augmentation import contour_lines
from landmark_annotator.backends.parsing.examples import MARGIN, crop_labels, square, to_crop
from landmark_annotator.backends.parsing.hints import UNSAID, Click, Labels, hint_count, hint_planes
from landmark_annotator.backends.parsing.network import ParsingNetwork, folded
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.mask import Mask
from landmark_annotator.projects.vocabulary.region_map import RegionClick, RegionMap
from landmark_annotator.projects.vocabulary.scheme import Scheme

FILES = ModelFiles("parsing", 1)
_LEAST, _SURE = 1e-6, 1.0
"""A probability that counts as none, and log odds of what a person said."""
_REACH, _ALIKE = 0.1, 2.0
"""How far a click reaches: in sides of the crop, and in log odds."""
_SAID = 2.0
"""Pixels of the crop around a click in which the person's word stands against the network's."""


@dataclass(frozen=True, eq=False)
class Parser:
    """names: of the regions that it knows, in the order of its labels from 1. size: of its crops.
    lines: landmarks that it draws as lines."""

    network: ParsingNetwork
    names: tuple[str, ...]
    size: int
    lines: Sequence[Sequence[int]]

    def regions(self) -> tuple[str, ...]:
        return self.names

    def segment(
        self,
        pixels: Pixels,
        box: Box,
        landmarks: Floats,
        previous: Mapping[str, Mask],
        clicks: Sequence[RegionClick],
    ) -> RegionMap:
        """See `registry.Segmenting`. The map is over the square around the box, wider by MARGIN.

        Regions and clicks of other names are left aside. A click's own pixels are as it says.
        """
        frame = square(box)
        known = {name: mask for name, mask in previous.items() if name in self.names}
        told = [self._click(click, frame) for click in clicks if click.region in self.names]
        lines = self._lines(landmarks, frame)
        before = self._before(known, frame) if known else None
        hints = hint_planes(self.size, len(self.names), before, told, lines)
        likely = self.probabilities(crop(pixels, frame, self.size, MARGIN), hints)
        for click in told:
            likely = heeded(likely, click)
        for click in told:
            _insist(likely, click)
        wide = Box(
            frame.centre_x, frame.centre_y, frame.side * MARGIN, frame.side * MARGIN, frame.angle
        )
        return RegionMap(self.names, likely[1:], wide)

    @torch.no_grad()
    def probabilities(self, seen: Pixels, hints: AnyFloats) -> AnyFloats:
        """(R + 1, size, size) of a crop, none of the regions first."""
        weight = self.network.seen.weight
        crops, planes = as_batch(seen[None]).to(weight), torch.from_numpy(hints[None]).to(weight)
        logits = self.network(crops, planes)
        return np.asarray(logits[0].softmax(dim=0).cpu().numpy())

    def _before(self, previous: Mapping[str, Mask], frame: Box) -> Labels:
        """(size, size) labels. Where not all regions are told, a pixel of none may be of one."""
        reach = frame.side * MARGIN * 0.75 + 2
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
        return crop_labels(labels, moved, self.size)

    def _click(self, click: RegionClick, frame: Box) -> Click:
        at = to_crop(np.array([[click.x, click.y]]), frame, self.size)[0]
        return Click(float(at[0]), float(at[1]), self.names.index(click.region) + 1, click.belongs)

    def _lines(self, landmarks: Floats, frame: Box) -> list[Floats]:
        points = to_crop(landmarks, frame, self.size)
        return [points[list(line)] for line in self.lines if max(line) < len(points)]


def heeded(likely: AnyFloats, click: Click) -> AnyFloats:
    """The probabilities (R + 1, size, size) as they are when the clicked pixel is as it says.

    A Gaussian process over the region's log odds, of which the click says one value: what is near
    and of which the network thinks the same follows the click, what it is sure of stays.
    """
    size = likely.shape[2]
    column, row = (min(max(round(at), 0), size - 1) for at in (click.x, click.y))
    logs = np.log(likely.clip(_LEAST))
    others = np.delete(logs, click.label, axis=0).max(axis=0)
    odds = logs[click.label] - others
    wanted = _SURE if click.belongs else -_SURE
    lacking = wanted - odds[row, column]
    if lacking * wanted <= 0:
        return likely
    rows, columns = np.ogrid[:size, :size]
    apart = ((columns - column) ** 2 + (rows - row) ** 2) / (_REACH * size) ** 2
    unlike = (odds - odds[row, column]) ** 2 / _ALIKE**2
    logs[click.label] += lacking * np.exp(-(apart + unlike) / 2)
    moved = np.exp(logs - logs.max(axis=0))
    return np.asarray(moved / moved.sum(axis=0))


def _insist(likely: AnyFloats, click: Click) -> None:
    """Writes what a person said about a pixel into the probabilities (R + 1, size, size)."""
    low = np.clip(np.round([click.x - _SAID, click.y - _SAID]).astype(int), 0, likely.shape[2])
    high = np.clip(np.round([click.x + _SAID, click.y + _SAID]).astype(int) + 1, 0, likely.shape[2])
    rows, columns = np.mgrid[low[1] : high[1], low[0] : high[0]]
    disk = (columns - click.x) ** 2 + (rows - click.y) ** 2 <= _SAID**2
    part = likely[:, low[1] : high[1], low[0] : high[0]]
    if click.belongs:
        part[:, disk] = 0.0
        part[click.label, disk] = 1.0
    else:
        part[click.label, disk] = 0.0
        part[:, disk] /= part[:, disk].sum(axis=0).clip(1e-9)


def load(folder: Path, scheme: Scheme, device: str = "cpu") -> Parser:
    """For proposing: in reduced precision. Raises WeightsMismatch where the files are damaged or
    made for another scheme."""
    where = device_named(device)
    exact = read(folder, scheme)
    return replace(exact, network=folded(exact.network).to(where))


def read(folder: Path, scheme: Scheme) -> Parser:
    """As it was trained."""
    card, tensors = FILES.read(folder, scheme)
    with FILES.understood(f"The parsing network in {folder} cannot be read"):
        names, settings = tuple(card["regions"]), card["settings"]
        network = ParsingNetwork(
            len(names), hint_count(len(names)), settings["features"], settings["expansion"]
        )
        fill_network(network, tensors)
        return Parser(network.eval(), names, int(settings["size"]), contour_lines(scheme))


def parameters(folder: Path, scheme: Scheme) -> int:
    """How many numbers the network has learned."""
    return sum(each.numel() for each in read(folder, scheme).network.parameters())
