"""What a training sees of an example: a crop as the network may meet it, and hints to go by."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.held_out import jittered
from landmark_annotator.backends.segmentation.examples import (
    MARGINS,
    PATCH_BOX,
    Example,
    crop_labels,
    to_crop,
)
from landmark_annotator.backends.segmentation.hints import UNSAID, Click, Labels, hint_planes
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels
from landmark_annotator.projects.vocabulary.scheme import Scheme

_TELLS_LANDMARKS = 0.4
_TELLS_PREVIOUS = 0.3
_TELLS_CLICKS = 0.3
"""Shares of the crops that are seen with each. Who is told clicks is told masks as well: those that
the network itself has found, see network_training."""
_MOST_CLICKS = 3
_LANDMARK_NOISE = 0.02
"""Sides of the box, at most: as far off as landmarks that a model proposed."""


@dataclass(frozen=True, eq=False)
class Sample:
    """crop: (S, S, 3). labels: (S, S) uint8. hints: see hints.py. corrects: whether what is found
    is to be clicked on and looked at again."""

    crop: Pixels
    labels: Labels
    hints: AnyFloats
    corrects: bool


@dataclass(frozen=True, eq=False)
class View:
    """How examples are shown. regions: how many. partners: (256,) of each label the one that it is
    in a mirrored picture, None where nothing is mirrored. lines: landmarks that contours join.
    turns: whether the object may point anywhere. disturbed: see `settings`. backgrounds: whether
    what is of no region may be another picture's."""

    size: int
    regions: int
    partners: Labels | None
    lines: Sequence[Sequence[int]]
    turns: bool
    disturbed: bool
    backgrounds: bool

    @classmethod
    def of(
        cls,
        scheme: Scheme,
        regions: Sequence[str],
        size: int,
        disturbed: bool,
        backgrounds: bool,
    ) -> "View":
        partners = partner_labels(scheme, regions)
        turns = scheme.heading is not None
        return cls(
            size, len(regions), partners, contour_lines(scheme), turns, disturbed, backgrounds
        )

    def sample(self, example: Example, other: Example, random: np.random.Generator) -> Sample:
        """other: one whose picture may become the background."""
        loose = 0.06 if random.random() < 0.8 else 0.14
        turn = float(random.uniform(-np.pi, np.pi)) if self.turns else 0.0
        box = jittered(PATCH_BOX.moved(turn=turn), random, loose, 1.5 * loose, 0.2)
        flip = self.partners is not None and random.random() < 0.5
        margin = float(np.exp(random.uniform(*np.log(MARGINS))))
        pixels = crop(example.pixels, box, self.size, margin, flip)
        labels = crop_labels(example.labels, box, self.size, margin, flip)
        if self.partners is not None and flip:
            labels = self.partners[labels]
        if self.disturbed:
            moved = self.backgrounds and random.random() < 0.4
            if moved and not example.unsaid.any():
                pixels = _elsewhere(pixels, labels, other, random)
            pixels = disturbed(pixels, random)
        lines: list[Floats] = []
        if random.random() < _TELLS_LANDMARKS:
            noise = random.uniform(0, _LANDMARK_NOISE) * self.size / margin
            points = to_crop(example.points, box, self.size, margin, flip)
            points = points + random.normal(0, noise, points.shape)
            lines = [points[list(line)] for line in self.lines]
        chance, previous, clicks = random.random(), None, list[Click]()
        if chance < _TELLS_PREVIOUS:
            previous = shaken(labels, self.regions, random)
        corrects = chance > 1 - _TELLS_CLICKS
        if corrects:
            clicks = right_clicks(labels, int(random.integers(0, _MOST_CLICKS)), random)
        hints = hint_planes(self.size, self.regions, previous, clicks, lines)
        return Sample(pixels, labels, hints, corrects)


def partner_labels(scheme: Scheme, regions: Sequence[str]) -> Labels | None:
    """See `View`."""
    return mirrored_labels(regions) if scheme.partners else None


def mirrored_labels(regions: Sequence[str]) -> Labels:
    """(256,) what is left becomes right, where regions are called so."""
    labels = np.arange(256, dtype=np.uint8)
    for index, name in enumerate(regions):
        for one, other in (("left", "right"), ("right", "left")):
            if name.startswith(one) and other + name[len(one) :] in regions:
                labels[index + 1] = regions.index(other + name[len(one) :]) + 1
    return labels


def contour_lines(scheme: Scheme) -> list[list[int]]:
    """The landmarks that are drawn as lines; where a scheme has no contours, its edges."""
    if not scheme.curves:
        return [list(edge) for edge in scheme.edges] or [[i] for i in range(len(scheme))]
    return [list(c.landmarks) + list(c.landmarks[:1]) * c.closed for c in scheme.curves]


def shaken(labels: Labels, regions: int, random: np.random.Generator) -> Labels:
    """A mask as it may have been a moment before: moved, turned and scaled a little, a part of it
    bent more, some regions missing or confused, and bits of it not known."""
    size = len(labels)
    angle, scale = random.normal(0, 3.0), float(np.exp(random.normal(0, 0.04)))
    matrix = cv2.getRotationMatrix2D((size / 2, size / 2), angle, scale)
    matrix = matrix + np.column_stack([np.zeros((2, 2)), random.normal(0, 0.03 * size, 2)])
    found = cv2.warpAffine(
        labels, matrix, (size, size), flags=cv2.INTER_NEAREST, borderValue=UNSAID
    )
    for label in range(1, regions + 1):
        if random.random() < 0.06:
            found[found == label] = int(random.integers(0, regions + 1))
    for _ in range(int(random.integers(0, 3))):
        x, y = random.integers(0, size, 2).tolist()
        radius = int(random.uniform(0.02, 0.12) * size)
        cv2.circle(found, (x, y), radius, int(random.integers(0, regions + 1)), -1)
    return np.asarray(found)


def right_clicks(labels: Labels, count: int, random: np.random.Generator) -> list[Click]:
    """Anywhere in the regions that there are; now and then on what a region is not."""
    present = np.setdiff1d(np.unique(labels), [0, UNSAID])
    clicks = []
    for _ in range(count if len(present) else 0):
        label = int(random.choice(present))
        belongs = bool(random.random() < 0.7)
        inside = (labels == label) if belongs else (labels != label) & (labels != UNSAID)
        rows, columns = np.nonzero(inside)
        if len(rows):
            at = int(random.integers(len(rows)))
            clicks.append(Click(float(columns[at]), float(rows[at]), label, belongs))
    return clicks


def disturbed(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Light from one side, colour, contrast, lost resolution and noise, each at random."""
    size = len(pixels)
    image: AnyFloats = pixels.astype(np.float32)
    if random.random() < 0.15:
        grey = image @ np.array([[0.299], [0.587], [0.114]], dtype=np.float32)
        image = np.repeat(grey, 3, axis=2)
    gains = np.exp(random.normal(0, 0.25) + random.normal(0, 0.12, 3)).astype(np.float32)
    image = ((image - 128.0) * float(np.exp(random.normal(0, 0.25))) + 128.0) * gains
    if random.random() < 0.4:
        ramp = np.linspace(-1, 1, size, dtype=np.float32) * random.normal(0, 0.35)
        light = np.exp(ramp).astype(np.float32)
        image = image * (light[:, None, None] if random.random() < 0.4 else light[:, None])
    if random.random() < 0.3:
        small = int(size / random.uniform(1.2, 3.5))
        coarse = cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA)
        image = np.asarray(cv2.resize(coarse, (size, size)), np.float32)
    if random.random() < 0.3:
        grain = random.standard_normal(image.shape, np.float32)
        image = image + grain * np.float32(random.uniform(2, 14))
    return np.asarray(np.clip(image, 0, 255), dtype=np.uint8)


def _elsewhere(
    pixels: Pixels, labels: Labels, other: Example, random: np.random.Generator
) -> Pixels:
    """The same before another background: a part of another picture, enlarged, or one colour."""
    size = len(pixels)
    if random.random() < 0.3:
        behind = np.broadcast_to(random.uniform(0, 255, 3), pixels.shape).astype(np.uint8)
    else:
        whole = len(other.pixels)
        side = int(random.uniform(0.15, 0.5) * whole)
        left, top = random.integers(0, whole - side, 2).tolist()
        part = other.pixels[top : top + side, left : left + side]
        behind = np.asarray(cv2.resize(np.ascontiguousarray(part), (size, size)), np.uint8)
    cover = ((labels != 0) & (labels != UNSAID)).astype(np.float32)
    cover = cv2.GaussianBlur(cover, (0, 0), 0.7)[..., None]
    return np.asarray(pixels * cover + behind * (1 - cover), dtype=np.uint8)
