"""Training: labelled images in, a finder with a threshold in a folder out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.backends.finder.finder import Finder, save
from landmark_annotator.backends.finder.network_training import TrainingData, fit
from landmark_annotator.backends.finder.parts import VIEW
from landmark_annotator.backends.finder.pictures import read_pictures
from landmark_annotator.backends.finder.settings import Settings
from landmark_annotator.backends.finders import FEWEST_IMAGES, FEWEST_OBJECTS
from landmark_annotator.backends.learning.checkpoints import GO_ON, Checkpoint, discard_checkpoint
from landmark_annotator.backends.learning.model_cards import begun_card
from landmark_annotator.backends.learning.training_shapes import kept_out
from landmark_annotator.backends.metrics.boxes import matched, nesting, overlap
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import (
    MOVED_IMAGES,
    ActionableError,
    Cancelled,
    ImageError,
    TooFewLabels,
)
from landmark_annotator.projects.vocabulary.labelled_image import Found, LabelledImage
from landmark_annotator.projects.vocabulary.numbering import numbered
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.wording import counted

SIZES = (320, 384, 512, 768, 1024)
_LEAST_SIDE = 48
"""Pixels that nine of ten labelled objects have at least in the size that is chosen."""
_LARGE = 0.75 * VIEW
"""Pixels: objects larger than this are looked for in a smaller image too, for no training view
shows much larger ones."""
_LOW = 0.1
_USUAL_THRESHOLD = 0.35
_THRESHOLDS = (0.2, 0.7)
"""Between them the threshold is chosen."""
_MISSED = 3.0
"""What it costs a person to place an object that was missed, in throwing out one that is none."""
_FEWEST_OBJECTS = 30
"""Held-out ones from which on the threshold is chosen, and not taken as it mostly is."""
_SHARED = (0.4, 0.7)
"""How much found boxes may share: at least so much, and at most where labelled ones share more."""
_NESTED = (0.6, 1.0)
"""The same of how much of the smaller one may lie within the other: part of an object often looks
like a smaller one."""


def train(
    images: Sequence[LabelledImage],
    scheme: Scheme,
    folder: Path,
    settings: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    """Trains, chooses a threshold, writes weights and card into the folder, returns the card.

    Interrupted, it raises Cancelled and leaves a checkpoint, from which the same call goes on as if
    nothing had happened. An older finder in the folder stays until the new one is complete. Raises
    TooFewLabels, and ImageError where too few images can be read.
    """
    chosen = Settings.of(settings)
    objects = sum(len(image.objects) for image in images)
    if not _enough(images):
        raise TooFewLabels(
            f"The finder learns from at least {FEWEST_OBJECTS} accepted objects in "
            f"{FEWEST_IMAGES} images or more; there are {objects} in {_shown(images)}.",
            kept="Until then boxes are drawn by hand.",
            remedy="Label more, then train again.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    sides = _relative_sides(images)
    size = chosen.size or _working_size(sides)
    pictures, unreadable = read_pictures(images, size, progress)
    there = [images[i] for i in pictures]
    if not _enough(there):
        raise ImageError(
            f"Of {counted(_shown(images), 'labelled image')} {_shown(there)} can be read. "
            f"{unreadable[0]}",
            kept="Nothing was trained.",
            remedy=MOVED_IMAGES,
        )
    held_out = _held_out(images, chosen)
    training = [i for i in pictures if i not in held_out]
    turns = scheme.heading is not None
    data = TrainingData([pictures[i] for i in training], turns, chosen)
    checkpoint = Checkpoint.of(folder, chosen, [images[i].key for i in training])
    beside = [pictures[i] for i in sorted(held_out & set(pictures))]
    network, seconds = fit(data, checkpoint, progress, beside)

    scales = (1.0, 0.5) if float(np.quantile(sides, 0.95)) * size > _LARGE else (1.0,)
    shared, nested = _most(images, overlap, _SHARED), _most(images, nesting, _NESTED)
    finder = Finder(network.eval(), size, scales, _LOW, shared, nested, turns)
    seen = _look(finder, [images[i] for i in sorted(held_out & set(pictures))], progress)
    threshold = _threshold(seen)
    recall, unmatched = _figures(seen, threshold)
    card = begun_card(scheme, chosen) | {
        "epochs": chosen.epochs_for(len(training)),
        "instances": {
            "training": len(training),
            "held_out": len(held_out),
            "unreadable": unreadable,
        },
        "objects": objects,
        "held_out_keys": [images[i].key for i in sorted(held_out)],
        "minutes": round(seconds / 60, 2),
        "figures": {
            "held_out_recall": round(100 * recall, 2),
            "held_out_unmatched_per_image": round(unmatched, 3),
        },
    }
    save(folder, replace(finder, threshold=threshold), card)
    discard_checkpoint(folder)
    return card


def _shown(images: Sequence[LabelledImage]) -> int:
    """How many show labelled objects."""
    return sum(bool(image.objects) for image in images)


def _enough(images: Sequence[LabelledImage]) -> bool:
    objects = sum(len(image.objects) for image in images)
    return _shown(images) >= FEWEST_IMAGES and objects >= FEWEST_OBJECTS


def _relative_sides(images: Sequence[LabelledImage]) -> Floats:
    """Of all labelled boxes, in longer sides of their image."""
    found = []
    for image in images:
        if image.objects:
            longer = max(image.size)
            found += [box.side / longer for box in image.objects]
    return np.array(found)


def _working_size(sides: Floats) -> int:
    small = float(np.quantile(sides, 0.1))
    return next((size for size in SIZES if size * small >= _LEAST_SIDE), SIZES[-1])


def _held_out(images: Sequence[LabelledImage], settings: Settings) -> set[int]:
    """Whole groups, unless all images are of one, or a third of few images is less than a group."""
    keys = [image.split_key for image in images]
    labelled = np.array([bool(image.objects) for image in images])
    most = int(labelled.sum()) // 3
    for way in (keys, [image.key for image in images]):
        if len(set(way)) > 1:
            out = kept_out(way, numbered(way), labelled, settings.held_out, settings.seed)
            chosen = _first_groups(way, out, most)
            if chosen:
                return chosen
    return set()


def _first_groups(keys: Sequence[str], out: Bools, most: int) -> set[int]:
    """Of the images that are kept out whole groups, as far as there are no more than that."""
    chosen = set[int]()
    for key in dict.fromkeys(keys[i] for i in np.flatnonzero(out).tolist()):
        group = {i for i, own in enumerate(keys) if own == key}
        if len(chosen) + len(group) <= most:
            chosen |= group
    return chosen


def _most(
    images: Sequence[LabelledImage],
    share: Callable[[Box, Box], float],
    limits: tuple[float, float],
) -> float:
    """How much labelled boxes share, within limits."""
    most = max(
        (
            share(one, other)
            for image in images
            for index, one in enumerate(image.objects)
            for other in image.objects[:index]
        ),
        default=0.0,
    )
    low, high = limits
    return min(max(most + 0.05, low), high)


_Seen = list[tuple[list[Found], LabelledImage]]


def _look(finder: Finder, images: Sequence[LabelledImage], progress: Progress) -> _Seen:
    progress.start("looking at labelled images", len(images))
    seen: _Seen = []
    for image in images:
        try:
            seen.append((finder.find(image.read_pixels()), image))
        except ActionableError:
            continue  # What cannot be read was told of before the training.
        progress.advance()
        if progress.cancelled():
            raise Cancelled(
                "Training was stopped while the threshold was being chosen.",
                kept="The trained network is kept.",
                remedy=GO_ON,
            )
    return seen


def _threshold(seen: _Seen) -> float:
    """The one that costs a person least. What was found beside the labelled objects counts as none,
    though some of it may be objects that nobody labelled."""
    objects = sum(len(image.objects) for _, image in seen)
    if objects < _FEWEST_OBJECTS:
        return _USUAL_THRESHOLD
    hits: list[float] = []
    others: list[float] = []
    for found, image in seen:
        for each, partner in zip(found, matched(found, image.objects), strict=True):
            (others if partner is None else hits).append(each.score)
    tried = np.linspace(*_THRESHOLDS, 101)
    missed = objects - (np.array(hits) >= tried[:, None]).sum(axis=1)
    cost = _MISSED * missed + (np.array(others) >= tried[:, None]).sum(axis=1)
    return round(float(tried[np.argmin(cost)]), 3)


def _figures(seen: _Seen, threshold: float) -> tuple[float, float]:
    """The share of labelled objects that are found, and boxes an image that match none."""
    objects = hits = others = 0
    for found, image in seen:
        partners = matched([f for f in found if f.score >= threshold], image.objects)
        objects += len(image.objects)
        hits += sum(p is not None for p in partners)
        others += sum(p is None for p in partners)
    return hits / max(objects, 1), others / max(len(seen), 1)
