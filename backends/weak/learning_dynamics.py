"""Plain coordinate regression, looked at after every epoch of its training.

Section 5.4.4 of the thesis "Deep face analysis": what does such a network learn first?
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from landmark_annotator.backends.learning.patches import make_patches
from landmark_annotator.backends.weak.labels import labels_of
from landmark_annotator.backends.weak.localiser import Localiser
from landmark_annotator.backends.weak.network import TwoBranchNetwork
from landmark_annotator.backends.weak.settings import Settings
from landmark_annotator.backends.weak.stages import Stages
from landmark_annotator.backends.weak.training import new_network
from landmark_annotator.backends.weak.training_data import TrainingData
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

Infer = Callable[[Pixels, Box], Floats]
"""Pixels and a box to landmarks (L, 2) in image pixels, in one pass."""


def epochs(
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    settings: Mapping[str, Any],
    progress: Progress,
    each: Callable[[int, Infer], None],
) -> None:
    """Trains on densely labelled instances; calls `each` with the epoch, from one on, and the
    network as it is then. Raises TooFewLabels, Cancelled."""
    chosen = Settings.of({"sparse": [0], **settings})
    labels = labels_of(instances, scheme, chosen.sparse)
    patches, _ = make_patches(instances, labels.frames, progress)
    readable = np.array(sorted(patches))
    mirror = scheme.mirror if scheme.partners else None
    data = TrainingData(
        [patches[i] for i in readable], labels.shapes[readable], mirror, chosen.size
    )
    torch.manual_seed(chosen.seed)

    def after_epoch(epoch: int, network: TwoBranchNetwork) -> None:
        each(epoch, Localiser(network, mirror, chosen.size).infer)

    Stages(chosen, progress).whole(new_network(labels, chosen), data, after_epoch)
