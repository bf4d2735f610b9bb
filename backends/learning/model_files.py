"""A trained model on disk: weights.safetensors beside card.json. No pickle."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn

from landmark_annotator.backends.learning.model_cards import CARD, is_made_for, read_card
from landmark_annotator.projects.folder_sync import make_folder, write_whole
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import WeightsMismatch, why
from landmark_annotator.projects.vocabulary.wording import counted

_WEIGHTS = "weights.safetensors"
_NETWORK = "network."
_SCALE = ".scale"
_LARGEST = 127
_LEAST_SCALE = 1e-12
_UNHARMED = "The project and its labels are not affected."


def save_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Replaces the file in one step, so that nobody reads half of it, not after a power cut
    either. Raises OSError."""
    # What safetensors writes itself only its writer may read, in a folder that others share too.
    write_whole(path, save(dict(tensors)))


@dataclass(frozen=True)
class ModelFiles:
    """Of one backend. form: a number that changes with what is in the files."""

    backend: str
    form: int

    def write(
        self,
        folder: Path,
        network: Mapping[str, Tensor],
        others: Mapping[str, Tensor],
        card: Mapping[str, Any],
    ) -> None:
        """Weights first, card last, each replaced in one step: a card always has its weights.

        network: its state. others: tensors beside it, under names of their own.
        """
        make_folder(folder)
        own = {f"{_NETWORK}{name}": value.contiguous() for name, value in network.items()}
        save_tensors(folder / _WEIGHTS, own | dict(others))
        content = {"format": self.form, "backend": self.backend, **card}
        write_whole(folder / CARD, json.dumps(content, indent=2) + "\n")

    def read(self, folder: Path, scheme: Scheme) -> tuple[dict[str, Any], dict[str, Tensor]]:
        """The card, and all tensors. Raises WeightsMismatch where the files are damaged, of
        another version, or belong to another scheme."""
        with self.understood(f"The trained model in {folder} cannot be read"):
            card = read_card(folder)
            with (folder / _WEIGHTS).open("rb"):  # what may not be read, safetensors says is gone
                tensors = load_file(folder / _WEIGHTS)
            form, made_for = card.get("format"), card["scheme"]
            landmarks = list(made_for["landmarks"])
            if not all(torch.isfinite(t).all() for t in tensors.values() if t.is_floating_point()):
                raise ValueError("its weights are not numbers")
        if form != self.form:
            raise self._mismatch(
                f"The trained model in {folder} has format {form}, not {self.form}."
            )
        if len(landmarks) != len(scheme):
            raise self._mismatch(
                f'The weights were trained for scheme "{made_for.get("name")}" with '
                f"{counted(len(landmarks), 'landmark')}; this project's scheme is "
                f'"{scheme.name}" with {len(scheme)}.'
            )
        if not is_made_for(card, scheme):
            # Of a scheme that was changed name and number may be as before.
            pairs = zip(landmarks, scheme.landmarks, strict=True)
            theirs, here = next((pair for pair in pairs if pair[0] != pair[1]), (None, None))
            raise self._mismatch(
                f'The weights were trained for other landmarks: "{theirs}" stands where this '
                f'project\'s scheme has "{here}".'
                if theirs != here
                else "The weights were trained for other landmarks, which had these names before "
                "the scheme was changed."
            )
        return card, tensors

    @contextmanager
    def understood(self, what_happened: str) -> Iterator[None]:
        """What goes wrong inside with the content of the files becomes a WeightsMismatch."""
        try:
            yield
        except PermissionError as error:
            raise WeightsMismatch(
                f"{what_happened}: {why(error)}",
                kept=_UNHARMED,
                remedy="Whoever trained it may let others read its files (chmod a+r).",
            ) from error
        except (
            OSError,
            RuntimeError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            SafetensorError,
        ) as error:
            raise self._mismatch(f"{what_happened}: {why(error)[:200]}") from error

    def _mismatch(self, happened: str) -> WeightsMismatch:
        return WeightsMismatch(
            happened,
            kept=_UNHARMED,
            remedy=f"Train again: annotator train PROJECT --backend {self.backend} --fresh.",
        )


def fill_network(network: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    """Puts the weights of `ModelFiles.read` into the network. Raises RuntimeError."""
    network.load_state_dict(network_state(tensors))


def network_state(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state of the network among the tensors of a model, in single precision."""
    return unpacked(with_prefix(tensors, _NETWORK))


def with_prefix(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Without the prefix in their names."""
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def halved(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Matrices and filters in half precision; norms and biases, which are few, as they are."""
    return {k: v.half() if v.ndim >= 2 else v for k, v in state.items()}


def packed(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Matrices and filters as whole numbers of eight bits, each output with a scale of its own:
    off by a 254th of its largest weight at most, in half the space of half precision."""
    small: dict[str, Tensor] = {}
    for name, value in state.items():
        if value.is_floating_point() and value.ndim >= 2:
            flat = value.float().flatten(1)
            scale = (flat.abs().amax(dim=1) / _LARGEST).clamp_min(_LEAST_SCALE)
            small[name] = (flat / scale[:, None]).round().to(torch.int8).reshape(value.shape)
            small[name + _SCALE] = scale
        else:
            small[name] = value
    return small


def unpacked(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What was halved or packed, in single precision; whole numbers stay whole."""
    large: dict[str, Tensor] = {}
    for name, value in state.items():
        scale = state.get(name + _SCALE)
        if scale is not None:
            large[name] = value.float() * scale.reshape(-1, *[1] * (value.ndim - 1))
        elif not name.endswith(_SCALE):
            large[name] = value.float() if value.is_floating_point() else value
    return large


def pack_model(source: Path, target: Path) -> None:
    """Writes a trained model once more with a packed network, as it can come with the program."""
    tensors = load_file(source / _WEIGHTS)
    network = packed(network_state(tensors))
    others = {k: v for k, v in tensors.items() if not k.startswith(_NETWORK)}
    target.mkdir(parents=True, exist_ok=True)
    save_tensors(target / _WEIGHTS, {f"{_NETWORK}{k}": v for k, v in network.items()} | others)
    shutil.copyfile(source / CARD, target / CARD)
