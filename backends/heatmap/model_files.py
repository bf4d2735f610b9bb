"""A trained heat-map model on disk, with its second look."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from landmark_annotator.backends.densities.model import DensityModel
from landmark_annotator.backends.densities.model_files import (
    DensityFiles,
    arrays_of,
    as_tensors,
    calibration_of,
    check_calibration,
    numbers_of,
)
from landmark_annotator.backends.densities.proposer import DensityProposer
from landmark_annotator.backends.heatmap.network import HeatmapNetwork
from landmark_annotator.backends.heatmap.refinement.network import PatchNetwork
from landmark_annotator.backends.heatmap.refinement.refiner import Refiner
from landmark_annotator.backends.heatmap.refinement.training import Refinement
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.model_files import (
    ModelFiles,
    fill_network,
    halved,
    with_prefix,
)
from landmark_annotator.projects.vocabulary.scheme import Scheme

FILES = ModelFiles("heatmap", 1)
_SECOND = "refinement."
_LARGEST = 4096
"""Pixels in a side of the box."""


def load(folder: Path, scheme: Scheme, device: str = "cpu") -> DensityProposer:
    """From the folder that training wrote, to run on one of DEVICES. Raises WeightsMismatch."""
    return DensityProposer(load_model(folder, scheme, device))


def load_model(folder: Path, scheme: Scheme, device: str = "cpu") -> DensityModel:
    """Raises WeightsMismatch where the files are damaged or belong to another scheme."""
    return _DENSITIES.load(folder, scheme, device)


def save_model(folder: Path, model: DensityModel) -> None:
    if not isinstance(model.refinement, Refinement):
        _DENSITIES.save(folder, model)
        return
    refiner, calibration = model.refinement.refiner, model.refinement.calibration
    parts = as_tensors(arrays_of(calibration))
    parts |= {f"network.{k}": v for k, v in halved(refiner.network.state_dict()).items()}
    others = {f"{_SECOND}{name}": value.contiguous() for name, value in parts.items()}
    about = {"resolution": refiner.resolution, **numbers_of(calibration)}
    _DENSITIES.save(folder, model, others, {"refinement": about})


def has_coordinates(settings: Mapping[str, Any]) -> bool:
    """Whether the network of a card with these sees where pixels are; those of before do not."""
    return bool(settings.get("coordinates", False))


def _refinement(
    tensors: Mapping[str, torch.Tensor], card: Mapping[str, Any], scheme: Scheme, device: str
) -> Refinement | None:
    own = with_prefix(tensors, _SECOND)
    if not own:
        return None
    network = PatchNetwork(len(scheme))
    fill_network(network, own)
    network.eval().to(device_named(device))
    arrays = {k: v.double().numpy() for k, v in own.items()}
    mirror = scheme.mirror if scheme.partners else None
    calibration = calibration_of(arrays, card["refinement"])
    check_calibration(len(scheme), calibration)
    resolution = float(card["refinement"]["resolution"])
    if not 1 <= resolution <= _LARGEST:
        raise ValueError(f"its second look has a resolution of {resolution}")
    return Refinement(Refiner(network, resolution, mirror), calibration)


def _network(landmarks: int, settings: Mapping[str, Any]) -> HeatmapNetwork:
    return HeatmapNetwork(landmarks, has_coordinates(settings))


_DENSITIES = DensityFiles(FILES, _network, _refinement)
