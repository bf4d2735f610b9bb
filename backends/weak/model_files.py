"""A trained model on disk: weights.safetensors beside card.json. No pickle."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.model_files import ModelFiles, fill_network, with_prefix
from landmark_annotator.backends.weak.cross_fitting import Unseen
from landmark_annotator.backends.weak.localiser import Localiser
from landmark_annotator.backends.weak.network import TwoBranchNetwork
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

_FILES = ModelFiles("weak", 1)


@dataclass(frozen=True, eq=False)
class WeakModel:
    """residual: (2L, 2L) of the truth around the landmarks. unseen: what it was measured on, the
    instances numbered as in the card's "held_out_keys". card: what is known of the training."""

    localiser: Localiser
    residual: Floats
    unseen: Unseen
    card: Mapping[str, Any]


def save_model(folder: Path, model: WeakModel) -> None:
    unseen = model.unseen
    boxes = [list(b.numbers) for b in unseen.boxes]
    others = {
        "residual": torch.from_numpy(model.residual),
        "unseen.instances": torch.from_numpy(unseen.instances),
        "unseen.boxes": torch.tensor(boxes, dtype=torch.float64),
        "unseen.found": torch.from_numpy(unseen.found),
        "unseen.truths": torch.from_numpy(unseen.truths),
        "unseen.moves": torch.from_numpy(unseen.moves),
    }
    _FILES.write(folder, model.localiser.network.state_dict(), others, model.card)


def load_model(folder: Path, scheme: Scheme, device: str = "cpu") -> WeakModel:
    """Raises WeightsMismatch where the files are damaged or belong to another scheme."""
    card, tensors = _FILES.read(folder, scheme)
    with _FILES.understood(f"The weights in {folder} are of another network"):
        size, trunk = int(card["settings"]["size"]), str(card["settings"]["trunk"])
        sparse = [int(j) for j in card["sparse"]]
        network = TwoBranchNetwork(len(scheme), sparse, size, trunk, torch.zeros(len(scheme), 2))
        fill_network(network, tensors)
        residual = tensors["residual"].numpy()
        unseen = _unseen(with_prefix(tensors, "unseen."))
    mirror = scheme.mirror if scheme.partners else None
    network.eval().to(device_named(device))
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return WeakModel(Localiser(network, mirror, size), residual, unseen, card)


def _unseen(tensors: Mapping[str, Tensor]) -> Unseen:
    boxes = [Box(*row) for row in tensors["boxes"].tolist()]
    found, truths = tensors["found"].numpy(), tensors["truths"].numpy()
    moves = np.full(len(boxes), np.nan)
    if "moves" in tensors:  # Earlier versions did not measure them.
        moves = tensors["moves"].numpy()
    return Unseen(np.asarray(tensors["instances"].numpy()), boxes, found, truths, moves)
