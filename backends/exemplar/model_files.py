"""A trained model on disk: weights.safetensors beside card.json. No pickle."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from backends.exemplar.calibration import Calibration
from backends.exemplar.network import ExemplarNetwork
from backends.exemplar.pose_regressors import PoseRegressors
from backends.exemplar.scores import Classifier
from backends.training.files import save_tensors, write_json
from projects.vocabulary import Scheme
from projects.vocabulary.errors import WeightsMismatch

_WEIGHTS = "weights.safetensors"
_CARD = "card.json"
_FORMAT = 1


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
    """Weights first, card last, each replaced in one step: a card always has its weights."""
    folder.mkdir(parents=True, exist_ok=True)
    classifier = model.classifier
    tensors = {f"network.{k}": _compact(v) for k, v in classifier.network.state_dict().items()}
    tensors["exemplars"] = torch.from_numpy(classifier.exemplars.astype(np.float32))
    for name, array in model.regressors.to_arrays().items():
        tensors[f"regressors.{name}"] = torch.from_numpy(np.ascontiguousarray(array))
    tensors["residual"] = torch.from_numpy(model.calibration.residual)
    # Without regressors both are one array, and tensors may not share their memory.
    tensors["residual_alone"] = torch.from_numpy(model.alone.residual).clone()
    if classifier.mirrored_class is not None:
        tensors["mirrored_class"] = torch.from_numpy(classifier.mirrored_class)
    save_tensors(folder / _WEIGHTS, tensors)
    write_json(folder / _CARD, {"format": _FORMAT, "backend": "exemplar", **model.card})


def load_model(folder: Path, scheme: Scheme) -> ExemplarModel:
    """Raises WeightsMismatch where the files are damaged or belong to another scheme."""
    try:
        card = json.loads((folder / _CARD).read_text(encoding="utf-8"))
        tensors = load_file(folder / _WEIGHTS)
        made_for = card["scheme"]
        size, rank = int(card["settings"]["size"]), int(card["settings"]["rank"])
        temperature = float(card["temperature"])
        blended, blend = float(card["blended_temperature"]), float(card["blend"])
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise WeightsMismatch(
            f"The trained model in {folder} cannot be read: {error}.",
            kept="The project and its labels are not affected.",
            remedy="Train again: annotator train PROJECT --fresh.",
        ) from error
    if card.get("format") != _FORMAT:
        raise WeightsMismatch(
            f"The trained model in {folder} has format {card.get('format')}, not {_FORMAT}.",
            remedy="Train again: annotator train PROJECT --fresh.",
        )
    check_scheme(made_for, scheme)
    exemplars = tensors.pop("exemplars").numpy()
    mirrored = tensors.pop("mirrored_class", None)
    network = ExemplarNetwork(len(exemplars), len(scheme), size, rank)
    try:
        network.load_state_dict({k: v.float() for k, v in _part(tensors, "network.").items()})
        arrays = {k: v.numpy() for k, v in _part(tensors, "regressors.").items()}
        regressors = PoseRegressors.from_arrays(arrays, scheme.mirror if scheme.partners else None)
        calibration = Calibration(blended, blend, tensors["residual"].numpy())
        alone = Calibration(temperature, 0.0, tensors["residual_alone"].numpy())
    except (RuntimeError, KeyError) as error:
        raise WeightsMismatch(
            f"The weights in {folder} are of another network: {str(error)[:200]}",
            remedy="Train again: annotator train PROJECT --fresh.",
        ) from error
    classifier = Classifier(
        network.eval(),
        exemplars,
        None if mirrored is None else mirrored.numpy(),
        size,
    )
    return ExemplarModel(classifier, alone, regressors, calibration, card)


def _part(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def _compact(weight: Tensor) -> Tensor:
    """Matrices and filters in half precision; norms and biases, which are few, as they are."""
    return (weight.half() if weight.ndim >= 2 else weight).contiguous()


def check_scheme(made_for: Mapping[str, Any], scheme: Scheme) -> None:
    own = scheme.to_dict()
    if made_for.get("landmarks") == own["landmarks"]:
        return
    raise WeightsMismatch(
        f'The weights were trained for scheme "{made_for.get("name")}" with '
        f"{len(made_for.get('landmarks', ()))} landmarks; this project's scheme is "
        f'"{scheme.name}" with {len(scheme)}.',
        kept="The project and its labels are not affected.",
        remedy="Train on this project: annotator train PROJECT --fresh.",
    )
