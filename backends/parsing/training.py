"""Training: instances with masks in, a parsing network in a folder out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.backends.borders.border_statistics import learned_borders
from landmark_annotator.backends.learning.checkpoints import Checkpoint, discard_checkpoint
from landmark_annotator.backends.learning.folds import numbered
from landmark_annotator.backends.learning.model_cards import begun_card, read_card
from landmark_annotator.backends.learning.model_files import network_state
from landmark_annotator.backends.learning.patches import read_all
from landmark_annotator.backends.learning.training_shapes import kept_out
from landmark_annotator.backends.metrics.regions import RegionCounts
from landmark_annotator.backends.parsers import FEWEST_MASKED, PARSING, MaskedInstance
from landmark_annotator.backends.parsing.augmentation import contour_lines
from landmark_annotator.backends.parsing.examples import MARGINS, PATCH_BOX, Example, crop_labels
from landmark_annotator.backends.parsing.hints import UNSAID
from landmark_annotator.backends.parsing.network import ParsingNetwork
from landmark_annotator.backends.parsing.network_training import TrainingData, fit, new_network
from landmark_annotator.backends.parsing.parser import FILES, Parser
from landmark_annotator.backends.parsing.settings import Settings
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import TooFewLabels
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme


def train(
    instances: Sequence[MaskedInstance],
    scheme: Scheme,
    folder: Path,
    settings: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    """Trains, measures what was held out, writes weights and card into the folder, returns the
    card.

    The regions are those of the scheme of which anybody drew a mask. Interrupted, it raises
    Cancelled and leaves a checkpoint. Raises TooFewLabels.
    """
    chosen = Settings.of(settings)
    drawn = {name for each in instances for name, mask in each.masks.items() if mask}
    names = tuple(region.name for region in scheme.regions if region.name in drawn)
    if len(instances) < FEWEST_MASKED or not names:
        raise TooFewLabels(
            f"The parsing network learns from at least {FEWEST_MASKED} objects with masks; there "
            f"are {len(instances)}.",
            kept="Until then masks are drawn by hand.",
            remedy="Draw more, then train again.",
        )
    examples, unreadable = read_examples(instances, names, progress)
    held_out = _held_out(instances, chosen)
    training = [i for i in examples if i not in held_out]
    folder.mkdir(parents=True, exist_ok=True)
    data = TrainingData([examples[i] for i in training], scheme, names, chosen)
    checkpoint = Checkpoint.of(folder, chosen, [instances[i].instance.key for i in training])
    network = new_network(len(names), chosen)
    start_from(network, names, chosen, scheme)
    judged = [examples[i] for i in sorted(held_out & set(examples))]
    network, seconds = fit(data, network, checkpoint, progress, judged)
    parser = Parser(network.eval(), names, chosen.size, contour_lines(scheme))
    overlaps = region_overlaps(parser, judged)
    seen = [instances[i] for i in training]
    borders = learned_borders(
        ((each.instance.shape, each.instance.box, each.masks) for each in seen), scheme, names
    )
    card = begun_card(scheme, chosen) | {
        "regions": list(names),
        "borders": borders.lines(),
        "epochs": data.epochs,
        "instances": {
            "training": len(training),
            "held_out": len(judged),
            "unreadable": unreadable,
        },
        "held_out_keys": [instances[i].instance.key for i in sorted(held_out)],
        "minutes": round(seconds / 60, 2),
        "figures": {
            "held_out_overlap": round(100 * float(np.mean(list(overlaps.values()) or [0.0])), 2),
            "held_out_overlaps": {name: round(100 * each, 2) for name, each in overlaps.items()},
        },
    }
    FILES.write(folder, network.state_dict(), {}, card)
    discard_checkpoint(folder)
    return card


def read_examples(
    instances: Sequence[MaskedInstance], names: Sequence[str], progress: Progress
) -> tuple[dict[int, Example], list[str]]:
    """By the index of their instance, without those whose image cannot be read; and why. Raises
    Cancelled."""

    def cut(index: int, pixels: Pixels) -> Example:
        each = instances[index]
        points = each.instance.shape.points
        return Example.cut(pixels, each.instance.box, points, each.masks, names)

    return read_all([each.instance for each in instances], cut, progress)


def start_from(
    network: ParsingNetwork, names: Sequence[str], settings: Settings, scheme: Scheme
) -> None:
    """Takes over the weights of the settings' trunk where they are for the same network: those of
    its hints and labels only where these are the same."""
    shipped = PARSING.shipped(scheme)
    folder = shipped if settings.trunk == "shipped" else Path(settings.trunk)
    if settings.trunk == "none" or folder is None:
        return
    tensors = network_state(FILES.read(folder, scheme)[1])
    same = tuple(read_card(folder)["regions"]) == tuple(names)
    own = network.state_dict()
    for name, value in tensors.items():
        fits = name in own and own[name].shape == value.shape
        if fits and (same or not name.startswith(("told", "logits"))):
            own[name] = value
    network.load_state_dict(own)


def region_overlaps(parser: Parser, examples: Sequence[Example]) -> dict[str, float]:
    """Intersection over union of each region that is there, over all examples, without hints."""
    counts = RegionCounts(len(parser.names) + 1)
    nowhere = np.zeros((0, 2))
    for example in examples:
        found = parser.likely(example.pixels, PATCH_BOX, nowhere, {}).argmax(axis=0)
        truth = crop_labels(example.labels, PATCH_BOX, len(found), MARGINS[-1])
        told = example.unsaid == 0
        counts.add(found, truth, (truth != UNSAID) & (told[found] | (truth > 0)))
    return counts.overlaps(parser.names)


def _held_out(instances: Sequence[MaskedInstance], settings: Settings) -> set[int]:
    """Whole groups, unless all are of one."""
    keys = [each.instance.split_key for each in instances]
    if len(set(keys)) == 1:
        keys = [each.instance.key for each in instances]
    out = kept_out(keys, numbered(keys), np.ones(len(keys), bool), settings.held_out, settings.seed)
    return set(np.flatnonzero(out).tolist())
