"""Training: labelled instances in, a calibrated exemplar model in a folder out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from backends.exemplar.calibration import calibrate
from backends.exemplar.cascade import fit_regressors, regressed
from backends.exemplar.classes import class_shapes
from backends.exemplar.classifier import Classifier
from backends.exemplar.held_out import (
    best_head,
    expected,
    look_at,
    mean_error,
    nearest_pattern,
)
from backends.exemplar.model_files import ExemplarModel, save_model
from backends.exemplar.network_training import fit
from backends.exemplar.pose_regression.regressors import PoseRegressors
from backends.exemplar.pose_regression.training import PoseSettings
from backends.exemplar.settings import Settings
from backends.exemplar.training_data import Lesson
from backends.learning.checkpoints import discard_checkpoint
from backends.learning.patches import make_patches
from backends.learning.training_shapes import training_shapes
from projects.vocabulary.labelled_instance import LabelledInstance
from projects.vocabulary.progress import Progress
from projects.vocabulary.scheme import Scheme


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
    shapes = training_shapes(instances, chosen.held_out, chosen.seed)
    folder.mkdir(parents=True, exist_ok=True)
    patches, unreadable = make_patches(instances, shapes.boxes, progress)
    training = [i for i in patches if not shapes.held_out[i]]
    held_out = [instances[i] for i in patches if shapes.held_out[i]]
    aligned = shapes.shapes[training]
    exemplars, mirror = class_shapes(aligned, scheme, chosen)

    lesson = Lesson.of([patches[i] for i in training], aligned, exemplars, scheme, chosen)
    network, seconds = fit(lesson, folder, chosen, [instances[i].key for i in training], progress)

    classifier = Classifier(network, exemplars.astype(np.float32), mirror, chosen.size)
    head = best_head(classifier, held_out, chosen.seed, scheme, progress)
    network.keep_head(head)
    looks = look_at(classifier, held_out, chosen.seed, progress)
    pattern = nearest_pattern(exemplars, mirror)
    alone = calibrate(looks.of_head(0), exemplars, pattern)
    initial = expected(classifier, looks.of_head(0), alone.temperature)
    regressors, refined, calibration = PoseRegressors.none(exemplars), initial, alone
    if chosen.levels:
        regressors = fit_regressors(
            [instances[i] for i in training],
            [shapes.boxes[i] for i in training],
            aligned,
            looks,
            initial,
            scheme,
            PoseSettings(pose_classes=chosen.pose_classes, levels=chosen.levels, seed=chosen.seed),
            progress,
        )
        refined = regressed(regressors, held_out, looks, initial)
        calibration = calibrate(replace(looks.of_head(0), regressed=refined), exemplars, pattern)
    card = {
        "scheme": scheme.to_dict(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": asdict(chosen),
        "classes": len(exemplars),
        "tau": lesson.radii[head],
        "temperature": alone.temperature,
        "blended_temperature": calibration.temperature,
        "blend": calibration.blend,
        "instances": {
            "training": len(training),
            "held_out": len(held_out),
            "unreadable": unreadable,
        },
        "held_out_keys": [instance.key for instance in held_out],
        "minutes": round(seconds / 60, 2),
        "figures": {
            "held_out_error": mean_error(initial, looks.truths, scheme),
            "held_out_error_regressed": mean_error(refined, looks.truths, scheme),
        },
    }
    model = ExemplarModel(classifier, alone, regressors, calibration, card)
    save_model(folder, model)
    discard_checkpoint(folder)
    return card
