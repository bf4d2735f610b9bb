"""What can be set about a training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landmark_annotator.backends.learning.settings import FEWEST_CHANNELS, one_of, setting
from landmark_annotator.backends.segmentation.settings import SegmentationSettings
from landmark_annotator.projects.vocabulary.scheme import Scheme

TITLE = "hair network"


@dataclass(frozen=True)
class Settings(SegmentationSettings):
    """What each does stands beside it, and is what people are told."""

    learning_rate: float = setting(5e-4, "The highest step of RMSprop, which falls to 0.")
    region: str = setting("hair", "The one region of the scheme that it learns.")
    features: int = setting(
        32,
        "Channels of the finest level of both stages; the thesis has 64 in the first.",
        least=FEWEST_CHANNELS,
    )
    prior: bool = setting(True, "A first stage finds a coarse shape, which the second is shown.")
    refine: bool = setting(True, "Spatial attention refines borders in the second stage.")

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        return cls.checked(given, TITLE)

    def check_scheme(self, scheme: Scheme) -> None:
        """Raises ActionableError where it has no such region."""
        one_of("region", self.region, [region.name for region in scheme.regions])
