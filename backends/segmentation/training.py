"""Training: instances with masks in, a network in a folder out that segments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic

import numpy as np
from torch import Tensor

from landmark_annotator.backends.borders.border_statistics import learned_borders
from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.learning.checkpoints import Checkpoint, discard_checkpoint
from landmark_annotator.backends.learning.model_cards import begun_card
from landmark_annotator.backends.learning.model_files import ModelFiles
from landmark_annotator.backends.learning.patches import read_all
from landmark_annotator.backends.learning.training_loop import Optimiser
from landmark_annotator.backends.learning.training_shapes import kept_out
from landmark_annotator.backends.learning.training_state import Network
from landmark_annotator.backends.metrics.regions import RegionCounts
from landmark_annotator.backends.parsers import FEWEST_MASKED, MaskedInstance
from landmark_annotator.backends.segmentation.augmentation import contour_lines, partner_labels
from landmark_annotator.backends.segmentation.examples import (
    MARGINS,
    PATCH_BOX,
    Example,
    crop_labels,
)
from landmark_annotator.backends.segmentation.hints import UNSAID
from landmark_annotator.backends.segmentation.network_training import TrainingData, fit
from landmark_annotator.backends.segmentation.parser import Parser
from landmark_annotator.backends.segmentation.settings import SegmentationSettings
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import TooFewLabels
from landmark_annotator.projects.vocabulary.numbering import numbered
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme


@dataclass(frozen=True, eq=False)
class Learner(Generic[Network]):
    """What one backend does in a training of its own way. title: what people call it. begun: the
    network that a training starts from. backgrounds: see `View`."""

    title: str
    files: ModelFiles
    settings: SegmentationSettings
    begun: Callable[[], Network]
    loss: Callable[[Network, Batch], Tensor]
    optimiser: Optimiser
    backgrounds: bool

    def train(
        self,
        instances: Sequence[MaskedInstance],
        names: Sequence[str],
        scheme: Scheme,
        folder: Path,
        progress: Progress,
    ) -> Mapping[str, Any]:
        """Trains for these regions, measures what was held out, writes weights and card into the
        folder, returns the card.

        Interrupted, it raises Cancelled and leaves a checkpoint. Raises TooFewLabels.
        """
        chosen = self.settings
        if len(instances) < FEWEST_MASKED or not names:
            raise TooFewLabels(
                f"The {self.title} learns from at least {FEWEST_MASKED} objects with masks; there "
                f"are {len(instances)}.",
                kept="Until then masks are drawn by hand.",
                remedy="Draw more, then train again.",
            )
        examples, unreadable = read_examples(instances, names, progress)
        held_out = _held_out(instances, chosen)
        training = [i for i in examples if i not in held_out]
        folder.mkdir(parents=True, exist_ok=True)
        learned = [examples[i] for i in training]
        data = TrainingData(learned, scheme, names, chosen, self.backgrounds)
        keys = [instances[i].instance.key for i in training]
        checkpoint = Checkpoint.of(folder, chosen, keys, names)
        judged = [examples[i] for i in sorted(held_out & set(examples))]
        network, seconds = fit(
            data, self.begun(), self.loss, self.optimiser, checkpoint, progress, judged
        )
        partners = partner_labels(scheme, names)
        parser = Parser(
            network.eval(), tuple(names), chosen.size, contour_lines(scheme), partners=partners
        )
        overlaps = {name: 100 * each for name, each in region_overlaps(parser, judged).items()}
        seen = [instances[i] for i in training]
        borders = learned_borders(
            ((each.instance.shape, each.instance.box, each.masks) for each in seen), scheme, names
        )
        card = begun_card(scheme, chosen) | {
            "regions": list(names),
            "borders": borders.lines(),
            "epochs": data.epochs,
            "instances": {
                "training": len(training),
                "held_out": len(judged),
                "unreadable": unreadable,
            },
            "held_out_keys": [instances[i].instance.key for i in sorted(held_out)],
            "minutes": round(seconds / 60, 2),
            "figures": {
                "held_out_overlap": round(float(np.mean(list(overlaps.values()) or [0.0])), 2),
                "held_out_overlaps": {name: round(each, 2) for name, each in overlaps.items()},
            },
        }
        self.files.write(folder, network.state_dict(), {}, card)
        discard_checkpoint(folder)
        return card


def read_examples(
    instances: Sequence[MaskedInstance], names: Sequence[str], progress: Progress
) -> tuple[dict[int, Example], list[str]]:
    """By the index of their instance, without those whose image cannot be read; and why. Raises
    Cancelled."""

    def cut(index: int, pixels: Pixels) -> Example:
        each = instances[index]
        points = each.instance.shape.points
        return Example.cut(pixels, each.instance.box, points, each.masks, names)

    return read_all([each.instance for each in instances], cut, progress)


def region_overlaps(parser: Parser, examples: Sequence[Example]) -> dict[str, float]:
    """Intersection over union of each region that is there, over all examples, without hints."""
    counts = RegionCounts(len(parser.names) + 1)
    nowhere = np.zeros((0, 2))
    for example in examples:
        found = parser.likely(example.pixels, PATCH_BOX, nowhere, {}).argmax(axis=0)
        truth = crop_labels(example.labels, PATCH_BOX, len(found), MARGINS[-1])
        told = example.unsaid == 0
        counts.add(found, truth, (truth != UNSAID) & (told[found] | (truth > 0)))
    return counts.overlaps(parser.names)


def _held_out(instances: Sequence[MaskedInstance], settings: SegmentationSettings) -> set[int]:
    """Whole groups, unless all are of one."""
    keys = [each.instance.split_key for each in instances]
    if len(set(keys)) == 1:
        keys = [each.instance.key for each in instances]
    out = kept_out(keys, numbered(keys), np.ones(len(keys), bool), settings.held_out, settings.seed)
    return set(np.flatnonzero(out).tolist())
