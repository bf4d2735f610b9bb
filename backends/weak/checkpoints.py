"""The state of stage 1, which takes nearly all the time, after each epoch, as safetensors.

The other stages follow from its end and are short: a resumed training makes them again.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from backends.learning.model_files import save_tensors
from backends.weak.plateau_schedule import Learner, Pace


@dataclass(frozen=True)
class Checkpoints:
    """fingerprint: of settings and instances; a checkpoint only continues the same training."""

    folder: Path
    fingerprint: str

    @property
    def _file(self) -> Path:
        return self.folder / "checkpoint.safetensors"

    @property
    def _mark(self) -> Tensor:
        return torch.tensor(list(self.fingerprint.encode()), dtype=torch.uint8)

    def save(self, learner: Learner, pace: Pace) -> None:
        tensors: dict[str, Tensor] = {
            "fingerprint": self._mark,
            "losses": torch.tensor(pace.losses, dtype=torch.float64),
            "steps": torch.tensor(learner.steps),
        }
        for part in ("network", "average"):
            state = getattr(learner, part).state_dict()
            tensors |= {f"{part}.{key}": value for key, value in state.items()}
        for index, state in learner.optimiser.state_dict()["state"].items():
            tensors[f"momentum.{index}"] = state["momentum_buffer"]
        save_tensors(self._file, {k: v.detach().clone().contiguous() for k, v in tensors.items()})

    def restore(self, learner: Learner, pace: Pace) -> None:
        """Changes nothing where there is no checkpoint of this very training."""
        if not self._file.is_file():
            return
        try:
            tensors = load_file(self._file)
        except (OSError, SafetensorError):
            return  # A checkpoint that cannot be read only costs time.
        if not torch.equal(tensors["fingerprint"], self._mark):
            return
        for part in ("network", "average"):
            prefix = f"{part}."
            getattr(learner, part).load_state_dict(
                {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
            )
        state = learner.optimiser.state_dict()
        momenta = {k: v for k, v in tensors.items() if k.startswith("momentum.")}
        state["state"] = {int(k.split(".")[1]): {"momentum_buffer": v} for k, v in momenta.items()}
        learner.optimiser.load_state_dict(state)
        learner.steps = int(tensors["steps"])
        pace.losses[:] = tensors["losses"].tolist()

    def discard(self) -> None:
        self._file.unlink(missing_ok=True)
