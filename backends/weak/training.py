"""Training: sparsely and densely labelled instances in, a model in a folder out."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from landmark_annotator.backends.learning.checkpoints import Checkpoint, discard_checkpoint
from landmark_annotator.backends.learning.device import share_cores
from landmark_annotator.backends.learning.folds import dealt
from landmark_annotator.backends.learning.held_out import error_figures, lengths_in_frames
from landmark_annotator.backends.learning.model_cards import begun_card
from landmark_annotator.backends.learning.patches import make_patches
from landmark_annotator.backends.weak.cross_fitting import Unseen
from landmark_annotator.backends.weak.labels import FEWEST_DENSE, Labels, labels_of
from landmark_annotator.backends.weak.localiser import Localiser
from landmark_annotator.backends.weak.model_files import WeakModel, save_model
from landmark_annotator.backends.weak.network import TwoBranchNetwork
from landmark_annotator.backends.weak.settings import Settings
from landmark_annotator.backends.weak.stages import Stages
from landmark_annotator.backends.weak.training_data import TrainingData
from landmark_annotator.projects.vocabulary.arrays import Ints
from landmark_annotator.projects.vocabulary.errors import MOVED_IMAGES, ImageError
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.numbering import numbered
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.wording import counted

_FIFTHS = 5


def train(
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    folder: Path,
    settings: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    """Trains in three stages, writes weights and card into the folder, returns the card.

    Instances without gaps are the densely labelled ones, all others the sparsely labelled. How
    wrong the network is on new images is measured by cross-fitting: no densely labelled instance
    takes part in stage 1, and stages 2 and 3 are made again without each fifth of them. Where none
    is labelled sparsely stage 1 has to learn from the densely labelled ones, and what is measured
    is too small: its card says that they are not apart.
    Interrupted, it raises Cancelled and leaves a checkpoint of stage 1. An older model in the
    folder stays until the new one is complete. Raises TooFewLabels, and ImageError where too few
    images can be read.
    """
    chosen = Settings.of(settings)
    labels = labels_of(instances, scheme, chosen.sparse)
    folder.mkdir(parents=True, exist_ok=True)
    share_cores()
    started = time.monotonic()
    patches, unreadable = make_patches(instances, labels.frames, progress)
    readable = np.array(sorted(patches))
    left = int(labels.dense[readable].sum())
    if left < FEWEST_DENSE:  # else stages 2 and 3 would have nothing to learn from
        dense_ones = counted(int(labels.dense.sum()), "densely labelled instance")
        raise ImageError(
            f"Of {dense_ones} the images of {left} can be read. {unreadable[0]}",
            kept="Nothing was trained.",
            remedy=MOVED_IMAGES,
        )
    mirror = scheme.mirror if scheme.partners else None
    data = TrainingData(
        [patches[i] for i in readable], labels.shapes[readable], mirror, chosen.size
    )
    dense = np.flatnonzero(labels.dense[readable])
    sparse = np.flatnonzero(~labels.dense[readable])
    keys = [instances[i].key for i in readable]
    checkpoint = Checkpoint.of(folder, chosen, keys, scheme.landmarks)

    stages = Stages(chosen, progress)
    torch.manual_seed(chosen.seed)
    network = new_network(labels, chosen)
    # Where every image is labelled densely, the sparse branch learns from those.
    own, beside = (sparse, data.only(dense)) if len(sparse) else (dense, None)
    first = stages.sparse(network, data.only(own), checkpoint, beside)
    parts, held_out = [], list[int]()
    related = [instances[i].split_key for i in readable]
    for fold in fifths([related[i] for i in dense], chosen.seed)[: chosen.folds]:
        others = data.only(np.delete(dense, fold))
        localiser = Localiser(dense_stages(stages, first, others), mirror, chosen.size)
        left_out = [instances[i] for i in readable[dense[fold]]]
        parts.append(Unseen.observed(localiser, left_out, len(held_out), chosen.seed))
        held_out += readable[dense[fold]].tolist()
    unseen = Unseen.joined(parts)
    last = dense_stages(stages, first, data.only(dense))
    unseen_groups = numbered([instances[i].split_key for i in held_out])
    card = begun_card(scheme, chosen) | {
        "sparse": list(labels.sparse),
        "instances": {
            "training": len(readable),
            "dense": len(dense),
            "sparse": len(sparse),
            "held_out": len(held_out),
            "unreadable": unreadable,
        },
        "groups": {
            "all": len(set(related)),
            "held_out": len({instances[i].split_key for i in held_out}),
            # What stage 1 has learned from has been seen by every network.
            "apart": {related[i] for i in dense}.isdisjoint(related[i] for i in own),
        },
        "held_out_keys": [instances[i].key for i in held_out],
        "held_out_groups": unseen_groups.tolist(),
        "minutes": round((time.monotonic() - started) / 60, 2),
        "figures": error_figures(
            "held_out_error",
            unseen.found,
            unseen.truths,
            scheme,
            unseen_groups[unseen.instances],
            lengths_in_frames(
                [instances[i] for i in held_out], unseen.instances, unseen.truths, scheme
            ),
        ),
    }
    model = WeakModel(Localiser(last, mirror, chosen.size), unseen.residual(), unseen, card)
    save_model(folder, model)
    discard_checkpoint(folder)
    return card


def new_network(labels: Labels, settings: Settings) -> TwoBranchNetwork:
    mean = torch.from_numpy(labels.reference)
    network = TwoBranchNetwork(len(mean), labels.sparse, settings.size, settings.trunk, mean)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def dense_stages(stages: Stages, network: TwoBranchNetwork, data: TrainingData) -> TwoBranchNetwork:
    """Stages 2 and 3."""
    return stages.fine(stages.dense(network, data), data)


def fifths(groups: Sequence[str], seed: int) -> list[Ints]:
    """The numbers of the instances dealt into five parts, fewer where there are fewer groups:
    those of one group are in one part."""
    random = np.random.default_rng((seed, 4))
    if len(set(groups)) == len(groups):
        order = random.permutation(len(groups))
        return [np.sort(order[part::_FIFTHS]) for part in range(_FIFTHS)]
    fold = dealt(groups, _FIFTHS, random, FEWEST_DENSE // 2)
    return [np.flatnonzero(fold == part) for part in np.unique(fold)]
