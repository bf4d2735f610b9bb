"""Learning a second look, and whether it is worth having."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from landmark_annotator.backends.densities.augmentation import label_weights
from landmark_annotator.backends.densities.calibration import (
    Calibrated,
    Calibration,
    calibrate,
)
from landmark_annotator.backends.densities.inference import Inference, Observation
from landmark_annotator.backends.densities.observations import (
    Look,
    Observations,
    observed,
    observed_by,
    placed_share,
)
from landmark_annotator.backends.heatmap.refinement.close_ups import CloseUp, resolution_of
from landmark_annotator.backends.heatmap.refinement.network_training import (
    LabelledCloseUp,
    RefinementData,
    fit,
)
from landmark_annotator.backends.heatmap.refinement.refiner import Refiner
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.learning.held_out_curve import MOST
from landmark_annotator.backends.learning.patches import read_all
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_MOST_INSTANCES = 400
"""Each costs about a megabyte of memory while the network learns."""
_PSEUDO_ERRORS = 10.0
"""How many of its own a landmark's miss counts those of all landmarks as."""


@dataclass(frozen=True, eq=False)
class FirstStage:
    """What a second look starts from: the network's answer, fused with the prior."""

    inference: Inference
    fused: Calibrated

    def misses(self, seen: Observations) -> Floats:
        """(L,) deviations along an axis of what is believed of instances that it has not learned
        from, in the box frame."""
        squared = ((self.fused.believed(seen) - seen.truths) ** 2).mean(axis=2)
        known = np.isfinite(squared).sum(axis=0)
        common = _PSEUDO_ERRORS * float(np.nanmean(squared))
        return np.asarray(np.sqrt((np.nansum(squared, axis=0) + common) / (known + _PSEUDO_ERRORS)))

    def look(self, refiner: Refiner, calibration: Calibration) -> Look:
        """Again, around what this calibration believes."""

        def again(pixels: Pixels, box: Box) -> Observation:
            first = self.inference.infer(pixels, box)
            believed = calibration.mixture(
                self.fused.prior, first.points, first.spreads, first.scales
            )
            return refiner.refine(pixels, first, believed.mean)

        return again


@dataclass(frozen=True, eq=False)
class Refinement:
    """A second look, and how its answer is fused with the prior."""

    refiner: Refiner
    calibration: Calibration

    def exactly(self) -> "Refinement":
        """In single precision."""
        return replace(self, refiner=replace(self.refiner, precision=torch.float32))

    def mixture(
        self, prior: ShapeMixture, pixels: Pixels, first: Observation, believed: Floats
    ) -> ShapeMixture:
        """What is believed once the surroundings of `believed` (L, 2), in the frame of the first
        stage's box, have been looked at."""
        seen = self.refiner.refine(pixels, first, believed)
        return self.calibration.mixture(prior, seen.points, seen.spreads, seen.scales)


@dataclass(frozen=True, eq=False)
class Learned:
    """refinement: None where it does not help. believed: (N, L, 2) of the held-out observations
    with it, in their boxes. seconds: that it took to learn."""

    refinement: Refinement | None
    believed: Floats
    seconds: float


def learn_refinement(
    first: FirstStage,
    seen: Observations,
    training: Sequence[tuple[LabelledInstance, Box]],
    held_out: Sequence[tuple[LabelledInstance, Box]],
    scheme: Scheme,
    settings: Settings,
    progress: Progress,
) -> Learned | None:
    """None where photographs show hardly more than the first stage saw.

    seen: the first stage's observations of the held-out instances. training, held_out: with their
    canonical boxes. Raises Cancelled.
    """
    chosen = training[:: -(-len(training) // _MOST_INSTANCES)]
    resolution = resolution_of([box.side for _, box in chosen], settings.size)
    if resolution is None:
        return None

    def close_ups(pairs: Sequence[tuple[LabelledInstance, Box]]) -> dict[int, LabelledCloseUp]:
        def cut(index: int, pixels: Pixels) -> LabelledCloseUp:
            (instance, box), per_side = pairs[index], resolution or 0.0
            points = box.to_frame(instance.shape.points)
            weights = label_weights(instance.shape, box.side)
            return LabelledCloseUp(CloseUp.of(pixels, box, per_side), points, weights)

        return read_all([instance for instance, _ in pairs], cut, progress)[0]

    instances = [instance for instance, _ in chosen]
    left_out = [instance for instance, _ in held_out]
    labelled, beside = close_ups(chosen), close_ups(held_out[:MOST])
    data = RefinementData(list(labelled.values()), first.misses(seen), scheme, settings)
    network, seconds = fit(data, progress, list(beside.values()))
    refiner = Refiner(network, resolution, scheme.mirror if scheme.partners else None)
    boxes = len(seen.points) // len(held_out)
    looks = [first.look(refiner, each) for each in first.fused.of_each(boxes)]
    again = observed_by(looks, left_out, boxes, settings.seed, progress)
    look = first.look(refiner, first.fused.calibration)
    own = observed(look, [instances[i] for i in labelled], 1, settings.seed, progress)
    placed = placed_share([*(instances[i] for i in labelled), *left_out])
    fused = calibrate(again, own, [first.fused.prior], placed)
    gains = first.fused.errors_after_clicks(seen) - fused.errors_after_clicks(again)
    helpful = helps(gains, seen.groups)
    return Learned(
        Refinement(refiner, fused.calibration) if helpful else None,
        fused.believed(again),
        seconds,
    )


def helps(gains: Floats, groups: Ints) -> bool:
    """Whether the mean gain over groups, each the mean of its observations, is above nought by more
    than its standard error: an error that is as large with a second look is not worth its time."""
    means = [float(gains[groups == group].mean()) for group in np.unique(groups)]
    if len(means) < 2:
        return False
    return bool(np.mean(means) > np.std(means, ddof=1) / np.sqrt(len(means)))
