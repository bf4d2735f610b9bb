"""A trained occlusion-adaptive model on disk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from landmark_annotator.backends.densities.hidden_calibration import HiddenCalibration
from landmark_annotator.backends.densities.model_files import DensityFiles, as_tensors, check_size
from landmark_annotator.backends.learning.model_files import ModelFiles
from landmark_annotator.backends.occlusion.inference import OcclusionInference
from landmark_annotator.backends.occlusion.network import STRIDES, Design, OcclusionNetwork
from landmark_annotator.backends.occlusion.proposer import OcclusionProposer
from landmark_annotator.projects.vocabulary.scheme import Scheme

_WIDEST = 1024
"""Channels of a first stage, eight times which no memory holds."""


def load(folder: Path, scheme: Scheme, device: str = "cpu") -> OcclusionProposer:
    """From the folder that training wrote, to run on one of DEVICES. Raises WeightsMismatch."""
    model = FILES.load(folder, scheme, device)
    _, tensors = FILES.files.read(folder, scheme)
    with FILES.files.understood(f"The weights in {folder} are of another network"):
        slopes = tensors["signs.slopes"].double().numpy()
        offsets = tensors["signs.offsets"].double().numpy()
        wanted = (1 + bool(model.card["settings"]["distillation"]),), (len(scheme),)
        if (slopes.shape, offsets.shape) != wanted:
            raise ValueError("what it says of hidden landmarks is not of the scheme's landmarks")
    return OcclusionProposer(model, HiddenCalibration(slopes, offsets))


def tensors_of(hidden: HiddenCalibration) -> dict[str, torch.Tensor]:
    """As they are kept beside the network."""
    return as_tensors({"signs.slopes": hidden.slopes, "signs.offsets": hidden.offsets})


def _network(landmarks: int, settings: Mapping[str, Any]) -> OcclusionNetwork:
    """Raises ValueError."""
    width, stride = int(settings["width"]), int(settings["stride"])
    modules = (bool(settings[name]) for name in ("geometry", "distillation", "low_rank"))
    if not 8 <= width <= _WIDEST or width % 8 or stride not in STRIDES:
        raise ValueError(f"it is {width} wide, in cells of {stride} pixels")
    size = int(settings["size"])
    check_size(size, OcclusionNetwork.multiple)
    return OcclusionNetwork(torch.zeros(landmarks, 2), size, Design(width, stride, *modules))


FILES = DensityFiles(ModelFiles("occlusion", 1), _network, infer=OcclusionInference)
