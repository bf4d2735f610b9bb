"""What is seen of labelled instances, and the truth beside it: what calibrations are fitted to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.densities.inference import Observation
from landmark_annotator.backends.learning.checkpoints import GO_ON
from landmark_annotator.backends.learning.held_out import jittered
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import Cancelled
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.numbering import numbered
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.provenance import MODELLED

Look = Callable[[Pixels, Box], Observation]


@dataclass(frozen=True, eq=False)
class Observations:
    """N observations of instances, in the frames of the boxes that were fitted.

    points, truths: (N, L, 2), spreads: (N, L, 2, 2), scales: (N, L), groups: (N,) of which
    instance. Truths are NaN where unknown.
    """

    points: Floats
    spreads: Floats
    scales: Floats
    truths: Floats
    groups: Ints

    @property
    def errors(self) -> Floats:
        return self.truths - self.points

    def of(self, chosen: Ints) -> "Observations":
        return Observations(
            self.points[chosen],
            self.spreads[chosen],
            self.scales[chosen],
            self.truths[chosen],
            self.groups[chosen],
        )


def placed_share(instances: Iterable[LabelledInstance]) -> float:
    """Of the landmarks that are known, those that somebody placed; 1 where none is known."""
    marks = [
        mark
        for each in instances
        for mark, known in zip(each.shape.provenance, each.shape.known, strict=True)
        if known
    ]
    return sum(mark not in MODELLED for mark in marks) / len(marks) if marks else 1.0


def observed(
    look: Look,
    instances: Sequence[LabelledInstance],
    count: int,
    seed: int,
    progress: Progress,
) -> Observations:
    """Every instance in `count` boxes as a person might draw them, the same for the same seed."""
    return observed_by([look] * len(instances), instances, count, seed, progress)


def observed_by(
    looks: Sequence[Look],
    instances: Sequence[LabelledInstance],
    count: int,
    seed: int,
    progress: Progress,
) -> Observations:
    """As `observed`, each instance by a look of its own."""
    random = np.random.default_rng((seed, 2))
    points, spreads, scales, truths, groups = [], [], [], [], []
    progress.start("looking at labelled images", len(instances))
    related = numbered([instance.split_key for instance in instances]).tolist()
    for look, group, instance in zip(looks, related, instances, strict=True):
        pixels = instance.read_pixels()
        for _ in range(count):
            seen = look(pixels, jittered(instance.box, random))
            points.append(seen.points)
            spreads.append(seen.spreads)
            scales.append(seen.scales)
            truths.append(seen.box.to_frame(instance.shape.points))
            groups.append(group)
        progress.advance()
        if progress.cancelled():
            raise Cancelled(
                "Training was stopped while the model was being calibrated.",
                kept="The trained network is kept.",
                remedy=GO_ON,
            )
    return Observations(
        np.stack(points),
        np.stack(spreads),
        np.stack(scales),
        np.stack(truths),
        np.array(groups),
    )
