"""A trained model on disk: weights.safetensors beside card.json. No pickle."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backends.heatmap.calibration import Calibration
from backends.heatmap.inference import CropInference
from backends.heatmap.network import HeatmapNetwork
from backends.learning.deviations import Deviations
from backends.learning.device import device_named
from backends.learning.model_files import ModelFiles, fill_network, halved
from backends.shapes.mixture import ShapeMixture
from projects.vocabulary.arrays import Floats
from projects.vocabulary.scheme import Scheme

FILES = ModelFiles("heatmap", 1)
_SCALARS = ("floor", "prior_share", "widening", "surprise_power")


@dataclass(frozen=True, eq=False)
class HeatmapModel:
    """inference: the network and how it is used. prior: over shapes in fitted boxes. usual_areas:
    (L,) the root of the determinant of each density's covariance that few visible landmarks
    exceed. card: what is known of the training."""

    inference: CropInference
    prior: ShapeMixture
    calibration: Calibration
    usual_areas: Floats
    card: Mapping[str, Any]


def save_model(folder: Path, model: HeatmapModel) -> None:
    calibration = model.calibration
    arrays = {
        "reference": model.inference.reference,
        "prior.log_weights": model.prior.log_weights,
        "prior.means": model.prior.exemplars.shapes,
        "prior.residual": model.prior.residual,
        "parts": calibration.deviations.parts,
        "factors": calibration.deviations.factors,
        "correlation": calibration.correlation,
        "usual_areas": model.usual_areas,
    }
    others = {
        name: torch.from_numpy(np.ascontiguousarray(array, dtype=np.float32))
        for name, array in arrays.items()
    }
    degrees = calibration.degrees
    numbers = {
        "floor": calibration.deviations.floor,
        "prior_share": calibration.prior_share,
        "widening": calibration.widening,
        "surprise_power": calibration.surprise_power,
        "degrees": None if math.isinf(degrees) else degrees,
    }
    state = model.inference.network.state_dict()
    FILES.write(folder, halved(state), others, {**model.card, "calibration": numbers})


def load_model(folder: Path, scheme: Scheme, device: str = "cpu") -> HeatmapModel:
    """Raises WeightsMismatch where the files are damaged or belong to another scheme."""
    card, tensors = FILES.read(folder, scheme)
    network = HeatmapNetwork(len(scheme))
    with FILES.understood(f"The weights in {folder} are of another network"):
        numbers, size = card["calibration"], int(card["settings"]["size"])
        scalars = {k: float(numbers[k]) for k in _SCALARS}
        fill_network(network, tensors)
        arrays = {k: v.double().numpy() for k, v in tensors.items()}
        prior = ShapeMixture(
            arrays["prior.log_weights"], arrays["prior.means"], arrays["prior.residual"]
        )
        calibration = Calibration(
            Deviations(arrays["parts"], arrays["factors"], scalars["floor"]),
            arrays["correlation"],
            scalars["prior_share"],
            scalars["widening"],
            math.inf if numbers["degrees"] is None else float(numbers["degrees"]),
            scalars["surprise_power"],
        )
        reference, usual = arrays["reference"], arrays["usual_areas"]
    network.eval().to(device_named(device))
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    mirror = scheme.mirror if scheme.partners else None
    inference = CropInference(network, reference, mirror, size)
    return HeatmapModel(inference, prior, calibration, usual, card)
