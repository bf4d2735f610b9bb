"""The network that says which region each pixel belongs to, where the project has one."""

from functools import lru_cache
from pathlib import Path

from landmark_annotator.backends.learning.model_cards import CARD
from landmark_annotator.backends.parsers import load_parser, parser_folder
from landmark_annotator.backends.registry import Segmenting
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import MissingPackage, WeightsMismatch


def segmenter(folder: Path, scheme: Scheme, region: str) -> Segmenting | None:
    """Trained in the project in this folder, else one that comes with the program; None where
    neither knows the region. Slow the first time."""
    found = parser_folder(folder / "models", scheme)
    if found is None:
        return None
    try:
        model = _loaded(found, (found / CARD).stat().st_mtime_ns, scheme)
    except (MissingPackage, WeightsMismatch):
        return None
    return model if region in model.regions() else None


@lru_cache(maxsize=2)
def _loaded(folder: Path, _stamp: int, scheme: Scheme) -> Segmenting:
    return load_parser(folder, scheme)
