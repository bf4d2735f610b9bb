"""Proposals of a trained coarse-to-fine network, fused with the shape prior."""

from dataclasses import dataclass

from typing_extensions import override

from landmark_annotator.backends.cropnet.inference import CoarseToFineInference
from landmark_annotator.backends.densities.proposer import DensityProposer
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box


@dataclass(frozen=True)
class CoarseToFineProposer(DensityProposer):
    @override
    def stages(self, pixels: Pixels, box: Box) -> dict[str, Floats]:
        """Where the landmarks (L, 2) are, in image pixels: of one crop along the fitted box by the
        first network (`baseline`) and after each stage (`stage 1`, ...), and in the end."""
        seen = self.observe(pixels, box)
        inference = self.model.inference
        assert isinstance(inference, CoarseToFineInference)
        first, *refined = inference.by_stage(pixels, seen.box)
        found = {"baseline": first}
        found |= {f"stage {n}": points for n, points in enumerate(refined, start=1)}
        proposal = self._believed(pixels, seen)
        return found | {"proposal": proposal.box.to_image(proposal.mixture.mean)}
