"""Learning from images without labels: a network's own answers, as far as they are believed.

A network that has learned from labels answers for images of which only a box is known. Fused with
the prior and calibrated on held-out labels, an answer is a shape with a covariance for every
landmark, better than what the network sees in one crop. The network then goes on learning from the
labels and from these answers, each landmark weighted by how sure it is (`label_weights`), in crops
that are turned, mirrored and disturbed as those of the answers were not: self-training with a noisy
student (Xie, Luong, Hovy, Le, CVPR 2020, section 3), with calibrated weights.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.calibrated_network import CalibratedNetwork
from landmark_annotator.backends.densities.training_set import TrainingSet
from landmark_annotator.backends.learning.held_out import mean_gain
from landmark_annotator.backends.learning.patches import read_all
from landmark_annotator.backends.metrics.errors import nme
from landmark_annotator.backends.shapes.fitting.alignment import similarity_box
from landmark_annotator.backends.shapes.proposal import Proposal
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import ImageError
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.provenance import Provenance
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.shape import Shape
from landmark_annotator.projects.vocabulary.unlabelled_instance import UnlabelledInstance

FEWEST = 24
_FEWEST_SHARE = 0.1
"""Of the labelled ones: fewer unlabelled instances are not worth the time that they take."""
_MOST = 2000
"""Each costs 150 kB of memory, and a few passes of the network."""
_LEAST_WEIGHT = 0.02
"""Mean of an answer's weights below which nothing is to be learned from it."""
_FRAME = Box(0, 0, 1, 1)

Propose = Callable[[Pixels, Box], Proposal]


@dataclass(frozen=True)
class Worth:
    """What unlabelled instances were worth: `count` of them, and the error on held-out labels (NME
    in percent) without and with them. refused: why they were not learned from, where they were
    not. unreadable: others, whose images cannot be read."""

    count: int
    without: float
    taught: float | None = None
    refused: str = ""
    unreadable: int = 0

    def card(self) -> dict[str, Any]:
        return {
            "tried": self.count,
            "used": 0 if self.refused else self.count,
            "unreadable": self.unreadable,
            "held_out_error_without": self.without,
            "held_out_error_with": self.taught,
            "sentence": self.sentence,
        }

    @property
    def sentence(self) -> str:
        objects = f"{self.count:,} unlabelled objects"
        if self.taught is None:
            return f"{objects}: not used: {self.refused}."
        errors = f"held-out error {self.without:.2f} -> {self.taught:.2f} %"
        return f"{objects}: " + (f"not used: {errors}." if self.refused else f"{errors}.")


def to_learn_from(
    unlabelled: Sequence[UnlabelledInstance], data: TrainingSet
) -> list[UnlabelledInstance]:
    """Those of which none is related to an instance that is kept out of training, evenly chosen
    where there are many; none where they are too few to be worth their time."""
    out = data.shapes.held_out | data.shapes.aside
    kept_out = {data.instances[i].split_key for i in np.flatnonzero(out).tolist()}
    apart = [each for each in unlabelled if each.split_key not in kept_out]
    if len(apart) < max(FEWEST, _FEWEST_SHARE * len(data.training)):
        return []
    return apart[:: -(-len(apart) // _MOST)]


def pseudo_labels(
    propose: Propose,
    unlabelled: Sequence[UnlabelledInstance],
    reference: Floats,
    progress: Progress,
) -> tuple[list[Patch], int]:
    """What is believed of each instance, to be learned from as a label: patches along the box that
    fits the answer, each landmark with a weight that falls to nought with its covariance. Without
    those of which nothing is believed, or whose image cannot be read; and how many the latter are.

    reference: (L, 2) in the canonical frame. Raises Cancelled.
    """

    def cut(index: int, pixels: Pixels) -> Patch:
        box = unlabelled[index].box
        believed = propose(pixels, box).given([])
        marks = [Provenance.FILLED] * len(believed.points)
        shape = Shape(believed.points, None, marks, believed.covariances)
        return Patch.cut(pixels, similarity_box(reference, shape.points), box, shape)

    try:
        found, reasons = read_all(unlabelled, cut, progress, "looking at unlabelled images")
    except ImageError:
        return [], len(unlabelled)
    sure = [patch for patch in found.values() if patch.weights.mean() >= _LEAST_WEIGHT]
    return sure, len(reasons)


def beside_labels(labelled: Sequence[Patch], answers: Sequence[Patch]) -> list[Patch]:
    """Both to learn from, the labelled ones so often that they are about half of it at least."""
    return [*labelled] * max(round(len(answers) / len(labelled)), 1) + [*answers]


def judged(
    count: int, before: CalibratedNetwork, after: CalibratedNetwork, scheme: Scheme
) -> Worth:
    """Of networks without and with `count` unlabelled instances, on the same held-out labels. They
    are refused where the error is larger by more than its standard error: what few labels cannot
    tell from no difference is none."""
    without, taught = (_errors(each, scheme) for each in (before, after))
    gain, error = mean_gain(without - taught, before.seen.groups)
    worse = gain < (-error if math.isfinite(error) else 0.0)
    refused = "the error on held-out labels grew" if worse else ""
    figures = [round(float(each.mean()), 3) for each in (without, taught)]
    return Worth(count, figures[0], figures[1], refused)


def unsure(count: int, unreadable: int, before: CalibratedNetwork, scheme: Scheme) -> Worth:
    """Of `count` unlabelled instances, with those that cannot be read, for which hardly any answer
    is believed."""
    without = round(float(_errors(before, scheme).mean()), 3)
    refused = "hardly any answer for them is sure enough"
    return Worth(count, without, refused=refused, unreadable=unreadable)


def _errors(network: CalibratedNetwork, scheme: Scheme) -> Floats:
    """(N,) of the held-out observations."""
    return np.array(
        [
            nme(shape, truth, scheme.normaliser_length(truth, _FRAME))
            for shape, truth in zip(network.believed, network.seen.truths, strict=True)
        ]
    )
