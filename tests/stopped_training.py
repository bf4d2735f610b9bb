"""A training that somebody stops, and what it must come to once it has gone on."""

from pathlib import Path

import numpy as np
from safetensors.numpy import load_file


class StopsAfter:
    """A user who stops the training after a number of batches of a stage."""

    def __init__(self, batches: int, stage: str = "training") -> None:
        self.left, self.counted = batches, stage
        self.stage = ""

    def start(self, stage: str, total: int | None) -> None:
        self.stage = stage

    def advance(self, steps: int = 1, note: str = "") -> None:
        if self.stage == self.counted:
            self.left -= steps

    def cancelled(self) -> bool:
        return self.left <= 0


def assert_same_weights(one: Path, other: Path, beginning: str = "") -> None:
    """Of the models in two folders, to the last bit. beginning: of the names of what is compared;
    what is fitted to the network's answers afterwards goes through libraries that do not promise
    the last bit."""
    expected, found = (load_file(folder / "weights.safetensors") for folder in (one, other))
    assert expected.keys() == found.keys()
    for name, value in expected.items():
        if name.startswith(beginning):
            np.testing.assert_array_equal(value, found[name], err_msg=name)
