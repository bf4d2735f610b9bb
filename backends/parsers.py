"""Networks that say which region each pixel belongs to: their card, and the way to them. Importing
this imports no torch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from landmark_annotator.backends.registry import Backend, Segmenting
from landmark_annotator.projects.vocabulary import LabelledInstance, Mask, Progress, Scheme

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


def load_parser(folder: Path, scheme: Scheme, device: str = "cpu") -> Segmenting:
    """Raises MissingPackage, or WeightsMismatch where the weights do not fit the scheme."""
    return cast(Segmenting, PARSING.imported().load(folder, scheme, device))


def train_parser() -> TrainParser:
    """Raises MissingPackage."""
    return cast(TrainParser, PARSING.imported().train)
