"""The instances that a training begins with: read, aligned, and some of them kept out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landmark_annotator.backends.densities.augmentation import Patch, read_patches
from landmark_annotator.backends.densities.settings import TrainingSettings
from landmark_annotator.backends.learning.training_shapes import (
    TrainingShapes,
    is_sparse,
    training_shapes,
)
from landmark_annotator.projects.vocabulary.arrays import Bools
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import Progress

FEWEST_INSTANCES = 12


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """training, left_out: numbers of the instances to learn from and of those kept out. dense: of
    the training ones that are not sparsely labelled, or all where all are. patches: by the number
    of their instance. unreadable: why the images of the others cannot be read."""

    instances: Sequence[LabelledInstance]
    shapes: TrainingShapes
    patches: Mapping[int, Patch]
    unreadable: list[str]
    training: list[int]
    left_out: list[int]
    dense: list[int]

    @classmethod
    def read(
        cls,
        instances: Sequence[LabelledInstance],
        settings: TrainingSettings,
        progress: Progress,
        *,
        learned: Bools | None = None,
    ) -> "TrainingSet":
        """learned: as of `training_shapes`. Raises TooFewLabels, ImageError where no image can be
        read, Cancelled."""
        shapes = training_shapes(
            instances, settings.held_out, settings.seed, FEWEST_INSTANCES, learned=learned
        )
        patches, unreadable = read_patches(instances, shapes.boxes, settings.size, progress)
        training, left_out = shapes.split(patches)
        dense = [i for i in training if not is_sparse(instances[i])] or training
        return cls(instances, shapes, patches, unreadable, training, left_out, dense)

    @property
    def held_out(self) -> list[LabelledInstance]:
        return [self.instances[i] for i in self.left_out]

    @property
    def balanced(self) -> list[int]:
        """The training instances, the dense ones among them so often that they are half of what is
        learned from: where most are labelled sparsely, the dense ones alone show most landmarks."""
        return balanced(self.training, self.dense)

    def patches_of(self, chosen: Sequence[int]) -> list[Patch]:
        return [self.patches[i] for i in chosen]

    def boxed(self, chosen: Sequence[int]) -> list[tuple[LabelledInstance, Box]]:
        """With their canonical boxes."""
        return [(self.instances[i], self.shapes.boxes[i]) for i in chosen]


def balanced(training: list[int], dense: list[int]) -> list[int]:
    """See `TrainingSet.balanced`."""
    sparse = len(training) - len(dense)
    return training + dense * max(round(sparse / len(dense)) - 1, 0)
