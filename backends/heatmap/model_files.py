"""A trained model on disk: weights.safetensors beside card.json. No pickle."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from backends.exemplar.model_files import check_scheme
from backends.heatmap.calibration import Calibration
from backends.heatmap.deviations import Deviations
from backends.heatmap.looking import Looker
from backends.heatmap.network import HeatmapNetwork
from backends.shapes.mixture import ShapeMixture
from backends.training.files import save_tensors, write_json
from projects.vocabulary.arrays import Floats
from projects.vocabulary.errors import WeightsMismatch
from projects.vocabulary.scheme import Scheme

_WEIGHTS = "weights.safetensors"
_CARD = "card.json"
_FORMAT = 1
_SCALARS = ("floor", "prior_share", "widening", "surprise_power")


@dataclass(frozen=True, eq=False)
class HeatmapModel:
    """looker: the network and how it is used. prior: over shapes in fitted boxes. usual_areas:
    (L,) the root of the determinant of each density's covariance that few visible landmarks
    exceed. card: what is known of the training."""

    looker: Looker
    prior: ShapeMixture
    calibration: Calibration
    usual_areas: Floats
    card: Mapping[str, Any]


def save_model(folder: Path, model: HeatmapModel) -> None:
    """Weights first, card last, each replaced in one step: a card always has its weights."""
    folder.mkdir(parents=True, exist_ok=True)
    calibration = model.calibration
    tensors = {f"network.{k}": _compact(v) for k, v in model.looker.network.state_dict().items()}
    arrays = {
        "reference": model.looker.reference,
        "prior.log_weights": model.prior.log_weights,
        "prior.means": model.prior.exemplars.shapes,
        "prior.residual": model.prior.residual,
        "parts": calibration.deviations.parts,
        "factors": calibration.deviations.factors,
        "correlation": calibration.correlation,
        "usual_areas": model.usual_areas,
    }
    for name, array in arrays.items():
        tensors[name] = torch.from_numpy(np.ascontiguousarray(array, dtype=np.float32))
    save_tensors(folder / _WEIGHTS, tensors)
    degrees = calibration.degrees
    numbers = {
        "floor": calibration.deviations.floor,
        "prior_share": calibration.prior_share,
        "widening": calibration.widening,
        "surprise_power": calibration.surprise_power,
        "degrees": None if math.isinf(degrees) else degrees,
    }
    card = {"format": _FORMAT, "backend": "heatmap", **model.card, "calibration": numbers}
    write_json(folder / _CARD, card)


def load_model(folder: Path, scheme: Scheme) -> HeatmapModel:
    """Raises WeightsMismatch where the files are damaged or belong to another scheme."""
    try:
        card = json.loads((folder / _CARD).read_text(encoding="utf-8"))
        tensors = load_file(folder / _WEIGHTS)
        made_for, numbers = card["scheme"], card["calibration"]
        size = int(card["settings"]["size"])
        scalars = {k: float(numbers[k]) for k in _SCALARS}
        degrees = math.inf if numbers["degrees"] is None else float(numbers["degrees"])
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise WeightsMismatch(
            f"The trained model in {folder} cannot be read: {error}.",
            kept="The project and its labels are not affected.",
            remedy="Train again: annotator train PROJECT --backend heatmap --fresh.",
        ) from error
    if card.get("format") != _FORMAT:
        raise WeightsMismatch(
            f"The trained model in {folder} has format {card.get('format')}, not {_FORMAT}.",
            remedy="Train again: annotator train PROJECT --backend heatmap --fresh.",
        )
    check_scheme(made_for, scheme)
    network = HeatmapNetwork(len(scheme))
    arrays = {k: v.double().numpy() for k, v in tensors.items() if not k.startswith("network.")}
    own = {k.removeprefix("network."): v for k, v in tensors.items() if k.startswith("network.")}
    try:
        network.load_state_dict({k: v.float() for k, v in own.items()})
        prior = ShapeMixture(
            arrays["prior.log_weights"], arrays["prior.means"], arrays["prior.residual"]
        )
        calibration = Calibration(
            Deviations(arrays["parts"], arrays["factors"], scalars["floor"]),
            arrays["correlation"],
            scalars["prior_share"],
            scalars["widening"],
            degrees,
            scalars["surprise_power"],
        )
        reference, usual = arrays["reference"], arrays["usual_areas"]
    except (RuntimeError, KeyError, ValueError) as error:
        raise WeightsMismatch(
            f"The weights in {folder} are of another network: {str(error)[:200]}",
            remedy="Train again: annotator train PROJECT --backend heatmap --fresh.",
        ) from error
    network.eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    mirror = scheme.mirror if scheme.partners else None
    looker = Looker(network, reference, mirror, size)
    return HeatmapModel(looker, prior, calibration, usual, card)


def _compact(weight: Tensor) -> Tensor:
    """Matrices and filters in half precision; norms and biases, which are few, as they are."""
    return (weight.half() if weight.ndim >= 2 else weight).contiguous()
