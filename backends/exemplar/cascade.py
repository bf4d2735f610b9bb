"""Pose regressors fitted to what the classifier leaves wrong, and what they make of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from typing_extensions import override

from landmark_annotator.backends.exemplar.held_out import Observations
from landmark_annotator.backends.exemplar.pose_regression.initial_shapes import HeldOutErrors
from landmark_annotator.backends.exemplar.pose_regression.regressors import PoseRegressors
from landmark_annotator.backends.exemplar.pose_regression.training import PoseSettings, fit
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.numbering import numbered
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_DRAWS = 6
"""Initial shapes for each training instance."""


@dataclass(frozen=True)
class Photographs(Sequence[Pixels]):
    """The images of instances, read when they are asked for: they need not fit into memory."""

    instances: Sequence[LabelledInstance]

    @override
    def __len__(self) -> int:
        return len(self.instances)

    @override
    def __getitem__(self, index: int) -> Pixels:  # type: ignore[override]
        return self.instances[index].read_pixels()


def fit_regressors(
    instances: Sequence[LabelledInstance],
    boxes: Sequence[Box],
    aligned: Floats,
    seen: Observations,
    initial: Floats,
    scheme: Scheme,
    settings: PoseSettings,
    progress: Progress,
) -> PoseRegressors:
    """instances, boxes and aligned (n, L, 2): the training instances in their canonical boxes.
    seen, initial (N, L, 2): what the classifier expects of held-out ones."""
    errors = HeldOutErrors.measured(initial, seen.truths, aligned, scheme)
    random = np.random.default_rng((settings.seed, 6))
    drawn = errors.draw(aligned, _DRAWS, random)
    groups = numbered([instance.split_key for instance in instances], 2)
    photographs = Photographs(instances)
    return fit(photographs, boxes, aligned, drawn, scheme, settings, progress, groups)


def regressed(
    regressors: PoseRegressors,
    instances: Sequence[LabelledInstance],
    seen: Observations,
    initial: Floats,
) -> Floats:
    """(N, L, 2) where the regressors lead from the initial shapes (N, L, 2)."""
    found, pixels, last = [], None, -1
    for index, box, shape in zip(seen.instances, seen.boxes, initial, strict=True):
        if pixels is None or index != last:
            pixels, last = instances[int(index)].read_pixels(), index
        found.append(regressors.refine(pixels, box, shape))
    return np.stack(found)
