"""A trained model of densities, with all that it needs to propose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from landmark_annotator.backends.densities.calibration import Calibration
from landmark_annotator.backends.densities.inference import Inference, Observation
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels


class SecondLook(Protocol):
    """What a backend may have that looks again once the landmarks are roughly known."""

    @property
    def calibration(self) -> Calibration:
        """Of its own answers."""
        ...

    def mixture(
        self, prior: ShapeMixture, pixels: Pixels, first: Observation, believed: Floats
    ) -> ShapeMixture:
        """What is believed once the surroundings of `believed` (L, 2), in the frame of the first
        observation's box, have been looked at."""
        ...

    def exactly(self) -> "SecondLook":
        """In single precision."""
        ...


@dataclass(frozen=True, eq=False)
class DensityModel:
    """backend: whose it is. inference: the network and how it is used. prior: over shapes in fitted
    boxes. usual_areas: (L,) the root of the determinant of each density's covariance that few
    visible landmarks exceed. card: what is known of the training. refinement: the second look, None
    where there is none."""

    backend: str
    inference: Inference
    prior: ShapeMixture
    calibration: Calibration
    usual_areas: Floats
    card: Mapping[str, Any]
    refinement: SecondLook | None = None
