"""What can be set about a training."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from landmark_annotator.backends.exemplar.losses import LOSSES
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.settings import checked, one_of


@dataclass(frozen=True)
class Settings:
    """epochs: passes over the training instances. size: crop side in pixels.

    classes: K; 0 makes every training shape and its mirror image a class, fewer than those are
    K-means centres, more are filled up with perturbed shapes where `fill` says so.
    fewest: instances that every centre is the mean of, at least; smaller groups join the nearest
    other, so K becomes less. Weights that leave the house with one instance a class give it away.
    loss: one of LOSSES; soft targets had the least error on held-out faces at every K (`evaluate
    losses`). rank: of the class layer, 0 is full. members: the shares of the classes that a
    typical shape is to be a member of; each fixes a radius tau, a class layer is trained for each,
    and the one with the least error on held-out instances is kept. Three of them cost a step of
    training 3 % more than one.
    pose_classes and levels: of the regressors that refine the classifier's shape. The paper has
    100 classes; with 1672 faces cross-validation found nothing that they add to one. Without
    levels the classifier stands alone.
    held_out: share of the instances that calibrate instead of training. device: what it runs on,
    one of DEVICES. fresh: leave an unfinished training aside.
    """

    seed: int = 0
    epochs: int = 60
    size: int = 96
    classes: int = 0
    fewest: int = 1
    fill: bool = False
    loss: str = "soft_target"
    rank: int = 0
    members: tuple[float, ...] = (0.003, 0.01, 0.03)
    pose_classes: int = 1
    levels: int = field(default=7, metadata={"least": 0})
    held_out: float = 0.1
    learning_rate: float = 2e-3
    device: str = "cpu"
    fresh: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        chosen = checked(cls, given, "exemplar classifier")
        device_named(chosen.device)
        one_of("loss", chosen.loss, LOSSES)
        return chosen
