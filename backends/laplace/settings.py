"""What can be set about a training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landmark_annotator.backends.densities.settings import TrainingSettings
from landmark_annotator.backends.laplace.losses import LOSSES
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.settings import (
    check_size,
    check_unlabelled,
    checked,
    one_of,
    setting,
)
from landmark_annotator.projects.vocabulary.errors import ActionableError

MULTIPLE = 16
"""Pixels: the crop is halved four times."""


@dataclass(frozen=True)
class Settings(TrainingSettings):
    """What each does stands beside it, and is what people are told. The defaults are the paper's,
    where it says one, but for the epochs: it has 200."""

    seed: int = setting(0, "Of everything random: the same seed, the same training.")
    epochs: int = setting(0, "Passes over the training instances; 0 chooses by their number.")
    size: int = setting(
        80, f"Side of the crop and of the densities, a multiple of {MULTIPLE}.", "px"
    )
    channels: int = setting(64, "Of each layer: fewer make a smaller and faster network.")
    dropout: float = setting(0.1, "Share of the features that a step leaves out; 1 is no network.")
    loss: str = setting("laplace_kl", f"What is learned from, one of {', '.join(LOSSES)}.")
    prior_scale: float = setting(
        1.0, "Scale of the Laplace distribution that a label stands for.", "cells"
    )
    adversarial: float = setting(
        0.0,
        "Weight of the discriminator's verdict on images without labels; the paper has 0.001. With "
        "0 there is none.",
        least=0,
    )
    unlabelled: str = setting(
        "auto",
        "Whether to learn from images without labels that have a box, where the discriminator has "
        "a weight (auto), or not (off).",
    )
    most_unlabelled: int = setting(
        10_000, "Images without labels to learn from at most; each takes 19 kB of memory."
    )
    held_out: float = setting(
        0.1, "Share of the instances that calibrate, and tell the error, instead of training."
    )
    learning_rate: float = setting(1e-3, "The step of the optimiser, which stays the same.")
    device: str = setting("cpu", "What it runs on: cpu, cuda, or cuda:1 for the second card.")
    fresh: bool = setting(False, "Begin anew, and leave an unfinished training aside.")

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        count = given.get("unlabelled")
        if type(count) is int:  # as it was before other backends had a word there
            raise ActionableError(
                "The setting unlabelled says whether images without labels are learned from, and "
                "no longer how many.",
                remedy=f"Write most_unlabelled={count}." if count else "Write unlabelled=off.",
            )
        chosen = checked(cls, given, "Laplace network")
        device_named(chosen.device)
        one_of("loss", chosen.loss, LOSSES)
        check_unlabelled(chosen.unlabelled)
        check_size(chosen.size, MULTIPLE)
        return chosen

    @property
    def learns_unlabelled(self) -> bool:
        return self.unlabelled == "auto" and self.adversarial > 0
