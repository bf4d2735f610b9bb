"""Learning from images without labels: a network's own answers, as far as they are believed.

A network that has learned from labels answers for images of which only a box is known. Fused with
the prior and calibrated on held-out labels, an answer is a shape with a covariance for every
landmark, better than what the network sees in one crop. The network then goes on learning from the
labels and from these answers, each landmark weighted by how sure it is (`label_weights`), in crops
that are turned, mirrored and disturbed as those of the answers were not: self-training with a noisy
student (Xie, Luong, Hovy, Le, CVPR 2020, section 3), with calibrated weights.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import numpy as np

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.calibrated_network import CalibratedNetwork
from landmark_annotator.backends.densities.training_set import TrainingSet
from landmark_annotator.backends.learning.held_out import error_of_each
from landmark_annotator.backends.learning.patches import read_all
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
from landmark_annotator.projects.vocabulary.wording import counted

FEWEST = 24
_FEWEST_SHARE = 0.1
"""Of the labelled ones: fewer unlabelled instances are not worth the time that they take."""
_MOST = 2000
"""Each costs 150 kB of memory, and a few passes of the network."""
_LEAST_WEIGHT = 0.02
"""Mean of an answer's weights below which nothing is to be learned from it."""

Propose = Callable[[Pixels, Box], Proposal]


@dataclass(frozen=True)
class Worth:
    """What unlabelled instances were worth: `count` of them, and errors on held-out labels, NME in
    percent. without: of the network that has learned from labels. longer: of the same after as much
    more of the labels; taught: after labels and answers instead; None where there was nothing to
    learn, and `refused` says why. unreadable: others, whose images cannot be read."""

    count: int
    without: float
    longer: float | None = None
    taught: float | None = None
    unreadable: int = 0
    refused: str = ""

    @property
    def used(self) -> bool:
        """Where held-out labels are better off than without, and than by labels alone."""
        if self.taught is None or self.longer is None:
            return False
        return self.taught <= self.without and self.taught < self.longer

    @property
    def longer_is_better(self) -> bool:
        """Where they are not used, and more of the labels alone is worth more than without."""
        return not self.used and self.longer is not None and self.longer < self.without

    def card(self) -> dict[str, Any]:
        return {
            "tried": self.count,
            "used": self.count if self.used else 0,
            "unreadable": self.unreadable,
            "held_out_error_without": self.without,
            "held_out_error_longer": self.longer,
            "held_out_error_with": self.taught,
            "sentence": self.sentence,
        }

    @property
    def sentence(self) -> str:
        objects = f"{counted(self.count, 'unlabelled object')}: {'' if self.used else 'not used: '}"
        if self.taught is None:
            return f"{objects}{self.refused}."
        return (
            f"{objects}held-out error {self.without:.2f} -> {self.taught:.2f} %, with labels alone "
            f"for as long {self.longer:.2f} %{', which is kept' if self.longer_is_better else ''}."
        )


def to_learn_from(
    unlabelled: Sequence[UnlabelledInstance], data: TrainingSet
) -> list[UnlabelledInstance]:
    """Those of which none is related to an instance that is kept out of training, evenly chosen
    where there are many; none where they are too few to be worth their time."""
    apart = unrelated(unlabelled, data)
    if len(apart) < max(FEWEST, _FEWEST_SHARE * len(data.training)):
        return []
    return apart[:: -(-len(apart) // _MOST)]


def unrelated(
    unlabelled: Sequence[UnlabelledInstance], data: TrainingSet
) -> list[UnlabelledInstance]:
    """Those of which none is related to an instance that is kept out of training."""
    out = data.shapes.held_out | data.shapes.aside
    kept_out = {data.instances[i].split_key for i in np.flatnonzero(out).tolist()}
    return [each for each in unlabelled if each.split_key not in kept_out]


def pseudo_labels(
    propose: Propose,
    unlabelled: Sequence[UnlabelledInstance],
    reference: Floats,
    crop_size: int,
    progress: Progress,
) -> tuple[list[Patch], int]:
    """What is believed of each instance, to be learned from as a label: patches along the box that
    fits the answer, each landmark with a weight that falls to nought with its covariance. Without
    those of which nothing is believed, or whose image cannot be read; and how many the latter are.

    reference: (L, 2) in the canonical frame. crop_size: of the crops that are to be cut from them.
    Raises Cancelled.
    """

    def cut(index: int, pixels: Pixels) -> Patch:
        box = unlabelled[index].box
        believed = propose(pixels, box).given([])
        marks = [Provenance.FILLED] * len(believed.points)
        shape = Shape(believed.points, None, marks, believed.covariances)
        return Patch.cut(pixels, similarity_box(reference, shape.points), box, shape, crop_size)

    try:
        found, reasons = read_all(unlabelled, cut, progress, "looking at unlabelled images")
    except ImageError:
        return [], len(unlabelled)
    sure = [patch for patch in found.values() if patch.weights.mean() >= _LEAST_WEIGHT]
    return sure, len(reasons)


def beside_labels(
    labelled: Sequence[Patch], answers: Sequence[Patch]
) -> tuple[list[Patch], list[Patch]]:
    """Both to learn from, the labelled ones so often that they are about half of it at least; and
    as many labelled ones alone."""
    both = [*labelled] * max(round(len(answers) / len(labelled)), 1) + [*answers]
    return both, list(islice(cycle(labelled), len(both)))


def judged(
    before: CalibratedNetwork, twin: CalibratedNetwork, student: CalibratedNetwork, scheme: Scheme
) -> tuple[float, float, float]:
    """Mean error of each on the same held-out labels, NME in percent. before: the network that has
    learned from labels. twin: the same, after as much more of them as `student` has had of labels
    and of its own answers: without it the longer training would speak for the answers."""
    errors = [round(float(_errors(each, scheme).mean()), 3) for each in (before, twin, student)]
    return errors[0], errors[1], errors[2]


def refused(
    why: str, count: int, before: CalibratedNetwork, scheme: Scheme, unreadable: int = 0
) -> Worth:
    """Of `count` unlabelled instances from which nothing is learned."""
    without = round(float(_errors(before, scheme).mean()), 3)
    return Worth(count, without, unreadable=unreadable, refused=why)


def _errors(network: CalibratedNetwork, scheme: Scheme) -> Floats:
    """(N,) of the held-out observations."""
    return error_of_each(network.believed, network.seen.truths, scheme)
