"""A trained coarse-to-fine model on disk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from landmark_annotator.backends.cropnet.inference import CoarseToFineInference
from landmark_annotator.backends.cropnet.network import MOST_STAGES, CoarseToFineNetwork, Design
from landmark_annotator.backends.cropnet.proposer import CoarseToFineProposer
from landmark_annotator.backends.cropnet.settings import by_stage
from landmark_annotator.backends.densities.model import DensityModel
from landmark_annotator.backends.densities.model_files import DensityFiles, check_size
from landmark_annotator.backends.learning.model_files import ModelFiles
from landmark_annotator.projects.vocabulary.scheme import Scheme

FILES = ModelFiles("cropnet", 1)
_WIDEST = 1024
"""Channels of a first stage, eight times which no memory holds."""


def load(folder: Path, scheme: Scheme, device: str = "cpu") -> CoarseToFineProposer:
    """From the folder that training wrote, to run on one of DEVICES. Raises WeightsMismatch."""
    return CoarseToFineProposer(_DENSITIES.load(folder, scheme, device))


def save_model(folder: Path, model: DensityModel) -> None:
    _DENSITIES.save(folder, model)


def _network(landmarks: int, settings: Mapping[str, Any]) -> CoarseToFineNetwork:
    """Raises ValueError."""
    width, size, losses = int(settings["width"]), int(settings["size"]), str(settings["losses"])
    stages = len(by_stage(losses))
    if not 1 <= width <= _WIDEST or stages > MOST_STAGES:
        raise ValueError(f"it is {width} wide, with {stages} stages")
    check_size(size, CoarseToFineNetwork.multiple)
    return CoarseToFineNetwork(torch.zeros(landmarks, 2), Design(width, stages))


_DENSITIES = DensityFiles(FILES, _network, infer=CoarseToFineInference)
