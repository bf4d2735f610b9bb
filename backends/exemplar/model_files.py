"""A trained model on disk: weights.safetensors beside card.json. No pickle."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from landmark_annotator.backends.exemplar.calibration import Calibration
from landmark_annotator.backends.exemplar.classifier import Classifier
from landmark_annotator.backends.exemplar.network import ExemplarNetwork
from landmark_annotator.backends.exemplar.pose_regression.regressors import PoseRegressors
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.model_files import (
    ModelFiles,
    fill_network,
    halved,
    with_prefix,
)
from landmark_annotator.projects.vocabulary import Scheme

_FILES = ModelFiles("exemplar", 1)


@dataclass(frozen=True, eq=False)
class ExemplarModel:
    """classifier: network and classes. alone: its calibration without the regressors, calibration:
    with them. card: what is known of the training."""

    classifier: Classifier
    alone: Calibration
    regressors: PoseRegressors
    calibration: Calibration
    card: Mapping[str, Any]


def save_model(folder: Path, model: ExemplarModel) -> None:
    classifier = model.classifier
    others = {"exemplars": torch.from_numpy(classifier.exemplars.astype(np.float32))}
    for name, array in model.regressors.to_arrays().items():
        others[f"regressors.{name}"] = torch.from_numpy(np.ascontiguousarray(array))
    others["residual"] = torch.from_numpy(model.calibration.residual)
    # Without regressors both are one array, and tensors may not share their memory.
    others["residual_alone"] = torch.from_numpy(model.alone.residual).clone()
    if classifier.mirrored_class is not None:
        others["mirrored_class"] = torch.from_numpy(classifier.mirrored_class)
    _FILES.write(folder, halved(classifier.network.state_dict()), others, model.card)


def load_model(folder: Path, scheme: Scheme, device: str = "cpu") -> ExemplarModel:
    """Raises WeightsMismatch where the files are damaged or belong to another scheme."""
    card, tensors = _FILES.read(folder, scheme)
    with _FILES.understood(f"The weights in {folder} are of another network"):
        size, rank = int(card["settings"]["size"]), int(card["settings"]["rank"])
        exemplars = tensors["exemplars"].numpy()
        network = ExemplarNetwork(len(exemplars), len(scheme), size, rank)
        fill_network(network, tensors)
        arrays = {k: v.numpy() for k, v in with_prefix(tensors, "regressors.").items()}
        regressors = PoseRegressors.from_arrays(arrays, scheme.mirror if scheme.partners else None)
        calibration = Calibration(
            float(card["blended_temperature"]), float(card["blend"]), tensors["residual"].numpy()
        )
        alone = Calibration(float(card["temperature"]), 0.0, tensors["residual_alone"].numpy())
    mirrored = tensors.get("mirrored_class")
    classifier = Classifier(
        network.eval().to(device_named(device)),
        exemplars,
        None if mirrored is None else mirrored.numpy(),
        size,
    )
    return ExemplarModel(classifier, alone, regressors, calibration, card)
