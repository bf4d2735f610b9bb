"""A trained model on disk: weights.safetensors beside card.json. No pickle."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from landmark_annotator.backends.densities.calibration import Calibration
from landmark_annotator.backends.densities.hidden_head import HiddenHead
from landmark_annotator.backends.densities.inference import CropInference, Infer
from landmark_annotator.backends.densities.model import DensityModel, SecondLook
from landmark_annotator.backends.densities.network import CropNetwork
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

_OTHERS = "its arrays are not of the scheme's landmarks"
_HIDDEN = "hidden_head."
_LEAST, _LARGEST = 32, 4096
"""Pixels a side of a crop."""
_SCALARS = ("floor", "prior_share", "widening", "surprise_power")

ReadSecondLook = Callable[
    [Mapping[str, torch.Tensor], Mapping[str, Any], Scheme, str], SecondLook | None
]
"""(tensors, card, scheme, device) to the second look that is among them, None without one. Raises
ValueError, KeyError or RuntimeError for tensors that are none."""


@dataclass(frozen=True)
class DensityFiles:
    """Of one backend. files: whose, and of which form. build: its network, for so many landmarks
    and with the settings on the card; raises ValueError where no network has such. second_look:
    None for a backend that has none. infer: how its network is used."""

    files: ModelFiles
    build: Callable[[int, Mapping[str, Any]], CropNetwork]
    second_look: ReadSecondLook | None = None
    infer: Infer = CropInference

    def save(
        self,
        folder: Path,
        model: DensityModel,
        others: Mapping[str, torch.Tensor] = {},
        about: Mapping[str, Any] = {},
    ) -> None:
        """others: tensors of the backend's own, under names of their own. about: what the card is
        to say of them."""
        arrays = {
            "reference": model.inference.reference,
            "prior.log_weights": model.prior.log_weights,
            "prior.means": model.prior.exemplars.shapes,
            "prior.residual": model.prior.residual,
            "usual_areas": model.usual_areas,
        }
        tensors = as_tensors(arrays | arrays_of(model.calibration))
        card = {**model.card, "calibration": numbers_of(model.calibration), **about}
        if model.inference.hidden is not None:
            own = halved(model.inference.hidden.state_dict())
            tensors |= {f"{_HIDDEN}{name}": value for name, value in own.items()}
        state = model.inference.network.state_dict()
        self.files.write(folder, halved(state), tensors | dict(others), card)

    def load(self, folder: Path, scheme: Scheme, device: str = "cpu") -> DensityModel:
        """Raises WeightsMismatch where the files are damaged or belong to another scheme."""
        card, tensors = self.files.read(folder, scheme)
        with self.files.understood(f"The weights in {folder} are of another network"):
            network = self.build(len(scheme), card["settings"])
            size = int(card["settings"]["size"])
            check_size(size, network.multiple)
            fill_network(network, tensors)
            arrays = {k: v.double().numpy() for k, v in tensors.items()}
            prior = ShapeMixture(
                arrays["prior.log_weights"], arrays["prior.means"], arrays["prior.residual"]
            )
            calibration = calibration_of(arrays, card["calibration"])
            read = self.second_look
            refinement = None if read is None else read(tensors, card, scheme, device)
            hidden = _hidden_head(len(scheme), tensors)
            reference, usual = arrays["reference"], arrays["usual_areas"]
            _check_shapes(len(scheme), prior, reference, usual)
            check_calibration(len(scheme), calibration)
        network.eval().to(device_named(device))
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        mirror = scheme.mirror if scheme.partners else None
        if hidden is not None:
            hidden.eval().to(device_named(device))
        inference = self.infer(network, reference, mirror, size).telling_hidden(hidden)
        backend = self.files.backend
        return DensityModel(backend, inference, prior, calibration, usual, card, refinement)


def _hidden_head(landmarks: int, tensors: Mapping[str, torch.Tensor]) -> HiddenHead | None:
    """None of a model that has none. Raises RuntimeError, ValueError."""
    own = {name: value.float() for name, value in with_prefix(tensors, _HIDDEN).items()}
    if not own:
        return None
    if not all(bool(value.isfinite().all()) for value in own.values()):
        raise ValueError("what it says of hidden landmarks is not finite")
    head = HiddenHead(landmarks, own["weights"].shape[-1])
    if not own["shift"].dim():  # Up to version 1 there was one for all landmarks.
        own["shift"] = own["shift"].repeat(landmarks)
    head.load_state_dict(own)
    return head


def check_size(size: int, multiple: int) -> None:
    """Raises ValueError for what no crop is as large as."""
    if not _LEAST <= size <= _LARGEST or size % multiple:
        raise ValueError(f"its crops have {size} pixels a side")


def _check_shapes(size: int, prior: ShapeMixture, reference: Floats, usual: Floats) -> None:
    """Raises ValueError where arrays are not of `size` landmarks."""
    wanted = [(prior.size, size), (reference.shape, (size, 2)), (usual.shape, (size,))]
    if any(found != right for found, right in wanted):
        raise ValueError(_OTHERS)


def check_calibration(size: int, calibration: Calibration) -> None:
    """Raises ValueError where it is not of `size` landmarks, or out of all bounds."""
    deviations = calibration.deviations
    wanted = [
        (calibration.correlation.shape, (2 * size, 2 * size)),
        (deviations.parts.shape, (3,)),
        (deviations.factors.shape, (size,)),
    ]
    if not calibration.prior_share > 0:
        raise ValueError(f"its prior has a share of {calibration.prior_share}")
    if any(found != right for found, right in wanted):
        raise ValueError(_OTHERS)


def calibration_of(arrays: Mapping[str, Floats], numbers: Mapping[str, Any]) -> Calibration:
    """The inverse of `arrays_of` and `numbers_of`."""
    scalars = {k: float(numbers[k]) for k in _SCALARS}
    return Calibration(
        Deviations(arrays["parts"], arrays["factors"], scalars["floor"]),
        arrays["correlation"],
        scalars["prior_share"],
        scalars["widening"],
        math.inf if numbers["degrees"] is None else float(numbers["degrees"]),
        scalars["surprise_power"],
    )


def arrays_of(calibration: Calibration) -> dict[str, Floats]:
    return {
        "parts": calibration.deviations.parts,
        "factors": calibration.deviations.factors,
        "correlation": calibration.correlation,
    }


def numbers_of(calibration: Calibration) -> dict[str, float | None]:
    degrees = calibration.degrees
    return {
        "floor": calibration.deviations.floor,
        "prior_share": calibration.prior_share,
        "widening": calibration.widening,
        "surprise_power": calibration.surprise_power,
        "degrees": None if math.isinf(degrees) else degrees,
    }


def as_tensors(arrays: Mapping[str, AnyFloats]) -> dict[str, torch.Tensor]:
    return {
        name: torch.from_numpy(np.ascontiguousarray(array, dtype=np.float32))
        for name, array in arrays.items()
    }
