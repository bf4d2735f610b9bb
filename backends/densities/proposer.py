"""Proposals of a trained network of densities, fused with the shape prior."""

from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.backends.densities.grid import maxima, means
from landmark_annotator.backends.densities.inference import CropInference, Observation, in_frame
from landmark_annotator.backends.densities.losses import heat_maps
from landmark_annotator.backends.densities.model import DensityModel
from landmark_annotator.backends.learning.deviations import joint_covariance, symmetric_roots
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.fusion import fuse
from landmark_annotator.backends.shapes.however_shown import however_shown
from landmark_annotator.backends.shapes.proposal import novelty_widening
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

_LEAST = 1e-9
"""Of a cell of a map, so that an empty map has a barycentre."""


@dataclass(frozen=True)
class DensityProposer:
    model: DensityModel

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        """The densities as evidence for the shape prior, in the frame of the fitted box, whichever
        way up the photograph is, and if it is a negative."""
        return however_shown(
            lambda shown, one: self._believed(shown, self.observe(shown, one)), pixels, box
        )

    def _believed(self, pixels: Pixels, seen: Observation) -> Proposal:
        mixture, degrees = self._fused(seen), self.model.calibration.degrees
        refinement = self.model.refinement
        if refinement is not None:
            mixture = refinement.mixture(self.model.prior, pixels, seen, mixture.mean)
            degrees = refinement.calibration.degrees
        novelty = self._novelty(seen, pixels)
        widened = novelty_widening(novelty)
        if widened > 1:
            mixture = mixture.with_residual(mixture.residual * widened)
        hidden = self._hidden(seen)
        head = self.model.inference.hidden
        if head is not None and float(head.widening) > 0:
            wider = np.repeat(np.sqrt(1 + float(head.widening) * hidden), 2)
            mixture = mixture.with_residual(mixture.residual * np.outer(wider, wider))
        return Proposal(
            seen.box,
            mixture,
            self.model.backend,
            degrees,
            hidden,
            novelty=novelty,
            widened=widened,
        )

    def _fused(self, seen: Observation) -> ShapeMixture:
        """Of the first stage alone."""
        calibration = self.model.calibration
        return calibration.mixture(self.model.prior, seen.points, seen.spreads, seen.scales)

    def stages(self, pixels: Pixels, box: Box) -> dict[str, Floats]:
        """Where the landmarks (L, 2) are, in image pixels, by the network alone, fused where a
        second look follows, and in the end."""
        alone = self.observe(pixels, box)
        found = {"densities": alone.box.to_image(alone.points)}
        if self.model.refinement is not None:
            found["fused"] = alone.box.to_image(self._fused(alone).mean)
        proposal = self._believed(pixels, alone)
        return found | {"proposal": proposal.box.to_image(proposal.mixture.mean)}

    def readings(self, pixels: Pixels, box: Box) -> dict[str, Floats]:
        """Where the landmarks (L, 2) are, in image pixels, in the end, and for a network of
        densities by their maximum along the fitted box and by their barycentre, without prior and
        second look: `maxima` and `means`. The maps of `l2` are those that it learned, not the
        densities that stand for them."""
        seen = self.observe(pixels, box)
        found = {"proposal": self._believed(pixels, seen).given([]).points}
        inference = self.model.inference
        if isinstance(inference, CropInference):
            maps = inference.densities(pixels, seen.box)[None]
            highest = maxima(maps)
            if self.model.card["settings"].get("loss") == "l2":
                maps = heat_maps(maps).clamp_min(0) + _LEAST
                maps = maps / maps.sum(dim=(2, 3), keepdim=True)
            for name, cells in (("get_max", highest), ("get_bc", means(maps))):
                frame = in_frame(cells[0], inference.size, inference.network.stride)
                found[name] = seen.box.to_image(frame)
        return found

    def ablations(self, pixels: Pixels, box: Box) -> dict[str, Proposal]:
        """The densities alone, as independent landmarks; fused with the prior as they are; and
        calibrated: what each step is worth."""
        seen = self.observe(pixels, box)
        independent = joint_covariance(symmetric_roots(seen.spreads), np.eye(2 * len(seen.points)))
        alone = ShapeMixture(np.zeros(1), seen.points[None], independent)
        fused = fuse(self.model.prior, seen.points, independent)
        return {
            "densities": Proposal(seen.box, alone, self.model.backend),
            "uncalibrated": Proposal(seen.box, fused, self.model.backend),
            "fused": self._believed(pixels, seen),
        }

    def exactly(self) -> "DensityProposer":
        """In single precision."""
        model = self.model
        inference = model.inference.exactly()
        second = model.refinement
        second = None if second is None else second.exactly()
        return DensityProposer(replace(model, inference=inference, refinement=second))

    def observe(self, pixels: Pixels, box: Box) -> Observation:
        """What the network alone sees, before the prior has its say."""
        return self.model.inference.infer(pixels, box)

    def _novelty(self, seen: Observation, pixels: Pixels) -> float:
        """Above 1 where most landmarks in the photograph are more diffuse than on all but a few
        labelled images: by how much the median one is. What lies beyond the photograph's border
        nobody sees; where all does, all are asked."""
        height, width = pixels.shape[:2]
        at = seen.box.to_image(seen.points)
        inside = ((at > -0.5) & (at < np.array([width, height]) - 0.5)).all(axis=1)
        found = areas(seen.spreads) / np.maximum(self.model.usual_areas, 1e-12)
        return float(np.median(found[inside] if inside.any() else found))

    def _hidden(self, seen: Observation) -> Floats:
        """(L,) as the network has learned it; of one that has not, from the spread of the density
        (Chen, Su, Ji 2019, section 4.1.3): one half where it is as wide as on all but a few
        labelled images."""
        if seen.hidden is not None:
            return seen.hidden
        found, usual = areas(seen.spreads) ** 2, np.maximum(self.model.usual_areas, 1e-12) ** 2
        return np.asarray(found / (found + usual))


def areas(spreads: Floats) -> Floats:
    """(..., L) the roots of the determinants of covariances (..., L, 2, 2)."""
    return np.asarray(np.sqrt(np.maximum(np.linalg.det(spreads), 0.0)))
