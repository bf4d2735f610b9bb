"""Proposals of a trained occlusion-adaptive network, fused with the shape prior."""

from dataclasses import dataclass, replace

from typing_extensions import override

from landmark_annotator.backends.densities.hidden_calibration import HiddenCalibration
from landmark_annotator.backends.densities.inference import Observation
from landmark_annotator.backends.densities.proposer import DensityProposer
from landmark_annotator.backends.occlusion.inference import OcclusionObservation
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box


@dataclass(frozen=True)
class OcclusionProposer(DensityProposer):
    """hidden: from signs that a landmark is hidden to probabilities."""

    hidden: HiddenCalibration

    @override
    def _believed(self, pixels: Pixels, seen: Observation) -> Proposal:
        assert isinstance(seen, OcclusionObservation)
        probabilities = self.hidden.probabilities(seen.signs)
        return replace(super()._believed(pixels, seen), hidden=probabilities)

    @override
    def stages(self, pixels: Pixels, box: Box) -> dict[str, Floats]:
        """Where the landmarks (L, 2) are, in image pixels, by the network alone, and fused."""
        alone = self.observe(pixels, box)
        fused = self._fused(alone).mean
        return {"network": alone.box.to_image(alone.points), "proposal": alone.box.to_image(fused)}
