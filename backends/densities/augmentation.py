"""Training crops: an instance's surroundings, cropped, turned, mirrored and disturbed at random."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from landmark_annotator.backends.densities.bending import bent
from landmark_annotator.backends.densities.occluders import occlude
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.held_out import jittered
from landmark_annotator.backends.learning.patches import carried, read_all
from landmark_annotator.backends.learning.settings import setting
from landmark_annotator.backends.shapes.fitting.label_noise import label_deviations
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.provenance import Provenance
from landmark_annotator.projects.vocabulary.shape import Shape, Visibility

MARGIN = 1.4
"""Side of the crop in sides of the box."""
_RESOLUTION = 0.015
"""Sides of the box: what the network resolves. A label that is surer than that counts in full."""
_PATCH_SIZE = 224
"""At least: larger crops are cut from larger patches, or they would be blurred in training and
sharp afterwards."""
_PATCH_MARGIN = 2.1


@dataclass(frozen=True)
class Augmentation:
    """How training crops are changed at random: shares are of the crops, shifts in sides of the
    box, scales logarithmic."""

    drawn: float = setting(0.5, "Share from the box as drawn, the others from a fitted one.")
    steady: float = setting(0.8, "Of those from drawn boxes the share that was drawn well.")
    moved: float = setting(0.07, "Shift and scale of a box that was drawn well.", "sides")
    moved_far: float = setting(0.16, "Shift and scale of one that was not.", "sides")
    turned: float = setting(0.3, "Turn of a drawn box.", "rad")
    fitted_moved: float = setting(0.025, "Shift of a fitted box.", "sides")
    fitted_scaled: float = setting(0.05, "Scale of a fitted box.")
    fitted_turned: float = setting(0.1, "Turn of a fitted box.", "rad")
    mirrored: float = setting(0.5, "Share that is mirrored, where landmarks have partners.")
    bent: float = setting(
        0.7, "Share that is bent in a heat map's whole course, where instances are few."
    )
    enough: float = setting(200.0, "Instances with which half as many crops are bent.")
    bends: float = setting(0.045, "The most that a coarse grid of them is moved by.", "crops")
    grey: float = setting(0.2, "Share without colour.")
    brightness: float = setting(0.2, "Logarithmic gain of all colours.")
    colour: float = setting(0.08, "Logarithmic gain of each colour.")
    contrast: float = setting(0.2, "Logarithmic gain round the middle grey.")
    blurred: float = setting(0.2, "Share that is blurred, by 0.5 to 1.8 px.")
    noisy: float = setting(0.2, "Share with noise, of 2 to 12 grey values.")
    occluded: float = setting(0.5, "Share with a patch over it, 12 to 50 % of the crop wide.")


_CHANGES = Augmentation()


@dataclass(frozen=True, eq=False)
class Patch:
    """pixels: the surroundings of an instance along its canonical box, so that photographs of any
    size cost the same memory; points (L, 2) and drawn, the instance's own box, in its pixels.
    weights: (L,) how much each label counts, one for a click, less for what a person let pass.
    hidden: (L,) 1 where something hides a landmark and 0 where not, None where nobody has said.
    shorter: the shorter side of the box in longer ones, for `drawn` is a square."""

    pixels: Pixels
    points: Floats
    weights: Floats
    drawn: Box
    hidden: Floats | None = None
    shorter: float = 1.0

    @classmethod
    def cut(
        cls,
        pixels: Pixels,
        canonical: Box,
        drawn: Box,
        shape: Shape,
        crop_size: int,
        told: bool = False,
    ) -> "Patch":
        """crop_size: of the crops that are to be cut from it. told: whether the shape's visibility
        is meant."""
        size = max(_PATCH_SIZE, math.ceil(crop_size * _PATCH_MARGIN / MARGIN))
        own = _canonical(size)
        return cls(
            crop(pixels, canonical, size, _PATCH_MARGIN),
            own.to_image(canonical.to_frame(shape.points)),
            label_weights(shape, canonical.side),
            carried(drawn, canonical, own),
            (shape.visibility == Visibility.OCCLUDED).astype(np.float64) if told else None,
            min(drawn.width, drawn.height) / drawn.side,
        )

    @property
    def framed(self) -> tuple[Box, Floats]:
        """The instance's box and the points (L, 2), in the frame of the box."""
        return Box(0, 0, 1, self.shorter), self.drawn.to_frame(self.points)

    @property
    def canonical(self) -> Box:
        """The instance's canonical box, in the patch's pixels."""
        return _canonical(len(self.pixels))


def _canonical(size: int) -> Box:
    return Box((size - 1) / 2, (size - 1) / 2, *[size / _PATCH_MARGIN] * 2)


def read_patches(
    instances: Sequence[LabelledInstance],
    canonical: Sequence[Box],
    crop_size: int,
    progress: Progress,
) -> tuple[dict[int, Patch], list[str]]:
    """By the index of their instance, without those whose image cannot be read; and the reasons
    why. crop_size: of the crops that are to be cut from them. Raises Cancelled."""
    # Where no landmark is marked as hidden, nobody looked for it.
    told = any(bool((each.shape.visibility == Visibility.OCCLUDED).any()) for each in instances)

    def cut(index: int, pixels: Pixels) -> Patch:
        instance = instances[index]
        box, shape = instance.box, instance.shape
        return Patch.cut(pixels, canonical[index], box, shape, crop_size, told)

    return read_all(instances, cut, progress)


def training_crop(
    patch: Patch,
    size: int,
    mirror: Sequence[int] | None,
    turns: bool,
    random: np.random.Generator,
    share: float = 0.0,
) -> tuple[Pixels, Floats]:
    """A crop as the network may meet it, and the (L, 3) points in its pixels with their weights.

    One half starts from the box as a person draws it, the other from near the canonical box, where
    the second pass over an image starts. mirror: the scheme's exchange of landmarks, None where the
    crop may not be mirrored. turns: whether the object may point anywhere. share: of the crops
    that are bent.
    """
    pixels, points, _ = occluded_crop(patch, size, mirror, turns, random)
    if random.random() < share:
        most = random.uniform(0, _CHANGES.bends)
        pixels, points[:, :2] = bent(pixels, points[:, :2], most, random)
    return pixels, points


def share_bent(instances: int) -> float:
    """Of the training crops, where so many instances show how shapes vary."""
    return _CHANGES.bent / (1 + instances / _CHANGES.enough)


def occluded_crop(
    patch: Patch, size: int, mirror: Sequence[int] | None, turns: bool, random: np.random.Generator
) -> tuple[Pixels, Floats, Floats]:
    """Those of `training_crop`, and (L,) what is hidden, as `Patch` has it and by what is drawn
    over the crop: NaN where nobody has said it, and nothing drawn covers it."""
    if random.random() < _CHANGES.drawn:
        # Most boxes are drawn well; now and then one is far off.
        well = random.random() < _CHANGES.steady
        shift = scale = _CHANGES.moved if well else _CHANGES.moved_far
        start, turn = patch.drawn, _CHANGES.turned
        if turns:
            # A drawn box says nothing of where the object points.
            start = start.moved(turn=float(random.uniform(-math.pi, math.pi)))
    else:
        start, turn = patch.canonical, _CHANGES.fitted_turned
        shift, scale = _CHANGES.fitted_moved, _CHANGES.fitted_scaled
    box = jittered(start, random, shift, scale, turn)
    flip = mirror is not None and random.random() < _CHANGES.mirrored
    pixels = crop(patch.pixels, box, size, MARGIN, flip=flip)
    points, weights = to_crop(box.to_frame(patch.points), size), patch.weights
    hidden = np.full(len(points), np.nan) if patch.hidden is None else patch.hidden
    if mirror is not None and flip:
        points = points[list(mirror)] * [-1.0, 1.0] + [size - 1.0, 0.0]
        weights, hidden = weights[list(mirror)], hidden[list(mirror)]
    if random.random() < _CHANGES.occluded:
        pixels, covered = occlude(pixels, points, random)
        hidden = np.where(covered, 1.0, hidden)
    return _disturbed(pixels, random), np.column_stack([points, weights]), hidden


def label_weights(shape: Shape, side: float) -> Floats:
    """(L,) one for a landmark that a person placed, towards zero for those that are less sure.

    side: of the box, in pixels. A filled landmark is as sure as its covariance says: that was
    calibrated on labelled images, and no person let it pass, perhaps without looking.
    """
    own = _RESOLUTION**2
    variances = label_deviations(shape) ** 2
    filled = [mark is Provenance.FILLED for mark in shape.provenance]
    doubts = np.trace(shape.covariances, axis1=1, axis2=2) / 2 / side**2
    variances = np.where(filled & np.isfinite(doubts), doubts, variances)
    return np.asarray((CLICK_DEVIATION**2 + own) / (variances + own))


def to_crop(frame: Floats, size: int) -> Floats:
    """(..., 2) box frame to pixels of a crop of this size."""
    return np.asarray((frame / MARGIN + 0.5) * size - 0.5)


def from_crop(points: Floats, size: int) -> Floats:
    """The inverse of `to_crop`."""
    return np.asarray(((points + 0.5) / size - 0.5) * MARGIN)


def _disturbed(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Light, colour, blur and noise, each at random."""
    image = pixels.astype(np.float32)
    if random.random() < _CHANGES.grey:
        image[:] = image @ np.array([[0.299], [0.587], [0.114]], dtype=np.float32)
    gains = np.exp(random.normal(0, _CHANGES.brightness) + random.normal(0, _CHANGES.colour, 3))
    image = (image - 128.0) * np.exp(random.normal(0, _CHANGES.contrast)) + 128.0
    image = image * gains.astype(np.float32)
    if random.random() < _CHANGES.blurred:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), random.uniform(0.5, 1.8)))
    if random.random() < _CHANGES.noisy:
        image += random.normal(0, random.uniform(2, 12), image.shape).astype(np.float32)
    return np.asarray(np.clip(image, 0, 255), dtype=np.uint8)
