"""What the classifier learns: its classes, the box and the points, from one crop."""

import os
from dataclasses import asdict
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from backends.exemplar.losses import LOSSES, Loss, position_error
from backends.exemplar.network import ExemplarNetwork
from backends.exemplar.settings import Settings
from backends.exemplar.training_data import Batch, Lesson
from backends.learning.checkpoints import fingerprint_of
from backends.learning.training_loop import Course
from projects.vocabulary.progress import Progress

_BOX_WEIGHT = 20.0
_POINTS_WEIGHT = 60.0
_AVERAGING = 0.995


def fit(
    lesson: Lesson, folder: Path, settings: Settings, keys: list[str], progress: Progress
) -> tuple[ExemplarNetwork, float]:
    """The running average of the network over its training, and the seconds that this took.

    keys: of the training instances; a checkpoint of other instances or settings is not resumed.
    """
    # Half of the cores learn, the others cut crops. On two cores a second thread of such small
    # convolutions costs more than it brings.
    torch.set_num_threads(min(torch.get_num_threads(), max((os.cpu_count() or 2) // 2, 1)))
    torch.manual_seed(settings.seed)
    network = ExemplarNetwork(
        len(lesson.exemplars),
        lesson.aligned.shape[1],
        settings.size,
        settings.rank,
        len(lesson.radii),
    )
    course = Course[Batch](
        epochs=settings.epochs,
        learning_rate=settings.learning_rate,
        averaging=_AVERAGING,
        seed=settings.seed,
        fresh=settings.fresh,
        fingerprint=fingerprint_of(asdict(settings) | {"fresh": False}, keys),
        order=partial(lesson.order, seed=settings.seed),
        batch=lesson.batch,
        loss=partial(_loss, lesson=lesson, class_loss=LOSSES[settings.loss]),
    )
    return course.run(network, folder, progress)


def _loss(network: nn.Module, batch: Batch, lesson: Lesson, class_loss: Loss) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        scores, moves, points = network(batch.crops)
    loss = _BOX_WEIGHT * position_error(moves.float(), batch.moves)
    loss = loss + _POINTS_WEIGHT * position_error(points.float(), batch.points)
    for head, radius in zip(scores, lesson.radii, strict=True):
        loss = loss + class_loss(head.float(), batch.distances, radius) / len(lesson.radii)
    return loss
