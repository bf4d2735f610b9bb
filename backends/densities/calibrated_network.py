"""A trained network, and how far its answers are to be believed: what stands behind every backend
of densities once its network has learned."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from landmark_annotator.backends.densities.calibration import Calibrated, calibrate
from landmark_annotator.backends.densities.hidden_head import HiddenHead
from landmark_annotator.backends.densities.inference import CropInference, Infer, Inference
from landmark_annotator.backends.densities.model import DensityModel, SecondLook
from landmark_annotator.backends.densities.network import CropNetwork
from landmark_annotator.backends.densities.observations import Observations, observed, placed_share
from landmark_annotator.backends.densities.proposer import areas
from landmark_annotator.backends.densities.settings import TrainingSettings
from landmark_annotator.backends.densities.shape_prior import shape_priors
from landmark_annotator.backends.densities.training_set import TrainingSet
from landmark_annotator.backends.learning.held_out import (
    error_figures,
    error_of_each,
    lengths_in_frames,
    mean_error,
)
from landmark_annotator.backends.learning.model_cards import begun_card
from landmark_annotator.backends.shapes.fitting.prior import shape_slack, symmetry_of
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_HELD_OUT_BOXES = 2
"""Boxes tried for each held-out instance."""
_MOST_TRAINING_BOXES = 2000
_HIDDEN_QUANTILE = 0.98


@dataclass(frozen=True, eq=False)
class CalibratedNetwork:
    """seen: of the held-out instances. believed: (N, L, 2) of them, fused with the prior, as if
    the calibration had not seen them either."""

    inference: Inference
    fused: Calibrated
    seen: Observations
    believed: Floats

    def telling_hidden(self, head: HiddenHead | None) -> "CalibratedNetwork":
        return replace(self, inference=self.inference.telling_hidden(head))

    def model(
        self, backend: str, card: Mapping[str, Any], refinement: SecondLook | None = None
    ) -> DensityModel:
        usual = np.quantile(areas(self.seen.spreads), _HIDDEN_QUANTILE, axis=0)
        prior, calibration = self.fused.prior, self.fused.calibration
        return DensityModel(backend, self.inference, prior, calibration, usual, card, refinement)

    def lengths(self, data: TrainingSet, scheme: Scheme) -> Floats:
        """(N,) what the errors of `seen` are divided by, in its frames."""
        held_out = data.held_out
        boxes = len(self.seen.truths) // max(len(held_out), 1)
        which = np.repeat(np.arange(len(held_out)), boxes)
        return lengths_in_frames(held_out, which, self.seen.truths, scheme)

    def card(
        self,
        data: TrainingSet,
        scheme: Scheme,
        settings: TrainingSettings,
        learned: int,
        minutes: float,
        believed: Floats | None = None,
    ) -> dict[str, Any]:
        """What every model of densities says of its training. learned: number of instances in an
        epoch. believed: of the held-out instances, where something follows the network's answer."""
        believed = self.believed if believed is None else believed
        truths, groups = self.seen.truths, self.seen.groups
        lengths = self.lengths(data, scheme)
        figures = error_figures("held_out_error", believed, truths, scheme, groups, lengths)
        alone = {"held_out_error_densities": mean_error(self.seen.points, truths, scheme, lengths)}
        of_each = error_of_each(believed, truths, scheme, lengths).reshape(len(data.held_out), -1)
        return begun_card(scheme, settings) | {
            "epochs": settings.epochs_for(learned),
            "instances": {
                "training": len(data.training),
                "held_out": len(data.left_out),
                "unreadable": data.unreadable,
            },
            "groups": data.shapes.card(),
            "held_out_keys": [instance.key for instance in data.held_out],
            "held_out_errors": of_each.mean(axis=1).round(4).tolist(),
            "minutes": round(minutes, 2),
            "classes": self.fused.prior.classes,
            "figures": figures | alone,
        }


def calibrated(
    network: CropNetwork,
    data: TrainingSet,
    scheme: Scheme,
    settings: TrainingSettings,
    progress: Progress,
    infer: Infer = CropInference,
    elsewhere: ShapeMixture | None = None,
) -> CalibratedNetwork:
    """Looks at the held-out instances, each in boxes as a person might draw them, and at those that
    were learned from; fits the prior over shapes and the calibration.

    infer: how the network is used. elsewhere: as of `shape_priors`. Raises Cancelled.
    """
    mirror = scheme.mirror if scheme.partners else None
    inference = infer(network, data.shapes.reference, mirror, settings.size)
    shapes, instances = data.shapes, data.instances
    step = -(-len(data.dense) // _MOST_TRAINING_BOXES)
    seen = observed(inference.infer, data.held_out, _HELD_OUT_BOXES, settings.seed, progress)
    chosen = [instances[i] for i in data.dense[::step]]
    own = observed(inference.infer, chosen, 1, settings.seed, progress)
    slack = shape_slack(shapes.reference, seen.truths)
    learned = [instances[i] for i in data.training]
    # In the frame of an object that may point anywhere no axis is that of the mirror.
    symmetry = symmetry_of(scheme, shapes.shapes) if scheme.heading is None else None
    priors = shape_priors(
        shapes.shapes[data.training],
        [each.shape for each in learned],
        slack,
        symmetry,
        settings.seed,
        [each.split_key for each in learned],
        elsewhere,
    )
    fused = calibrate(seen, own, priors, placed_share([*chosen, *data.held_out]))
    return CalibratedNetwork(inference, fused, seen, fused.believed(seen))
