"""Training: labelled instances in, a calibrated heat-map model in a folder out."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.backends.heatmap.augmentation import read_patches
from landmark_annotator.backends.heatmap.calibration import believed_of, calibrate
from landmark_annotator.backends.heatmap.inference import CropInference
from landmark_annotator.backends.heatmap.model_files import HeatmapModel, load_model, save_model
from landmark_annotator.backends.heatmap.network_training import TrainingData, fit
from landmark_annotator.backends.heatmap.observations import observed
from landmark_annotator.backends.heatmap.pretrained import known_correlation, learned_elsewhere
from landmark_annotator.backends.heatmap.proposer import HeatmapProposer, areas
from landmark_annotator.backends.heatmap.refinement.training import FirstStage, learn_refinement
from landmark_annotator.backends.heatmap.second_round import filled
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.heatmap.shape_prior import shape_deviations, shape_priors
from landmark_annotator.backends.learning.checkpoints import Checkpoint, discard_checkpoint
from landmark_annotator.backends.learning.held_out import error_figures, mean_error
from landmark_annotator.backends.learning.model_cards import begun_card, read_card
from landmark_annotator.backends.learning.training_shapes import is_sparse, training_shapes
from landmark_annotator.backends.shapes.fitting.prior import shape_slack, symmetry_of
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

FEWEST_INSTANCES = 12
FEWEST_FOR_SECOND_LOOK = 24
"""Below that a first network is waited for, and too few tell whether a second look helps."""
_HELD_OUT_BOXES = 2
"""Boxes tried for each held-out instance."""
_MOST_TRAINING_BOXES = 2000
_HIDDEN_QUANTILE = 0.98


def train(
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    folder: Path,
    settings: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    """Trains and calibrates, writes weights and card into the folder, returns the card.

    Of sparsely labelled instances it learns the landmarks that they have; and where most are
    sparse, in a second round, those that the first one filled.
    Interrupted, it raises Cancelled and leaves a checkpoint, from which the same call goes on as
    if nothing had happened. An older model in the folder stays until the new one is complete.
    Raises TooFewLabels.
    """
    chosen = Settings.of(settings)
    sparse = sum(map(is_sparse, instances))
    rounds = chosen.rounds or (2 if sparse > len(instances) / 2 else 1)
    # Filled instances can teach, but not tell how wrong a model is: that takes dense ones.
    if not sparse or len(instances) - sparse < FEWEST_INSTANCES:
        rounds = 1
    first = folder / "first"
    if rounds == 1:
        card = _round(instances, scheme, folder, chosen, progress)
    else:
        _round(instances, scheme, first, chosen, progress, refine=False)
        known = filled(HeatmapProposer(load_model(first, scheme)), instances, progress)
        card = _round(known, scheme, folder, chosen, progress, first)
    discard_checkpoint(folder)
    shutil.rmtree(first, ignore_errors=True)
    return card


def _round(
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    folder: Path,
    chosen: Settings,
    progress: Progress,
    start: Path | None = None,
    refine: bool = True,
) -> Mapping[str, Any]:
    """start: the folder of the model that filled the sparse instances. Its checkpoint stays.
    refine: whether a second look is learned where photographs show more than the first one."""
    shapes = training_shapes(instances, chosen.held_out, chosen.seed, FEWEST_INSTANCES)
    folder.mkdir(parents=True, exist_ok=True)
    patches, unreadable = read_patches(instances, shapes.boxes, progress)
    training, left_out = shapes.split(patches)
    held_out = [instances[i] for i in left_out]
    dense = [i for i in training if not is_sparse(instances[i])] or training
    learned = balanced(training, dense) if start is None else training
    data = TrainingData([patches[i] for i in learned], scheme, chosen)
    checkpoint = Checkpoint.of(folder, chosen, [instances[i].key for i in learned])
    network, seconds = fit(data, checkpoint, progress, start, [patches[i] for i in left_out])

    mirror = scheme.mirror if scheme.partners else None
    inference = CropInference(network, shapes.reference, mirror, chosen.size)
    step = -(-len(dense) // _MOST_TRAINING_BOXES)
    seen = observed(inference.infer, held_out, _HELD_OUT_BOXES, chosen.seed, progress)
    own = observed(inference.infer, [instances[i] for i in dense[::step]], 1, chosen.seed, progress)
    slack = shape_slack(shapes.reference, seen.truths)
    doubts = shape_deviations([instances[i].shape for i in training])
    # In the frame of an object that may point anywhere no axis is that of the mirror.
    symmetry = symmetry_of(scheme) if scheme.heading is None else None
    priors = shape_priors(shapes.shapes[training], doubts, slack, symmetry, chosen.seed)
    known = known_correlation(chosen.trunk, scheme)
    calibration, prior = calibrate(seen, own, priors, known)
    believed = believed_of(calibration, prior, seen)
    figures = {"held_out_error_densities": mean_error(seen.points, seen.truths, scheme)}
    second = None
    refine = refine and chosen.second_look and not chosen.quick
    if refine and len(dense) + len(held_out) >= FEWEST_FOR_SECOND_LOOK:
        first = FirstStage(inference, prior, calibration)
        pairs = [(instances[i], shapes.boxes[i]) for i in dense]
        beside = [(instances[i], shapes.boxes[i]) for i in left_out]
        second = learn_refinement(first, seen, pairs, beside, scheme, chosen, progress, known)
    if second is not None:
        seconds += second.seconds
        figures["held_out_error_first_look"] = mean_error(believed, seen.truths, scheme)
        figures["held_out_error_second_look"] = mean_error(second.believed, seen.truths, scheme)
        believed = believed if second.refinement is None else second.believed
    card = begun_card(scheme, chosen) | {
        "epochs": chosen.epochs_for(len(learned)),
        "instances": {
            "training": len(training),
            "held_out": len(held_out),
            "unreadable": unreadable,
        },
        "groups": shapes.card(),
        "held_out_keys": [instance.key for instance in held_out],
        "learned_elsewhere": learned_elsewhere(chosen.trunk, scheme),
        "minutes": round(seconds / 60 + _minutes(start), 2),
        "classes": prior.classes,
        "figures": error_figures("held_out_error", believed, seen.truths, scheme, seen.groups)
        | figures,
    }
    usual = np.quantile(areas(seen.spreads), _HIDDEN_QUANTILE, axis=0)
    refinement = None if second is None else second.refinement
    save_model(folder, HeatmapModel(inference, prior, calibration, usual, card, refinement))
    return card


def _minutes(start: Path | None) -> float:
    """That the round before took."""
    if start is None:
        return 0.0
    return float(read_card(start)["minutes"])


def balanced(training: list[int], dense: list[int]) -> list[int]:
    """The training instances, the dense ones among them so often that they are half of what is
    learned from: where most are labelled sparsely, the dense ones alone show most landmarks."""
    sparse = len(training) - len(dense)
    return training + dense * max(round(sparse / len(dense)) - 1, 0)
