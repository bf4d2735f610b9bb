"""A trained coarse-to-fine model on disk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from landmark_annotator.backends.cropnet.inference import CoarseToFineInference
from landmark_annotator.backends.cropnet.network import MOST_STAGES, CoarseToFineNetwork, Design
from landmark_annotator.backends.cropnet.proposer import CoarseToFineProposer
from landmark_annotator.backends.cropnet.settings import by_stage
from landmark_annotator.backends.densities.model_files import DensityFiles
from landmark_annotator.backends.learning.model_files import ModelFiles
from landmark_annotator.projects.vocabulary.scheme import Scheme

_WIDEST = 1024
"""Channels of a first stage, eight times which no memory holds."""


def load(folder: Path, scheme: Scheme, device: str = "cpu") -> CoarseToFineProposer:
    """From the folder that training wrote, to run on one of DEVICES. Raises WeightsMismatch."""
    return CoarseToFineProposer(FILES.load(folder, scheme, device))


def _network(landmarks: int, settings: Mapping[str, Any]) -> CoarseToFineNetwork:
    """Raises ValueError."""
    width, stages = int(settings["width"]), len(by_stage(str(settings["losses"])))
    if not 1 <= width <= _WIDEST or stages > MOST_STAGES:
        raise ValueError(f"it is {width} wide, with {stages} stages")
    return CoarseToFineNetwork(torch.zeros(landmarks, 2), Design(width, stages))


FILES = DensityFiles(ModelFiles("cropnet", 1), _network, infer=CoarseToFineInference)
