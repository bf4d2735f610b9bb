"""Training: labelled instances in, a calibrated exemplar model in a folder out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.backends.exemplar.calibration import calibrate
from landmark_annotator.backends.exemplar.cascade import fit_regressors, regressed
from landmark_annotator.backends.exemplar.classes import class_shapes
from landmark_annotator.backends.exemplar.classifier import Classifier
from landmark_annotator.backends.exemplar.held_out import (
    best_head,
    expected,
    nearest_pattern,
    observe,
)
from landmark_annotator.backends.exemplar.model_files import ExemplarModel, save_model
from landmark_annotator.backends.exemplar.network_training import fit
from landmark_annotator.backends.exemplar.novelty import usual_spread
from landmark_annotator.backends.exemplar.pose_regression.regressors import PoseRegressors
from landmark_annotator.backends.exemplar.pose_regression.training import PoseSettings
from landmark_annotator.backends.exemplar.settings import Settings
from landmark_annotator.backends.exemplar.training_data import TrainingData
from landmark_annotator.backends.learning.checkpoints import Checkpoint, discard_checkpoint
from landmark_annotator.backends.learning.held_out import (
    error_figures,
    lengths_in_frames,
    mean_visible_error,
)
from landmark_annotator.backends.learning.model_cards import begun_card
from landmark_annotator.backends.learning.patches import make_patches
from landmark_annotator.backends.learning.training_shapes import training_shapes
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.numbering import numbered
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme


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
    training, left_out = shapes.split(patches)
    held_out = [instances[i] for i in left_out]
    aligned = shapes.shapes[training]
    exemplars, mirror = class_shapes(aligned, scheme, chosen)

    data = TrainingData.of([patches[i] for i in training], aligned, exemplars, scheme, chosen)
    keys = [instances[i].key for i in training]
    checkpoint = Checkpoint.of(folder, chosen, keys, scheme.landmarks)
    beside = data.beside([patches[i] for i in left_out], shapes.shapes[left_out], scheme)
    network, seconds = fit(data, chosen, checkpoint, progress, beside)

    classifier = Classifier(network, exemplars.astype(np.float32), mirror, chosen.size)
    head = best_head(classifier, held_out, chosen.seed, scheme, progress)
    network.keep_head(head)
    seen = observe(classifier, held_out, chosen.seed, progress)
    pattern = nearest_pattern(exemplars, mirror)
    alone = calibrate(seen.of_head(0), exemplars, pattern)
    initial = expected(classifier, seen.of_head(0), alone.temperature)
    regressors, refined, calibration = PoseRegressors.none(exemplars), initial, alone
    if chosen.levels:
        regressors = fit_regressors(
            [instances[i] for i in training],
            [shapes.boxes[i] for i in training],
            aligned,
            seen,
            initial,
            scheme,
            PoseSettings(pose_classes=chosen.pose_classes, levels=chosen.levels, seed=chosen.seed),
            progress,
        )
        refined = regressed(regressors, held_out, seen, initial)
        calibration = calibrate(replace(seen.of_head(0), regressed=refined), exemplars, pattern)
    related = numbered([each.split_key for each in held_out])[seen.instances]
    lengths = lengths_in_frames(held_out, seen.instances, seen.truths, scheme)
    card = begun_card(scheme, chosen) | {
        "classes": len(exemplars),
        "tau": data.radii[head],
        "temperature": alone.temperature,
        "blended_temperature": calibration.temperature,
        "blend": calibration.blend,
        "usual_spread": usual_spread(
            seen.of_head(0).scores, alone.temperature, classifier.exemplars
        ),
        "instances": {
            "training": len(training),
            "held_out": len(held_out),
            "unreadable": unreadable,
        },
        "groups": shapes.card(),
        "held_out_keys": [instance.key for instance in held_out],
        "minutes": round(seconds / 60, 2),
        "figures": {
            **error_figures("held_out_error", initial, seen.truths, scheme, related, lengths),
            **error_figures(
                "held_out_error_regressed", refined, seen.truths, scheme, related, lengths
            ),
            "held_out_visible_error": mean_visible_error(initial, seen.truths, scheme, lengths),
        },
    }
    model = ExemplarModel(classifier, alone, regressors, calibration, card)
    save_model(folder, model)
    discard_checkpoint(folder)
    return card
