"""Training: labelled instances in, others beside them, a calibrated model in a folder out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from landmark_annotator.backends.densities.calibrated_network import calibrated
from landmark_annotator.backends.densities.training_set import TrainingSet
from landmark_annotator.backends.densities.unlabelled import unrelated
from landmark_annotator.backends.laplace.model_files import FILES
from landmark_annotator.backends.laplace.network import LaplaceNetwork
from landmark_annotator.backends.laplace.network_training import fit
from landmark_annotator.backends.laplace.settings import Settings
from landmark_annotator.backends.laplace.training_data import LaplaceData, drawn, read_unlabelled
from landmark_annotator.backends.learning.checkpoints import Checkpoint, discard_checkpoint
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.unlabelled_instance import UnlabelledInstance
from landmark_annotator.projects.vocabulary.wording import counted


def train(
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    folder: Path,
    settings: Mapping[str, Any],
    progress: Progress,
    unlabelled: Sequence[UnlabelledInstance] = (),
) -> Mapping[str, Any]:
    """Trains and calibrates, writes weights and card into the folder, returns the card.

    unlabelled: learned from where the settings give the adversary a weight. Interrupted, it raises
    Cancelled and leaves a checkpoint, from which the same call goes on as if nothing had happened.
    An older model in the folder stays until the new one is complete. Raises TooFewLabels.
    """
    chosen = Settings.of(settings)
    data = TrainingSet.read(instances, chosen, progress)
    beside = drawn(unrelated(unlabelled, data), chosen)
    crops, unreadable = read_unlabelled(beside, chosen.size, progress)
    folder.mkdir(parents=True, exist_ok=True)
    learned = data.balanced
    keys = [*(instances[i].key for i in learned), *(each.key for each in beside)]
    checkpoint = Checkpoint.of(folder, chosen, keys, scheme.landmarks)
    patches, held_out = data.patches_of(learned), data.patches_of(data.left_out)
    own = LaplaceData(patches, scheme, chosen, LaplaceNetwork.stride, crops)
    network, seconds = fit(own, chosen, checkpoint, progress, held_out)
    found = calibrated(network, data, scheme, chosen, progress)
    card = found.card(data, scheme, chosen, len(learned), seconds / 60)
    card["unlabelled"] = {"used": len(crops), "unreadable": unreadable}
    if unlabelled:
        card["unlabelled"]["sentence"] = _said(len(unlabelled), len(crops), chosen)
    FILES.save(folder, found.model(FILES.files.backend, card))
    discard_checkpoint(folder)
    return card


def _said(count: int, used: int, settings: Settings) -> str:
    """Of so many unlabelled instances, for people."""
    if used:
        return (
            f"{used:,} of {counted(count, 'unlabelled object')}: learned from against a "
            "discriminator; what they were worth is not measured."
        )
    if not settings.learns_unlabelled:
        why = "that is switched off" if settings.adversarial else "adversarial has no weight"
    else:
        why = "they cannot be read, or are related to images held out"
    return f"{counted(count, 'unlabelled object')}: not used: {why}."
