"""A trained parsing network, read from its folder."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.model_files import ModelFiles
from landmark_annotator.backends.parsing.network import ParsingNetwork, folded
from landmark_annotator.backends.segmentation.hints import hint_count
from landmark_annotator.backends.segmentation.parser import Parser, read_parser
from landmark_annotator.projects.vocabulary.scheme import Scheme

FILES = ModelFiles("parsing", 1)
_DENSE = 4
"""Dense layers of networks whose cards do not say how many."""


def load(folder: Path, scheme: Scheme, device: str = "cpu") -> Parser:
    """For proposing: in reduced precision. Raises WeightsMismatch where the files are damaged or
    made for another scheme."""
    where = device_named(device)
    exact = read(folder, scheme)
    assert isinstance(exact.network, ParsingNetwork)
    return replace(exact, network=folded(exact.network).to(where))


def read(folder: Path, scheme: Scheme) -> Parser:
    """As it was trained."""
    return read_parser(FILES, folder, scheme, begun)


def begun(regions: int, settings: Mapping[str, Any]) -> ParsingNetwork:
    """As chance has it. settings: as on a card."""
    hints, dense = hint_count(regions), settings.get("dense", _DENSE)
    return ParsingNetwork(regions, hints, settings["features"], settings["expansion"], dense)


def parameters(folder: Path, scheme: Scheme) -> int:
    """How many numbers the network has learned."""
    return read(folder, scheme).parameters
