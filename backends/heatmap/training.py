"""Training: labelled instances in, a calibrated heat-map model in a folder out."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from landmark_annotator.backends.densities.calibrated_network import calibrated
from landmark_annotator.backends.densities.hidden_training import learn_hidden
from landmark_annotator.backends.densities.hidden_widening import widen_hidden
from landmark_annotator.backends.densities.proposer import DensityProposer
from landmark_annotator.backends.densities.second_round import filled
from landmark_annotator.backends.densities.training_set import FEWEST_INSTANCES, TrainingSet
from landmark_annotator.backends.heatmap.earlier import earlier_network, learned_marks
from landmark_annotator.backends.heatmap.model_files import FILES, load_model, save_model
from landmark_annotator.backends.heatmap.network_training import fit
from landmark_annotator.backends.heatmap.pretrained import learned_elsewhere, shapes_elsewhere
from landmark_annotator.backends.heatmap.refinement.training import FirstStage, learn_refinement
from landmark_annotator.backends.heatmap.self_training import taught_by
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.learning.checkpoints import Checkpoint, discard_checkpoint
from landmark_annotator.backends.learning.held_out import mean_error
from landmark_annotator.backends.learning.model_cards import read_card
from landmark_annotator.backends.learning.shared_training import is_first, of_the_first
from landmark_annotator.backends.learning.training_shapes import is_sparse
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.unlabelled_instance import UnlabelledInstance

FEWEST_FOR_SECOND_LOOK = 24
"""Below that a first network is waited for, and too few tell whether a second look helps."""


_UNLABELLED = "unlabelled"
"""Folder of the checkpoint of what is learned from unlabelled instances."""


def train(
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    folder: Path,
    settings: Mapping[str, Any],
    progress: Progress,
    *,
    unlabelled: Sequence[UnlabelledInstance] = (),
) -> Mapping[str, Any]:
    """Trains and calibrates, writes weights and card into the folder, returns the card.

    Of sparsely labelled instances it learns the landmarks that they have; and where most are
    sparse, in a second round, those that the first one filled. Of unlabelled instances it
    learns what it says of them itself, where that does no harm to held-out labels; the card says
    what they were worth.
    It goes on from the model that is in the folder, see `earlier_network`: what that has learned
    from is not held out.
    Interrupted, it raises Cancelled and leaves a checkpoint, from which the same call goes on as
    if nothing had happened. An older model in the folder stays until the new one is complete.
    Raises TooFewLabels.
    """
    chosen = Settings.of(settings)
    sparse = sum(map(is_sparse, instances))
    rounds = chosen.rounds or (2 if sparse > len(instances) / 2 else 1)
    # Filled instances can teach, but not tell how wrong a model is: that takes dense ones.
    if not sparse or len(instances) - sparse < FEWEST_INSTANCES:
        rounds = 1
    first = folder / "first"
    if rounds == 1:
        card = _round(instances, scheme, folder, chosen, progress, unlabelled=unlabelled)
    else:
        _round(instances, scheme, first, chosen, progress, refine=False)
        known = filled(DensityProposer(load_model(first, scheme)), instances, progress)
        card = _round(known, scheme, folder, chosen, progress, first, unlabelled=unlabelled)
    discard_checkpoint(folder)
    for finished in (first, folder / _UNLABELLED):
        shutil.rmtree(finished, ignore_errors=True)
    return card


def _round(
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    folder: Path,
    chosen: Settings,
    progress: Progress,
    start: Path | None = None,
    refine: bool = True,
    unlabelled: Sequence[UnlabelledInstance] = (),
) -> Mapping[str, Any]:
    """start: the folder of the model that filled the sparse instances. Its checkpoint stays.
    refine: whether a second look is learned where photographs show more than the first one."""
    earlier, begun = None, start
    if start is None:
        # Only the first of several processes has the folder, and all go on from its network.
        there = earlier_network(folder, instances, scheme, chosen) if is_first() else None
        earlier = of_the_first(there)
        begun = None if there is None else folder
    known = None if earlier is None else earlier.has_learned(instances)
    data = TrainingSet.read(instances, chosen, progress, learned=known)
    folder.mkdir(parents=True, exist_ok=True)
    learned = data.balanced if start is None else data.training
    keys = [instances[i].key for i in learned]
    checkpoint = Checkpoint.of(folder, chosen, keys, scheme.landmarks)
    patches, beside = data.patches_of(learned), data.patches_of(data.left_out)
    network, seconds = fit(patches, scheme, chosen, checkpoint, progress, begun, beside)
    elsewhere = shapes_elsewhere(chosen.trunk, scheme)
    first = calibrated(network, data, scheme, chosen, progress, elsewhere=elsewhere)
    worth = None
    if chosen.learns_unlabelled:
        own = folder / _UNLABELLED
        taught = taught_by(
            unlabelled, network, first, patches, data, scheme, chosen, own, progress, elsewhere
        )
        first, worth = taught.calibrated, taught.worth
        seconds += taught.seconds
    # In a short course too: how wide a density is says nothing of it in a network that is unsure of
    # most images that it has not learned from.
    seeing = first.inference.network
    hidden = learn_hidden(seeing, patches, beside, scheme, chosen.size, chosen.seed, progress)
    first = first.telling_hidden(hidden)
    second, figures, believed = None, dict[str, float](), first.believed
    refine = refine and chosen.second_look and not chosen.quick
    if refine and len(data.dense) + len(data.left_out) >= FEWEST_FOR_SECOND_LOOK:
        stage = FirstStage(first.inference, first.fused)
        pairs, others = data.boxed(data.dense), data.boxed(data.left_out)
        second = learn_refinement(stage, first.seen, pairs, others, scheme, chosen, progress)
    if second is not None:
        seconds += second.seconds
        truths, lengths = first.seen.truths, first.lengths(data, scheme)
        figures["held_out_error_first_look"] = mean_error(first.believed, truths, scheme, lengths)
        figures["held_out_error_second_look"] = mean_error(second.believed, truths, scheme, lengths)
        believed = first.believed if second.refinement is None else second.believed
    minutes = seconds / 60 + _minutes(start)
    card = first.card(data, scheme, chosen, len(learned), minutes, believed)
    card["earlier_instances"] = 0 if earlier is None else earlier.labels
    card["learned"] = learned_marks([instances[i] for i in learned], earlier)
    card["learned_elsewhere"] = learned_elsewhere(chosen.trunk, scheme)
    card["figures"] |= figures
    card["unlabelled"] = {"used": 0, "unreadable": 0} if worth is None else worth.card()
    refinement = None if second is None else second.refinement
    model = first.model(FILES.backend, card, refinement)
    widen_hidden(model, beside, chosen.seed, progress)
    save_model(folder, model)
    return card


def _minutes(start: Path | None) -> float:
    """That the round before took."""
    if start is None:
        return 0.0
    return float(read_card(start)["minutes"])
