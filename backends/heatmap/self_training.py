"""Going on from what labels have taught with what the network itself says of unlabelled images."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.calibrated_network import CalibratedNetwork, calibrated
from landmark_annotator.backends.densities.proposer import DensityProposer
from landmark_annotator.backends.densities.training_set import TrainingSet
from landmark_annotator.backends.densities.unlabelled import (
    FEWEST,
    Worth,
    beside_labels,
    judged,
    pseudo_labels,
    refused,
    to_learn_from,
)
from landmark_annotator.backends.heatmap.model_files import FILES
from landmark_annotator.backends.heatmap.network import HeatmapNetwork
from landmark_annotator.backends.heatmap.network_training import fit_further
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.unlabelled_instance import UnlabelledInstance

_TITLES = {
    "labels": "learning further from labels alone, to compare",
    "unlabelled": "learning from unlabelled images",
}
"""Of what follows the training from labels, by the folder of its checkpoint."""


@dataclass(frozen=True, eq=False)
class Taught:
    """What came of it: the network that held-out labels prefer, of that without unlabelled images,
    the same after more of the labels, and that with them. worth: None where there were none to
    speak of. seconds: that were spent."""

    calibrated: CalibratedNetwork
    worth: Worth | None = None
    seconds: float = 0.0


def taught_by(
    unlabelled: Sequence[UnlabelledInstance],
    network: HeatmapNetwork,
    before: CalibratedNetwork,
    labelled: Sequence[Patch],
    data: TrainingSet,
    scheme: Scheme,
    settings: Settings,
    folder: Path,
    progress: Progress,
    elsewhere: ShapeMixture | None = None,
) -> Taught:
    """network: that has learned from the labelled patches, which is `before` once it is calibrated
    on the data. folder: of the checkpoint. elsewhere: as of `calibrated`. Raises Cancelled."""
    if not unlabelled:
        return Taught(before)
    chosen = to_learn_from(unlabelled, data)
    if not chosen:
        return Taught(before, refused("too few beside the labels", len(unlabelled), before, scheme))
    propose = DensityProposer(before.model(FILES.backend, {})).propose
    answers, unreadable = pseudo_labels(
        propose, chosen, data.shapes.reference, settings.size, progress
    )
    if len(answers) < FEWEST:
        unsure = "hardly any answer for them is sure enough"
        return Taught(before, refused(unsure, len(chosen), before, scheme, unreadable))
    keys = [*(each.key for each in data.instances), *(each.key for each in chosen)]
    found, seconds = list[CalibratedNetwork](), 0.0
    for name, patches in zip(_TITLES, beside_labels(labelled, answers)[::-1], strict=True):
        own = folder / name
        own.mkdir(parents=True, exist_ok=True)
        checkpoint = Checkpoint.of(own, settings, keys, scheme.landmarks)
        further, spent = fit_further(
            network, patches, scheme, settings, checkpoint, progress, _TITLES[name]
        )
        found.append(calibrated(further, data, scheme, settings, progress, elsewhere=elsewhere))
        seconds += spent
    twin, student = found
    worth = Worth(len(answers), *judged(before, twin, student, scheme), unreadable)
    kept = student if worth.used else twin if worth.longer_is_better else before
    return Taught(kept, worth, seconds)
