"""How networks of coordinates learn: one course for all of them."""

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.coordinates import Network, mean_shape
from landmark_annotator.backends.densities.training_data import TrainingData, curve_of
from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.schedules import CosineSchedule
from landmark_annotator.backends.learning.training_loop import Optimiser, TrainingLoop
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.progress import Progress

_AVERAGING = 0.998
_LARGEST_GRADIENT = 5.0


def fit_coordinates(
    build: Callable[[Tensor], Network],
    data: TrainingData,
    optimiser: Optimiser,
    batches: Callable[[int], Iterable[Batch]],
    loss: Callable[[Network, Batch], Tensor],
    answer: Callable[[Network, Tensor], Tensor],
    held_out: Sequence[Patch],
    checkpoint: Checkpoint,
    progress: Progress,
) -> tuple[Network, float]:
    """The running average of the network over its training, and the seconds that this took.

    build: from the mean shape (L, 2) of the patches. batches, loss: as of `TrainingLoop`. answer:
    of a network to a batch of crops, (B, L, 2) in the frame of their boxes. held_out: what its
    error is measured on while it learns. Raises Cancelled.
    """
    settings = data.settings
    torch.manual_seed(settings.seed)
    network = build(mean_shape(data.patches))
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    schedule = CosineSchedule(settings.learning_rate, settings.epochs_for(len(data.patches)))
    loop = TrainingLoop[Network](
        schedule=schedule,
        optimiser=optimiser,
        steps=data.order.steps,
        batches=batches,
        loss=loss,
        averaging=_AVERAGING,
        seed=settings.seed,
        device=device_named(settings.device),
        largest_gradient=_LARGEST_GRADIENT,
        shared=True,
    )

    def points(network: Network, batch: Tensor) -> Floats:
        return answer(network, batch).cpu().double().numpy()

    watched = curve_of(points, held_out, data, schedule.epochs, progress)
    state = loop.run(network, progress, checkpoint, watched)
    return state.average, state.seconds
