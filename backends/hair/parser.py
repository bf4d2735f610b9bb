"""A trained hair network, read from its folder."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from landmark_annotator.backends.hair.network import HairNetwork
from landmark_annotator.backends.learning.blocks import fast_copy
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.model_files import ModelFiles
from landmark_annotator.backends.segmentation.parser import Parser, read_parser
from landmark_annotator.projects.vocabulary.scheme import Scheme

FILES = ModelFiles("hair", 1)


def load(folder: Path, scheme: Scheme, device: str = "cpu") -> Parser:
    """For proposing: in reduced precision. Raises WeightsMismatch where the files are damaged or
    made for another scheme."""
    where = device_named(device)
    exact = read(folder, scheme)
    return replace(exact, network=fast_copy(exact.network).to(where))


def read(folder: Path, scheme: Scheme) -> Parser:
    """As it was trained."""
    return read_parser(FILES, folder, scheme, lambda _, settings: begun(settings))


def parameters(folder: Path, scheme: Scheme) -> int:
    """How many numbers the network has learned."""
    return read(folder, scheme).parameters


def begun(settings: Mapping[str, Any]) -> HairNetwork:
    """As chance has it. settings: as on a card."""
    return HairNetwork(settings["features"], settings["prior"], settings["refine"])
