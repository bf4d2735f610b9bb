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

from backends.training.files import save_tensors, write_json
from backends.weak.localiser import Localiser
from backends.weak.network import TwoBranchNetwork
from backends.weak.unseen import Unseen
from projects.vocabulary import Box, Scheme
from projects.vocabulary.arrays import Floats
from projects.vocabulary.errors import WeightsMismatch

_WEIGHTS = "weights.safetensors"
_CARD = "card.json"
_FORMAT = 1


@dataclass(frozen=True, eq=False)
class WeakModel:
    """residual: (2L, 2L) of the truth around the landmarks. unseen: what it was measured on, the
    instances numbered as in the card's "held_out_keys". card: what is known of the training."""

    localiser: Localiser
    residual: Floats
    unseen: Unseen
    card: Mapping[str, Any]


def save_model(folder: Path, model: WeakModel) -> None:
    """Weights first, card last, each replaced in one step: a card always has its weights."""
    folder.mkdir(parents=True, exist_ok=True)
    state = model.localiser.network.state_dict()
    tensors = {f"network.{key}": value.contiguous() for key, value in state.items()}
    tensors["residual"] = torch.from_numpy(model.residual)
    unseen = model.unseen
    boxes = [[b.centre_x, b.centre_y, b.width, b.height, b.angle] for b in unseen.boxes]
    tensors["unseen.instances"] = torch.from_numpy(unseen.instances)
    tensors["unseen.boxes"] = torch.tensor(boxes, dtype=torch.float64)
    tensors["unseen.found"] = torch.from_numpy(unseen.found)
    tensors["unseen.truths"] = torch.from_numpy(unseen.truths)
    save_tensors(folder / _WEIGHTS, tensors)
    write_json(folder / _CARD, {"format": _FORMAT, "backend": "weak", **model.card})


def load_model(folder: Path, scheme: Scheme) -> WeakModel:
    """Raises WeightsMismatch where the files are damaged or belong to another scheme."""
    try:
        card = json.loads((folder / _CARD).read_text(encoding="utf-8"))
        tensors = load_file(folder / _WEIGHTS)
        made_for = card["scheme"]
        size, trunk = int(card["settings"]["size"]), str(card["settings"]["trunk"])
        sparse = [int(j) for j in card["sparse"]]
        usable = card["format"] == _FORMAT
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise _unusable(f"The trained model in {folder} cannot be read: {error}.") from error
    if not usable:
        raise _unusable(f"The trained model in {folder} is of another version of the program.")
    if made_for.get("landmarks") != scheme.to_dict()["landmarks"]:
        raise _unusable(
            f'The weights were trained for scheme "{made_for.get("name")}" with '
            f"{len(made_for.get('landmarks', ()))} landmarks; this project's scheme is "
            f'"{scheme.name}" with {len(scheme)}.'
        )
    network = TwoBranchNetwork(len(scheme), sparse, size, trunk, torch.zeros(len(scheme), 2))
    try:
        network.load_state_dict(_part(tensors, "network."))
        residual = tensors["residual"].numpy()
        unseen = _unseen(_part(tensors, "unseen."))
    except (RuntimeError, KeyError, ValueError) as error:
        raise _unusable(
            f"The weights in {folder} are of another network: {str(error)[:200]}"
        ) from error
    mirror = scheme.mirror if scheme.partners else None
    network.eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return WeakModel(Localiser(network, mirror, size), residual, unseen, card)


def _unseen(tensors: Mapping[str, Tensor]) -> Unseen:
    boxes = [Box(*row) for row in tensors["boxes"].tolist()]
    found, truths = tensors["found"].numpy(), tensors["truths"].numpy()
    return Unseen(np.asarray(tensors["instances"].numpy()), boxes, found, truths)


def _part(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def _unusable(happened: str) -> WeightsMismatch:
    return WeightsMismatch(
        happened,
        kept="The project and its labels are not affected.",
        remedy="Train again: annotator train PROJECT --backend weak --fresh.",
    )
