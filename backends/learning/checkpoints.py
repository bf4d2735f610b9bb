"""The state of an unfinished training after each epoch, as safetensors."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from landmark_annotator.backends.learning.model_files import save_tensors, with_prefix
from landmark_annotator.backends.learning.training_state import TrainingState

_FILE = "checkpoint.safetensors"
GO_ON = "Run the same command again, without --fresh, to go on from there."
"""What to do with a training that was stopped."""


@dataclass(frozen=True)
class Checkpoint:
    """In the folder of a model. fingerprint: it only continues the same training."""

    folder: Path
    fingerprint: str

    @classmethod
    def of(
        cls, folder: Path, settings: Any, keys: Sequence[str], learns: Sequence[str] = ()
    ) -> "Checkpoint":
        """Of a training with these settings, a dataclass, on the instances with these keys.
        learns: the landmarks or regions, which can be others of the same instances. An older one is
        discarded where the settings say `fresh`."""
        if settings.fresh:
            discard_checkpoint(folder)
        # Where it runs, and that it once began anew, do not make it another training.
        chosen = {k: v for k, v in asdict(settings).items() if k != "device"} | {"fresh": False}
        content = {"settings": chosen, "instances": list(keys), "learns": list(learns)}
        return cls(folder, json.dumps(content, sort_keys=True))

    def save(self, state: TrainingState[Any]) -> None:
        tensors: dict[str, Tensor] = {
            "fingerprint": torch.tensor(list(self.fingerprint.encode()), dtype=torch.uint8),
            "epoch": torch.tensor(len(state.losses)),
            "losses": torch.tensor(state.losses, dtype=torch.float64),
            "seconds": torch.tensor(state.seconds),
        }
        for name, part in _parts(state).items():
            tensors |= {f"{name}.{key}": value for key, value in part.state_dict().items()}
        for index, moments in state.optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{index}.{key}": value for key, value in moments.items()}
        whole = {k: v.detach().clone().contiguous() for k, v in tensors.items()}
        save_tensors(self.folder / _FILE, whole)

    def restore(self, state: TrainingState[Any]) -> None:
        """Changes nothing where there is no checkpoint of this very training."""
        try:
            tensors = load_file(self.folder / _FILE)
        except (OSError, SafetensorError):
            return  # A checkpoint that cannot be read only costs time.
        if bytes(tensors["fingerprint"].tolist()).decode() != self.fingerprint:
            return
        for name, part in _parts(state).items():
            part.load_state_dict(with_prefix(tensors, f"{name}."))
        optimiser = state.optimiser.state_dict()
        optimiser["state"] = {}
        for key, value in _moments(tensors).items():
            index, name = key.split(".")
            optimiser["state"].setdefault(int(index), {})[name] = value
        state.optimiser.load_state_dict(optimiser)
        if "losses" in tensors:
            state.losses[:] = tensors["losses"].tolist()
        else:  # written before losses were kept
            state.losses[:] = [float("nan")] * int(tensors["epoch"])
        state.seconds = float(tensors.get("seconds", 0.0))


def discard_checkpoint(folder: Path) -> None:
    (folder / _FILE).unlink(missing_ok=True)


def _parts(state: TrainingState[Any]) -> dict[str, nn.Module]:
    return {"network": state.network, "average": state.average}


def _moments(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Of the optimiser, by the number of the parameter and their name."""
    # What the weakly supervised network wrote before all trainings had one kind of checkpoint.
    older = {f"{k}.momentum_buffer": v for k, v in with_prefix(tensors, "momentum.").items()}
    return older | with_prefix(tensors, "optimiser.")
