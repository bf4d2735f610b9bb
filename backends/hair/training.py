"""Training: instances with masks of a region in, a network of two stages in a folder out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from landmark_annotator.backends.hair.distance_map import distance_map
from landmark_annotator.backends.hair.network import HairNetwork
from landmark_annotator.backends.hair.parser import FILES, begun
from landmark_annotator.backends.hair.settings import TITLE, Settings
from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.learning.device import reduced_precision
from landmark_annotator.backends.parsers import MaskedInstance
from landmark_annotator.backends.segmentation.hints import UNSAID
from landmark_annotator.backends.segmentation.losses import surprise
from landmark_annotator.backends.segmentation.network_training import told
from landmark_annotator.backends.segmentation.training import Learner
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme


def train(
    instances: Sequence[MaskedInstance],
    scheme: Scheme,
    folder: Path,
    settings: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    """As `Learner.train`, of the one region that the settings name, from the instances of which
    somebody said where it is. Raises ActionableError where the scheme has no such region."""
    chosen = Settings.of(settings)
    chosen.check_scheme(scheme)
    known = [each for each in instances if chosen.region in each.masks]

    def started() -> HairNetwork:
        torch.manual_seed(chosen.seed)
        return begun(asdict(chosen))

    # What is around this one region is no background: hair grows around a face.
    learner = Learner(TITLE, FILES, chosen, started, loss, _rmsprop, backgrounds=False)
    return learner.train(known, (chosen.region,), scheme, folder, progress)


def loss(network: HairNetwork, batch: Batch) -> Tensor:
    """The surprise of the labels, and how far the coarse shapes are from theirs: both stages learn
    at once."""
    crops, labels, hints, _, unsaid = told(network, batch)
    with reduced_precision(crops.device):
        prior, logits = network.both(crops, hints)
    missed = surprise(-logits.log_softmax(dim=1), labels, unsaid)
    if prior is None:
        return missed
    maps = np.stack([distance_map(each) for each in labels.cpu().numpy()])
    off = (prior[:, 0].float() - torch.from_numpy(maps).to(prior.device)).abs()
    known = labels != UNSAID
    return missed + (off * known).sum() / known.sum().clamp_min(1)


def _rmsprop(learned: Sequence[nn.Parameter]) -> torch.optim.Optimizer:
    return torch.optim.RMSprop(learned)
