"""Training: labelled instances in, a calibrated exemplar model in a folder out."""

import copy
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from backends.exemplar.calibration import calibrate
from backends.exemplar.checkpoints import (
    Trainee,
    discard_checkpoint,
    fingerprint_of,
    restore_checkpoint,
    save_checkpoint,
)
from backends.exemplar.classes import TrainingShapes, exemplars_of, mirrored_shapes, training_shapes
from backends.exemplar.held_out import held_out_looks, mean_error, nearest_pattern
from backends.exemplar.losses import multi_label, position_error
from backends.exemplar.membership import class_distances, membership_radius
from backends.exemplar.model_files import ExemplarModel, save_model
from backends.exemplar.network import ExemplarNetwork
from backends.exemplar.patches import Patch, in_crop, make_patches, training_crop
from backends.exemplar.scores import Classifier, as_batch
from projects.vocabulary.arrays import Floats, Ints
from projects.vocabulary.errors import ActionableError, Cancelled, closest
from projects.vocabulary.labelled_instance import LabelledInstance
from projects.vocabulary.progress import Progress
from projects.vocabulary.scheme import Scheme

_BATCH = 32
_LEAST_CROPS = 8 * _BATCH
"""Crops an epoch: small sets are seen several times in one, so that epochs stay comparable."""
_BOX_WEIGHT = 20.0
_POINTS_WEIGHT = 60.0
_AVERAGING = 0.995


@dataclass(frozen=True)
class Settings:
    """epochs: passes over the training instances. size: crop side in pixels. members: share of the
    classes that a typical shape belongs to, which fixes tau. held_out: share of the instances that
    calibrate instead of training. fresh: leave an unfinished training aside."""

    seed: int = 0
    epochs: int = 60
    size: int = 96
    members: float = 0.01
    held_out: float = 0.1
    learning_rate: float = 2e-3
    fresh: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        known = [field.name for field in fields(cls)]
        for name in given:
            if name not in known:
                raise ActionableError(
                    f'The exemplar classifier has no setting "{name}".{closest(name, known)}'
                )
        return cls(**given)


def train(
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    folder: Path,
    settings: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    """Trains and calibrates, writes weights and card into the folder, returns the card.

    Interrupted, it raises Cancelled and leaves a checkpoint, from which the same call goes on as
    if nothing had happened. An older model in the folder stays until the new one is complete.
    Raises TooFewLabels.
    """
    chosen = Settings.of(settings)
    folder.mkdir(parents=True, exist_ok=True)
    shapes = training_shapes(instances, chosen.held_out, chosen.seed)
    patches, unreadable = make_patches(instances, shapes.boxes, progress)
    kept = np.array([patch is not None for patch in patches])
    training = np.flatnonzero(kept & ~shapes.held_out)
    held_out = np.flatnonzero(kept & shapes.held_out)
    exemplars, mirror = exemplars_of(shapes.shapes[training], scheme)

    lesson = _Lesson.of(patches, shapes, training, exemplars, scheme, chosen)
    keys = [instances[int(i)].key for i in training]
    network, seconds = _fit(
        lesson, folder, chosen, fingerprint_of(asdict(chosen) | {"fresh": False}, keys), progress
    )

    classifier = Classifier(network, exemplars.astype(np.float32), mirror, chosen.size, 1.0)
    looks = held_out_looks(classifier, [instances[int(i)] for i in held_out], chosen.seed, progress)
    pattern = nearest_pattern(exemplars, mirror)
    temperature, residual = calibrate(looks, exemplars, pattern)
    classifier = Classifier(network, classifier.exemplars, mirror, chosen.size, temperature)
    card = {
        "scheme": scheme.to_dict(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": asdict(chosen),
        "classes": len(exemplars),
        "tau": lesson.radius,
        "temperature": temperature,
        "instances": {
            "training": len(training),
            "held_out": len(held_out),
            "unreadable": unreadable,
        },
        "minutes": round(seconds / 60, 2),
        "figures": {"held_out_error": mean_error(classifier, looks, scheme)},
    }
    save_model(folder, ExemplarModel(classifier, residual, card))
    discard_checkpoint(folder)
    return card


@dataclass(frozen=True, eq=False)
class _Lesson:
    """All that batches are made of. Row i of membership belongs to training instance i, row
    n + i to its mirror image."""

    patches: list[Patch]
    aligned: Floats
    mirrored: Floats | None
    membership: Tensor
    radius: float
    size: int

    @classmethod
    def of(
        cls,
        patches: Sequence[Patch | None],
        shapes: TrainingShapes,
        training: Ints,
        exemplars: Floats,
        scheme: Scheme,
        settings: Settings,
    ) -> "_Lesson":
        aligned = shapes.shapes[training]
        mirrored = mirrored_shapes(aligned, scheme) if scheme.partners else None
        rows = aligned if mirrored is None else np.concatenate([aligned, mirrored])
        distances = class_distances(rows, exemplars)
        radius = membership_radius(distances, settings.members)
        return cls(
            patches=[patch for i in training if (patch := patches[i]) is not None],
            aligned=aligned,
            mirrored=mirrored,
            membership=torch.from_numpy(distances <= radius),
            radius=radius,
            size=settings.size,
        )

    def batches(self, epoch: int, seed: int) -> list[Ints]:
        """Rows of the training instances, in an order that seed and epoch fix."""
        random = np.random.default_rng((seed, epoch))
        rounds = -(-_LEAST_CROPS // len(self.patches))
        order = np.concatenate([random.permutation(len(self.patches)) for _ in range(rounds)])
        return [order[i : i + _BATCH] for i in range(0, len(order) - _BATCH + 1, _BATCH)]

    def batch(
        self, rows: Ints, random: np.random.Generator
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Crops, membership (B, K), corrections (B, 4) and points (B, L, 2) in the crops' boxes."""
        flips = random.random(len(rows)) < 0.5 if self.mirrored is not None else rows < 0
        crops, moves, points = [], [], []
        for row, flip in zip(rows, flips, strict=True):
            pixels, move = training_crop(self.patches[row], self.size, bool(flip), random)
            shape = self.mirrored[row] if flip and self.mirrored is not None else self.aligned[row]
            crops.append(pixels)
            moves.append(move)
            points.append(in_crop(shape, move))
        members = self.membership[torch.from_numpy(rows + flips * len(self.patches))].float()
        return (
            as_batch(np.stack(crops)),
            members,
            torch.from_numpy(np.stack(moves)).float(),
            torch.from_numpy(np.stack(points)).float(),
        )


def _fit(
    lesson: _Lesson, folder: Path, settings: Settings, fingerprint: str, progress: Progress
) -> tuple[ExemplarNetwork, float]:
    """The running average of the network over its training, and the seconds that this took."""
    torch.manual_seed(settings.seed)
    classes, landmarks = lesson.membership.shape[1], lesson.aligned.shape[1]
    network = ExemplarNetwork(classes, landmarks, settings.size)
    average: ExemplarNetwork = copy.deepcopy(network)
    average.eval()
    optimiser = torch.optim.AdamW(network.parameters(), settings.learning_rate, weight_decay=0.02)
    trainee = Trainee(network, average, optimiser)
    if settings.fresh:
        discard_checkpoint(folder)
    done, seconds = restore_checkpoint(folder, trainee, fingerprint)
    started = time.monotonic() - seconds
    steps = len(lesson.batches(0, settings.seed))
    progress.start("training", settings.epochs * steps)
    progress.advance(done * steps)
    network.train()
    for epoch in range(done, settings.epochs):
        # Everything random in an epoch follows from seed and epoch, so that a resumed training
        # is the uninterrupted one.
        random = np.random.default_rng((settings.seed, epoch, 1))
        torch.manual_seed(settings.seed * 1_000_003 + epoch)
        for index, rows in enumerate(lesson.batches(epoch, settings.seed)):
            step = epoch * steps + index
            rate = settings.learning_rate * _schedule(step, settings.epochs * steps)
            for group in optimiser.param_groups:
                group["lr"] = rate
            loss = _step(network, optimiser, lesson.batch(rows, random))
            _follow(average, network, min(_AVERAGING, (step + 1) / (step + 10)))
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


def _step(
    network: ExemplarNetwork,
    optimiser: torch.optim.Optimizer,
    batch: tuple[Tensor, Tensor, Tensor, Tensor],
) -> float:
    crops, members, moves, points = batch
    with torch.autocast("cpu", torch.bfloat16):
        scores, predicted_moves, predicted_points = network(crops)
    loss = (
        multi_label(scores.float(), members)
        + _BOX_WEIGHT * position_error(predicted_moves.float(), moves)
        + _POINTS_WEIGHT * position_error(predicted_points.float(), points)
    )
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    return float(loss.detach())


def _schedule(step: int, steps: int) -> float:
    """A short warm-up, then half a cosine to zero."""
    return min(1.0, (step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * step / steps))


@torch.no_grad()
def _follow(average: torch.nn.Module, network: torch.nn.Module, keep: float) -> None:
    fresh = network.state_dict()
    for name, value in average.state_dict().items():
        if value.dtype.is_floating_point:
            value.lerp_(fresh[name], 1.0 - keep)
        else:
            value.copy_(fresh[name])
