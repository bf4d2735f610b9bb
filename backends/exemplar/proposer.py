"""Proposals of a trained exemplar classifier."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backends.exemplar.model_files import ExemplarModel, load_model
from backends.exemplar.scores import MOST_REFINEMENTS
from backends.shapes import Proposal, ShapeMixture
from projects.vocabulary.arrays import Floats, Pixels
from projects.vocabulary.box import Box
from projects.vocabulary.scheme import Scheme


@dataclass(frozen=True)
class ExemplarProposer:
    model: ExemplarModel

    def propose(self, pixels: Pixels, box: Box, refinements: int = MOST_REFINEMENTS) -> Proposal:
        """Equation 3 with the shared residual, in the frame of the refined box."""
        classifier = self.model.classifier
        refined, scores = classifier.classify(pixels, box, refinements)
        mixture = ShapeMixture(
            scores[0] / classifier.temperature, classifier.exemplars, self.model.residual
        )
        return Proposal(refined, mixture, "exemplar")

    def embed(self, pixels: Pixels, box: Box) -> tuple[Floats, Box, Floats]:
        """Features (F,) of the crop along the refined box, that box, and the scores (K,)."""
        refined, scores = self.model.classifier.classify(pixels, box)
        return self.model.classifier.features(pixels, refined), refined, scores[0]

    def class_weights(self) -> tuple[Floats, Floats]:
        """What the features are multiplied with (K, F), and the classes (K, L, 2)."""
        classifier = self.model.classifier
        weights = classifier.network.class_weights().detach().double().numpy()
        return np.asarray(weights), classifier.exemplars.astype(np.float64)


def load(folder: Path, scheme: Scheme) -> ExemplarProposer:
    """From the folder that training wrote. Raises WeightsMismatch."""
    return ExemplarProposer(load_model(folder, scheme))
