"""A trained model on disk: weights.safetensors beside card.json. No pickle."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from landmark_annotator.backends.heatmap.calibration import Calibration
from landmark_annotator.backends.heatmap.inference import CropInference
from landmark_annotator.backends.heatmap.network import HeatmapNetwork
from landmark_annotator.backends.heatmap.refinement.network import PatchNetwork
from landmark_annotator.backends.heatmap.refinement.refiner import Refiner
from landmark_annotator.backends.heatmap.refinement.training import Refinement
from landmark_annotator.backends.learning.deviations import Deviations
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.model_files import (
    ModelFiles,
    fill_network,
    halved,
    with_prefix,
)
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats
from landmark_annotator.projects.vocabulary.scheme import Scheme

FILES = ModelFiles("heatmap", 1)
_SECOND = "refinement."
_LARGEST = 4096
"""Pixels a side of a crop."""
_SCALARS = ("floor", "prior_share", "widening", "surprise_power")


@dataclass(frozen=True, eq=False)
class HeatmapModel:
    """inference: the network and how it is used. prior: over shapes in fitted boxes. usual_areas:
    (L,) the root of the determinant of each density's covariance that few visible landmarks
    exceed. card: what is known of the training. refinement: the second look, None where there is
    none."""

    inference: CropInference
    prior: ShapeMixture
    calibration: Calibration
    usual_areas: Floats
    card: Mapping[str, Any]
    refinement: Refinement | None = None


def save_model(folder: Path, model: HeatmapModel) -> None:
    arrays = {
        "reference": model.inference.reference,
        "prior.log_weights": model.prior.log_weights,
        "prior.means": model.prior.exemplars.shapes,
        "prior.residual": model.prior.residual,
        "usual_areas": model.usual_areas,
    }
    others = _tensors(arrays | _arrays(model.calibration))
    card = {**model.card, "calibration": _numbers(model.calibration)}
    if model.refinement is not None:
        refiner, calibration = model.refinement.refiner, model.refinement.calibration
        parts = _tensors(_arrays(calibration))
        parts |= {f"network.{k}": v for k, v in halved(refiner.network.state_dict()).items()}
        others |= {f"{_SECOND}{name}": value.contiguous() for name, value in parts.items()}
        card["refinement"] = {"resolution": refiner.resolution, **_numbers(calibration)}
    state = model.inference.network.state_dict()
    FILES.write(folder, halved(state), others, card)


def load_model(folder: Path, scheme: Scheme, device: str = "cpu") -> HeatmapModel:
    """Raises WeightsMismatch where the files are damaged or belong to another scheme."""
    card, tensors = FILES.read(folder, scheme)
    network = HeatmapNetwork(len(scheme))
    with FILES.understood(f"The weights in {folder} are of another network"):
        size = int(card["settings"]["size"])
        check_size(size)
        fill_network(network, tensors)
        arrays = {k: v.double().numpy() for k, v in tensors.items()}
        prior = ShapeMixture(
            arrays["prior.log_weights"], arrays["prior.means"], arrays["prior.residual"]
        )
        calibration = _calibration(arrays, card["calibration"])
        refinement = _refinement(with_prefix(tensors, _SECOND), card, scheme, device)
        reference, usual = arrays["reference"], arrays["usual_areas"]
        _check_shapes(len(scheme), prior, reference, usual, calibration, refinement)
    network.eval().to(device_named(device))
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    mirror = scheme.mirror if scheme.partners else None
    inference = CropInference(network, reference, mirror, size)
    return HeatmapModel(inference, prior, calibration, usual, card, refinement)


def check_size(size: int) -> None:
    """Raises ValueError for what no crop is as large as."""
    if not 32 <= size <= _LARGEST or size % 32:
        raise ValueError(f"its crops have {size} pixels a side")


def _check_shapes(
    size: int,
    prior: ShapeMixture,
    reference: Floats,
    usual: Floats,
    calibration: Calibration,
    refinement: Refinement | None,
) -> None:
    """Raises ValueError where arrays are not of `size` landmarks, or numbers are out of all
    bounds."""
    own = [calibration, *([] if refinement is None else [refinement.calibration])]
    wanted = [(prior.size, size), (reference.shape, (size, 2)), (usual.shape, (size,))]
    for each in own:
        deviations = each.deviations
        wanted += [(each.correlation.shape, (2 * size, 2 * size)), (deviations.parts.shape, (3,))]
        wanted += [(deviations.factors.shape, (size,))]
        if not each.prior_share > 0:
            raise ValueError(f"its prior has a share of {each.prior_share}")
    if any(found != right for found, right in wanted):
        raise ValueError("its arrays are not of the scheme's landmarks")
    if refinement is not None and not 1 <= refinement.refiner.resolution <= _LARGEST:
        raise ValueError(f"its second look has a resolution of {refinement.refiner.resolution}")


def _refinement(
    tensors: Mapping[str, torch.Tensor], card: Mapping[str, Any], scheme: Scheme, device: str
) -> Refinement | None:
    if not tensors:
        return None
    network = PatchNetwork(len(scheme))
    fill_network(network, tensors)
    network.eval().to(device_named(device))
    arrays = {k: v.double().numpy() for k, v in tensors.items()}
    mirror = scheme.mirror if scheme.partners else None
    refiner = Refiner(network, float(card["refinement"]["resolution"]), mirror)
    return Refinement(refiner, _calibration(arrays, card["refinement"]))


def _calibration(arrays: Mapping[str, Floats], numbers: Mapping[str, Any]) -> Calibration:
    scalars = {k: float(numbers[k]) for k in _SCALARS}
    return Calibration(
        Deviations(arrays["parts"], arrays["factors"], scalars["floor"]),
        arrays["correlation"],
        scalars["prior_share"],
        scalars["widening"],
        math.inf if numbers["degrees"] is None else float(numbers["degrees"]),
        scalars["surprise_power"],
    )


def _arrays(calibration: Calibration) -> dict[str, Floats]:
    return {
        "parts": calibration.deviations.parts,
        "factors": calibration.deviations.factors,
        "correlation": calibration.correlation,
    }


def _numbers(calibration: Calibration) -> dict[str, float | None]:
    degrees = calibration.degrees
    return {
        "floor": calibration.deviations.floor,
        "prior_share": calibration.prior_share,
        "widening": calibration.widening,
        "surprise_power": calibration.surprise_power,
        "degrees": None if math.isinf(degrees) else degrees,
    }


def _tensors(arrays: Mapping[str, AnyFloats]) -> dict[str, torch.Tensor]:
    return {
        name: torch.from_numpy(np.ascontiguousarray(array, dtype=np.float32))
        for name, array in arrays.items()
    }
