"""What can be set about a training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landmark_annotator.backends.exemplar.losses import LOSSES
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.settings import checked, one_of, setting


@dataclass(frozen=True)
class Settings:
    """What each does stands beside it, and is what people are told.

    Soft targets had the least error on held-out faces at every K (`evaluate losses`). Three
    members cost a step of training 3 % more than one. The paper has 100 pose classes; with 1672
    faces cross-validation found nothing that they add to one.
    """

    seed: int = setting(0, "Of everything random: the same seed, the same training.")
    epochs: int = setting(60, "Passes over the training instances.")
    size: int = setting(96, "Side of the crop that the network looks at.", "px")
    classes: int = setting(
        0,
        "K: 0 makes every training shape and its mirror image a class; fewer than those are "
        "K-means centres, more are filled up with perturbed shapes where fill says so.",
    )
    fewest: int = setting(
        1,
        "Instances that every centre is the mean of, at least; smaller groups join the nearest "
        "other, so K becomes less. Weights that leave the house with one instance a class give it "
        "away.",
    )
    fill: bool = setting(False, "Whether classes beyond the training shapes are perturbed shapes.")
    loss: str = setting("soft_target", f"What is learned from, one of {', '.join(LOSSES)}.")
    rank: int = setting(0, "Of the class layer; 0 is full.")
    members: tuple[float, ...] = setting(
        (0.003, 0.01, 0.03),
        "Shares of the classes that a typical shape is to be a member of: each fixes a radius tau, "
        "a class layer is trained for each, and the one with the least error on held-out instances "
        "is kept.",
    )
    pose_classes: int = setting(1, "Poses that the regressors which refine the shape tell apart.")
    levels: int = setting(
        7, "Regressors that refine the shape, one after the other; with 0 there are none.", least=0
    )
    held_out: float = setting(
        0.1, "Share of the instances that calibrate, and tell the error, instead of training."
    )
    learning_rate: float = setting(2e-3, "The highest step of the optimiser, which falls to 0.")
    device: str = setting("cpu", "What it runs on: cpu, cuda, or cuda:1 for the second card.")
    fresh: bool = setting(False, "Begin anew, and leave an unfinished training aside.")

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        chosen = checked(cls, given, "exemplar classifier")
        device_named(chosen.device)
        one_of("loss", chosen.loss, LOSSES)
        return chosen
