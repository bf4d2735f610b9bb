"""What can be set about a training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landmark_annotator.backends.learning.settings import FEWEST_CHANNELS, check_trunk, setting
from landmark_annotator.backends.segmentation.settings import SegmentationSettings

TITLE = "parsing network"


@dataclass(frozen=True)
class Settings(SegmentationSettings):
    """What each does stands beside it, and is what people are told."""

    features: int = setting(32, "Channels of the hourglass.", least=FEWEST_CHANNELS)
    expansion: int = setting(6, "How many times wider its blocks are inside.")
    dense: int = setting(4, "Dense layers at its end, each of eight channels.", least=0)
    trunk: str = setting(
        "shipped",
        "What the network starts from: weights that came with the program (shipped), chance "
        "(none), or the folder of a trained parsing network.",
    )

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        chosen = cls.checked(given, TITLE)
        check_trunk(chosen.trunk, TITLE)
        return chosen
