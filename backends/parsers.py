"""Networks that say which region each pixel belongs to: their card, and the way to them. Importing
this imports no torch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from landmark_annotator.backends.borders.border_statistics import Borders
from landmark_annotator.backends.learning.model_cards import CARD, has_card, read_card
from landmark_annotator.backends.registry import Backend, Segmenting
from landmark_annotator.projects.vocabulary import LabelledInstance, Mask, Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError

FEWEST_MASKED = 12
"""Instances with masks from which on a parsing network learns."""


@dataclass(frozen=True)
class MaskedInstance:
    """masks: of its regions by their names, an empty one where a region is not to be seen. Of those
    that are not among them nobody has said where they are."""

    instance: LabelledInstance
    masks: Mapping[str, Mask]


TrainParser = Callable[
    [Sequence[MaskedInstance], Scheme, Path, Mapping[str, Any], Progress], Mapping[str, Any]
]
"""(instances, scheme, model folder, settings, progress) to the card that was written."""

PARSING = Backend(
    name="parsing",
    title="parsing network",
    needs=("torch", "safetensors"),
    citation="Chapter 7 of the thesis Deep face analysis: face parsing for mobile AR applications.",
    module="landmark_annotator.backends.parsing",
    from_nothing={"trunk": "none"},
)
"""Beside the backends that propose shapes: it says what is around them."""

HAIR = Backend(
    name="hair",
    title="hair network",
    needs=("torch", "safetensors"),
    citation="Chapter 6 of the thesis Deep face analysis: two-stage human hair segmentation in the "
    "wild.",
    module="landmark_annotator.backends.hair",
)
"""Of one region, about which its word stands before that of the parsing network."""

PARSERS = (PARSING, HAIR)


def parser_folder(models: Path, scheme: Scheme) -> Path | None:
    """Of the parsing network that was trained among a project's models, else of the one that comes
    with the program for the scheme; None without any."""
    trained = models / PARSING.name
    return trained if has_card(trained) else PARSING.shipped(scheme)


def parser_folders(models: Path, scheme: Scheme) -> dict[str, Path]:
    """Of the networks that segment for a project, by the names of their backends."""
    folders = {PARSING.name: parser_folder(models, scheme), HAIR.name: models / HAIR.name}
    return {name: each for name, each in folders.items() if each is not None and has_card(each)}


def known_borders(models: Path, scheme: Scheme) -> Borders | None:
    """What that network's training has learned of borders beside landmarks; None where it has not.
    Loads no network."""
    folder = parser_folder(models, scheme)
    if folder is None:
        return None
    learned, borders = _borders(folder, (folder / CARD).stat().st_mtime_ns)
    if learned is None or not scheme.is_known_as(learned.landmarks, learned.version):
        return None
    return borders


@lru_cache(maxsize=4)
def _borders(folder: Path, _stamp: int) -> tuple[Scheme | None, Borders | None]:
    """With the scheme beside whose landmarks they are."""
    try:
        card = read_card(folder)
        learned = Scheme.from_dict(card["scheme"])
        if not card["borders"]:
            return learned, None
        return learned, Borders.read(learned, card["regions"], card["borders"])
    except (ActionableError, OSError, ValueError, KeyError, TypeError):
        return None, None


def load_parser(
    folder: Path, scheme: Scheme, device: str = "cpu", backend: Backend = PARSING
) -> Segmenting:
    """Raises MissingPackage, or WeightsMismatch where the weights do not fit the scheme."""
    return cast(Segmenting, backend.imported().load(folder, scheme, device))


def load_parsers(folders: Mapping[str, Path], scheme: Scheme, device: str = "cpu") -> Segmenting:
    """Of one or more folders, by the names of their backends, as one model. Raises as
    `load_parser`."""
    found = [
        load_parser(folders[each.name], scheme, device, each)
        for each in PARSERS
        if each.name in folders
    ]
    if len(found) == 1:
        return found[0]
    from landmark_annotator.backends.segmentation.together import Together

    return Together(*found)


def train_parser(backend: Backend = PARSING) -> TrainParser:
    """Raises MissingPackage."""
    return cast(TrainParser, backend.imported().train)
