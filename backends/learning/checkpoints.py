"""The state of an unfinished training after each epoch, as safetensors."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from backends.learning.model_files import save_tensors

_FILE = "checkpoint.safetensors"


@dataclass(frozen=True, eq=False)
class Trainee:
    """network is being trained, average is its running mean, which is what gets used."""

    network: nn.Module
    average: nn.Module
    optimiser: torch.optim.AdamW


def save_checkpoint(
    folder: Path, trainee: Trainee, epoch: int, seconds: float, fingerprint: str
) -> None:
    """seconds: spent so far. fingerprint: a checkpoint only continues the same training."""
    tensors: dict[str, Tensor] = {"epoch": torch.tensor(epoch), "seconds": torch.tensor(seconds)}
    for part in ("network", "average"):
        state = getattr(trainee, part).state_dict()
        tensors |= {f"{part}.{key}": value.contiguous() for key, value in state.items()}
    for index, moments in trainee.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{key}": value for key, value in moments.items()}
    tensors["fingerprint"] = torch.tensor(list(fingerprint.encode()), dtype=torch.uint8)
    save_tensors(folder / _FILE, {k: v.detach().clone().contiguous() for k, v in tensors.items()})


def restore_checkpoint(folder: Path, trainee: Trainee, fingerprint: str) -> tuple[int, float]:
    """Epochs and seconds already done: none where there is no checkpoint of this very training."""
    path = folder / _FILE
    if not path.is_file():
        return 0, 0.0
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError):
        return 0, 0.0  # A checkpoint that cannot be read only costs time.
    if bytes(tensors["fingerprint"].tolist()).decode() != fingerprint:
        return 0, 0.0
    for part in ("network", "average"):
        prefix = f"{part}."
        getattr(trainee, part).load_state_dict(
            {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        )
    state = trainee.optimiser.state_dict()
    state["state"] = {}
    for key, value in tensors.items():
        if key.startswith("optimiser."):
            _, index, name = key.split(".")
            state["state"].setdefault(int(index), {})[name] = value
    trainee.optimiser.load_state_dict(state)
    return int(tensors["epoch"]), float(tensors["seconds"])


def discard_checkpoint(folder: Path) -> None:
    (folder / _FILE).unlink(missing_ok=True)


def fingerprint_of(settings: dict[str, object], keys: list[str]) -> str:
    return json.dumps({"settings": settings, "instances": keys}, sort_keys=True)


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, keep: float) -> None:
    """Moves the running mean of a network towards it: `keep` of the mean stays."""
    fresh = network.state_dict()
    for name, value in average.state_dict().items():
        if value.dtype.is_floating_point:
            value.lerp_(fresh[name], 1.0 - keep)
        else:
            value.copy_(fresh[name])
