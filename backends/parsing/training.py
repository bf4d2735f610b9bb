"""Training: instances with masks in, a parsing network in a folder out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.learning.device import reduced_precision
from landmark_annotator.backends.learning.model_cards import read_card
from landmark_annotator.backends.learning.model_files import network_state
from landmark_annotator.backends.learning.training_loop import adamw
from landmark_annotator.backends.parsers import PARSING, MaskedInstance
from landmark_annotator.backends.parsing.network import ParsingNetwork
from landmark_annotator.backends.parsing.parser import FILES, begun
from landmark_annotator.backends.parsing.settings import TITLE, Settings
from landmark_annotator.backends.segmentation.losses import lost_overlap, surprise
from landmark_annotator.backends.segmentation.network_training import told
from landmark_annotator.backends.segmentation.training import Learner
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_OVERLAP = 0.5
"""Weight of the overlap of each region beside the surprise of each pixel: small parts count too."""


def train(
    instances: Sequence[MaskedInstance],
    scheme: Scheme,
    folder: Path,
    settings: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    """As `Learner.train`. The regions are those of the scheme of which anybody drew a mask."""
    chosen = Settings.of(settings)
    drawn = {name for each in instances for name, mask in each.masks.items() if mask}
    names = tuple(region.name for region in scheme.regions if region.name in drawn)

    def started() -> ParsingNetwork:
        network = new_network(len(names), chosen)
        start_from(network, names, chosen, scheme)
        return network

    learner = Learner(TITLE, FILES, chosen, started, loss, adamw, backgrounds=True)
    return learner.train(instances, names, scheme, folder, progress)


def new_network(regions: int, settings: Settings) -> ParsingNetwork:
    torch.manual_seed(settings.seed)
    return begun(regions, asdict(settings))


def loss(network: ParsingNetwork, batch: Batch) -> Tensor:
    """The surprise of the labels, and what is missing of each region's overlap with its own."""
    crops, labels, hints, _, unsaid = told(network, batch)
    with reduced_precision(crops.device):
        surprises = -network(crops, hints).log_softmax(dim=1)
    missed = surprise(surprises, labels, unsaid)
    return missed + _OVERLAP * lost_overlap(surprises, labels, unsaid)


def start_from(
    network: ParsingNetwork, names: Sequence[str], settings: Settings, scheme: Scheme
) -> None:
    """Takes over the weights of the settings' trunk where they are for the same network, or for one
    whose blocks are narrower inside: those of its hints and labels only where these are the
    same."""
    shipped = PARSING.shipped(scheme)
    folder = shipped if settings.trunk == "shipped" else Path(settings.trunk)
    if settings.trunk == "none" or folder is None:
        return
    # A scheme of that name may have other landmarks by now, which are one plane however many.
    came = settings.trunk == "shipped"
    made_for = Scheme.from_dict(read_card(folder)["scheme"]) if came else scheme
    card, tensors = FILES.read(folder, made_for)
    tensors = network_state(tensors)
    same = tuple(card["regions"]) == tuple(names)
    grown = card["settings"]["features"] == settings.features
    own = network.state_dict()
    for name, value in tensors.items():
        if name in own and (same or not name.startswith(("told", "logits"))):
            if own[name].shape == value.shape:
                own[name] = value
            elif grown:
                _widen(own[name], value, name)
    network.load_state_dict(own)


def _widen(own: Tensor, narrower: Tensor, name: str) -> None:
    """Writes a part of a block into that of a block that is wider inside: what it has more of adds
    nothing at first, so that both say the same (Net2Net, Chen et al., ICLR 2016)."""
    if all(mine >= its for mine, its in zip(own.shape, narrower.shape, strict=True)):
        if name.endswith(".narrow.0.weight"):
            own.zero_()
        own[tuple(slice(size) for size in narrower.shape)] = narrower
