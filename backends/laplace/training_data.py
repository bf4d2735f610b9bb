"""What a batch holds: crops with their labels, and as many without."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from typing_extensions import override

from landmark_annotator.backends.densities.augmentation import MARGIN, Patch, to_crop
from landmark_annotator.backends.densities.training_data import TrainingData
from landmark_annotator.backends.laplace.settings import Settings
from landmark_annotator.backends.learning.batches import Batch, as_batch
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.patches import read_all
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints, Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.unlabelled_instance import UnlabelledInstance


@dataclass(frozen=True, eq=False)
class LaplaceData(TrainingData):
    """unlabelled: crops (U, S, S, 3) of other instances."""

    unlabelled: Pixels

    @override
    def _batch(self, chosen: Ints, random: np.random.Generator) -> Batch:
        """Crops (B, 3, S, S), targets (B, L, 3), x and y in cells, NaN where unknown, and the
        label's weight; and where there are any, as many crops without labels."""
        made = [self._crop(self.patches[i], random) for i in chosen]
        labelled = as_batch(np.stack([pixels for pixels, _ in made]))
        targets = torch.from_numpy(np.stack([points for _, points in made])).float()
        if not len(self.unlabelled):
            return labelled, targets
        drawn = random.integers(0, len(self.unlabelled), len(chosen))
        return labelled, targets, as_batch(self.unlabelled[drawn])

    def _crop(self, patch: Patch, random: np.random.Generator) -> tuple[Pixels, Floats]:
        """As it is: along the box as it was drawn or along the one that fits, which are the two
        that a model looks along."""
        box = patch.drawn if random.random() < 0.5 else patch.canonical
        points = to_crop(box.to_frame(patch.points), self.settings.size)
        pixels = crop(patch.pixels, box, self.settings.size, MARGIN)
        return pixels, np.column_stack([points, patch.weights])


def drawn(unlabelled: Sequence[UnlabelledInstance], settings: Settings) -> list[UnlabelledInstance]:
    """As many as the settings say, by their seed."""
    if not settings.learns_unlabelled:
        return []
    order = np.random.default_rng((settings.seed, 4)).permutation(len(unlabelled))
    return [unlabelled[i] for i in sorted(order[: settings.most_unlabelled])]


def read_unlabelled(
    unlabelled: Sequence[UnlabelledInstance], size: int, progress: Progress
) -> tuple[Pixels, int]:
    """Crops (U, size, size, 3), and how many could not be read. One image is in memory at a time.
    Raises Cancelled."""

    def cut(index: int, pixels: Pixels) -> Pixels:
        return crop(pixels, unlabelled[index].box, size, MARGIN)

    try:
        found, reasons = read_all(unlabelled, cut, progress, "reading unlabelled images")
    except ImageError:  # of all of them: the labelled ones are enough
        found, reasons = {}, [each.key for each in unlabelled]
    crops = list(found.values())
    return np.stack(crops) if crops else np.empty((0, size, size, 3), np.uint8), len(reasons)
