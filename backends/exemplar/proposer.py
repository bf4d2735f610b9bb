"""Proposals of a trained exemplar classifier."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from landmark_annotator.backends.exemplar.classifier import MOST_REFINEMENTS
from landmark_annotator.backends.exemplar.model_files import ExemplarModel, load_model
from landmark_annotator.backends.exemplar.novelty import class_spread
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.engine.exemplars import Exemplars
from landmark_annotator.backends.shapes.mixture import Shift
from landmark_annotator.backends.shapes.proposal import novelty_widening
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.scheme import Scheme


@dataclass(frozen=True)
class ExemplarProposer:
    model: ExemplarModel

    def propose(
        self,
        pixels: Pixels,
        box: Box,
        refinements: int = MOST_REFINEMENTS,
        regression: bool = True,
    ) -> Proposal:
        """Equation 3 with a shared residual, in the frame of the refined box.

        regression: the pose regressors refine the expected shape (section 3.4), and every class
        mean is drawn towards it by the share that suited held-out images.
        """
        model = self.model
        refined, scores = model.classifier.classify(pixels, box, refinements)
        novelty = self._novelty(scores[0])
        widened = novelty_widening(novelty)
        mixture = ShapeMixture(
            scores[0] / model.alone.temperature, self._exemplars, model.alone.residual * widened
        )
        if regression and model.calibration.blend > 0:
            shape = model.regressors.refine(pixels, refined, mixture.mean)
            mixture = ShapeMixture(
                scores[0] / model.calibration.temperature,
                self._drawn,
                model.calibration.residual * widened,
                Shift.constant(model.calibration.blend * shape.ravel()),
            )
        return Proposal(refined, mixture, "exemplar", novelty=novelty, widened=widened)

    def _novelty(self, scores: Floats) -> float | None:
        """scores: (K,). Above 1 where the classes that may be right are further apart than on all
        but a few held-out images; None of a model from before that was measured."""
        usual = self.model.card.get("usual_spread")
        if not usual:
            return None
        exemplars = self.model.classifier.exemplars
        return class_spread(scores, self.model.alone.temperature, exemplars) / float(usual)

    def stages(self, pixels: Pixels, box: Box) -> dict[str, Floats]:
        """Where the landmarks (L, 2) are, in image pixels, after the classifier, in the drawn and
        in the refined box, after each regressor of the cascade, and at the end."""
        found = {
            "classifier in the drawn box": self.propose(pixels, box, 0, False),
            "classifier": self.propose(pixels, box, regression=False),
        }
        shapes = {name: p.box.to_image(p.mixture.mean) for name, p in found.items()}
        start, regressors = found["classifier"], self.model.regressors
        for count in range(1, len(regressors.levels) + 1):
            some = replace(regressors, levels=regressors.levels[:count])
            shape = some.refine(pixels, start.box, start.mixture.mean)
            shapes[f"regressor {count}"] = start.box.to_image(shape)
        last = self.propose(pixels, box)
        return {**shapes, "proposal": last.box.to_image(last.mixture.mean)}

    @cached_property
    def _exemplars(self) -> Exemplars:
        return Exemplars(self.model.classifier.exemplars).prepare()

    @cached_property
    def _drawn(self) -> Exemplars:
        """The exemplars without the share that the regressed shape takes."""
        rest = np.float32(1 - self.model.calibration.blend)
        return Exemplars(self.model.classifier.exemplars * rest).prepare()

    def embed(self, pixels: Pixels, box: Box) -> tuple[Floats, Box, Floats]:
        """Features (F,) of the crop along the refined box, that box, and the scores (K,)."""
        refined, scores = self.model.classifier.classify(pixels, box)
        return self.model.classifier.features(pixels, refined), refined, scores[0]

    def class_weights(self) -> tuple[Floats, Floats]:
        """What the features are multiplied with (K, F), and the classes (K, L, 2)."""
        classifier = self.model.classifier
        weights = classifier.network.class_weights().detach().cpu().double().numpy()
        return np.asarray(weights), classifier.exemplars.astype(np.float64)


def load(folder: Path, scheme: Scheme, device: str = "cpu") -> ExemplarProposer:
    """From the folder that training wrote, to run on one of DEVICES. Raises WeightsMismatch."""
    return ExemplarProposer(load_model(folder, scheme, device))
