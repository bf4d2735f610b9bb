"""The networks that say which region each pixel belongs to, where the project has any."""

from functools import lru_cache
from pathlib import Path

from landmark_annotator.backends.learning.model_cards import CARD
from landmark_annotator.backends.parsers import load_parsers, parser_folders
from landmark_annotator.backends.registry import Segmenting
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import MissingPackage, WeightsMismatch


def segmenter(folder: Path, scheme: Scheme, region: str) -> Segmenting | None:
    """Trained in the project in this folder, else one that comes with the program; None where
    none knows the region. Slow the first time."""
    found = parser_folders(folder / "models", scheme)
    if not found:
        return None
    try:
        stamps = tuple((each / CARD).stat().st_mtime_ns for each in found.values())
        model = _loaded(tuple(found.items()), stamps, scheme)
    except (MissingPackage, WeightsMismatch):
        return None
    return model if region in model.regions() else None


@lru_cache(maxsize=2)
def _loaded(
    folders: tuple[tuple[str, Path], ...], _stamps: tuple[int, ...], scheme: Scheme
) -> Segmenting:
    return load_parsers(dict(folders), scheme)
