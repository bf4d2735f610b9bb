"""Training: labelled instances in, a calibrated coarse-to-fine model in a folder out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from landmark_annotator.backends.cropnet.model_files import FILES
from landmark_annotator.backends.cropnet.network_training import fit
from landmark_annotator.backends.cropnet.settings import Settings
from landmark_annotator.backends.densities.calibrated_network import calibrated
from landmark_annotator.backends.densities.training_set import TrainingSet
from landmark_annotator.backends.learning.checkpoints import Checkpoint, discard_checkpoint
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme


def train(
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    folder: Path,
    settings: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    """Trains and calibrates, writes weights and card into the folder, returns the card.

    Interrupted, it raises Cancelled and leaves a checkpoint, from which the same call goes on as
    if nothing had happened. An older model in the folder stays until the new one is complete.
    Raises TooFewLabels.
    """
    chosen = Settings.of(settings)
    data = TrainingSet.read(instances, chosen, progress)
    folder.mkdir(parents=True, exist_ok=True)
    learned = data.balanced
    keys = [instances[i].key for i in learned]
    checkpoint = Checkpoint.of(folder, chosen, keys, scheme.landmarks)
    patches, beside = data.patches_of(learned), data.patches_of(data.left_out)
    network, seconds = fit(patches, scheme, chosen, checkpoint, progress, beside)
    whole = calibrated(network, data, scheme, chosen, progress, infer=FILES.infer)
    card = whole.card(data, scheme, chosen, len(learned), seconds / 60)
    FILES.save(folder, whole.model(FILES.files.backend, card))
    discard_checkpoint(folder)
    return card
