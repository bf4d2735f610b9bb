"""A trained Laplace network on disk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landmark_annotator.backends.densities.model_files import DensityFiles
from landmark_annotator.backends.densities.network import DensityNetwork
from landmark_annotator.backends.densities.proposer import DensityProposer
from landmark_annotator.backends.laplace.network import LaplaceNetwork
from landmark_annotator.backends.learning.model_files import ModelFiles
from landmark_annotator.projects.vocabulary.scheme import Scheme

_MOST_CHANNELS = 4096


def load(folder: Path, scheme: Scheme, device: str = "cpu") -> DensityProposer:
    """From the folder that training wrote, to run on one of DEVICES. Raises WeightsMismatch."""
    return DensityProposer(FILES.load(folder, scheme, device))


def _built(landmarks: int, settings: Mapping[str, Any]) -> DensityNetwork:
    channels = int(settings["channels"])
    if not 1 <= channels <= _MOST_CHANNELS:
        raise ValueError(f"it has {channels} channels")
    return LaplaceNetwork(landmarks, channels)


FILES = DensityFiles(ModelFiles("laplace", 1), _built)
