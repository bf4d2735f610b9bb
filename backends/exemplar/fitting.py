"""The training loop, which can be interrupted and resumed at any epoch."""

import copy
import math
import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from backends.exemplar.checkpoints import (
    Trainee,
    discard_checkpoint,
    fingerprint_of,
    follow,
    restore_checkpoint,
    save_checkpoint,
)
from backends.exemplar.lesson import Batch, Lesson
from backends.exemplar.losses import LOSSES, Loss, position_error
from backends.exemplar.network import ExemplarNetwork
from backends.exemplar.settings import Settings
from projects.vocabulary.errors import Cancelled
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
    average: ExemplarNetwork = copy.deepcopy(network)
    average.eval()
    optimiser = torch.optim.AdamW(network.parameters(), settings.learning_rate, weight_decay=0.02)
    trainee = Trainee(network, average, optimiser)
    if settings.fresh:
        discard_checkpoint(folder)
    fingerprint = fingerprint_of(asdict(settings) | {"fresh": False}, keys)
    done, seconds = restore_checkpoint(folder, trainee, fingerprint)
    started = time.monotonic() - seconds
    steps = len(lesson.order(0, settings.seed))
    progress.start("training", settings.epochs * steps)
    progress.advance(done * steps)
    network.train()
    for epoch in range(done, settings.epochs):
        # Everything random in an epoch follows from seed and epoch, so that a resumed training
        # is the uninterrupted one.
        random = np.random.default_rng((settings.seed, epoch, 1))
        torch.manual_seed(settings.seed * 1_000_003 + epoch)
        for index, batch in enumerate(_prepared(lesson, epoch, settings.seed, random)):
            step = epoch * steps + index
            rate = settings.learning_rate * _schedule(step, settings.epochs * steps)
            for group in optimiser.param_groups:
                group["lr"] = rate
            loss = _step(trainee, lesson, batch, LOSSES[settings.loss])
            follow(average, network, min(_AVERAGING, (step + 1) / (step + 10)))
            progress.advance(1, f"loss {loss:.2f}")
            if progress.cancelled():
                raise Cancelled(
                    f"Training was stopped in epoch {epoch + 1} of {settings.epochs}.",
                    kept=f"The first {epoch} epochs are kept; an older model stays in use.",
                    remedy="Run the same command again to go on from there.",
                )
        seconds = time.monotonic() - started
        save_checkpoint(folder, trainee, epoch + 1, seconds, fingerprint)
    return average, seconds


def _prepared(
    lesson: Lesson, epoch: int, seed: int, random: np.random.Generator
) -> Iterator[Batch]:
    """The batches of an epoch, the next one made while the last one is learned from.

    One thread makes them in order, so `random` is drawn from as it would be without it.
    """
    with ThreadPoolExecutor(1) as maker:
        coming: Future[Batch] | None = None
        for chosen in lesson.order(epoch, seed):
            following = maker.submit(lesson.batch, chosen, random)
            if coming is not None:
                yield coming.result()
            coming = following
        if coming is not None:
            yield coming.result()


def _step(trainee: Trainee, lesson: Lesson, batch: Batch, class_loss: Loss) -> float:
    with torch.autocast("cpu", torch.bfloat16):
        scores, moves, points = trainee.network(batch.crops)
    loss = _BOX_WEIGHT * position_error(moves.float(), batch.moves)
    loss = loss + _POINTS_WEIGHT * position_error(points.float(), batch.points)
    for head, radius in zip(scores, lesson.radii, strict=True):
        loss = loss + class_loss(head.float(), batch.distances, radius) / len(lesson.radii)
    trainee.optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    trainee.optimiser.step()
    return float(loss.detach())


def _schedule(step: int, steps: int) -> float:
    """A short warm-up, then half a cosine to zero."""
    return min(1.0, (step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * step / steps))
