"""From a label file of another program to the scheme of a project that takes it over."""

from pathlib import Path
from typing import Protocol, runtime_checkable

from landmark_annotator.projects.exchange.registry import sniff
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError, SchemeError

_SCHEME_FILES = (".toml", ".json")


@runtime_checkable
class _Declaring(Protocol):
    """A format whose files name their landmarks."""

    def landmarks(self, source: Path) -> Scheme:
        """Raises FormatError where they are none of a scheme."""
        ...


def scheme_of_labels(source: Path) -> Scheme:
    """The landmarks of a label file in their order, with the lines between them where it has such.

    Landmarks whose names differ only in left and right are partners. Raises FormatError where it
    is no label file, or its format names no landmarks.
    """
    card = sniff(source)
    reader = card.reader()
    if not isinstance(reader, _Declaring):
        raise FormatError(
            f"{source} is in the format {card.name}, which does not name its landmarks.",
            remedy="Write a scheme file, or type their names in the wizard for new projects.",
        )
    return reader.landmarks(source)


def scheme_from(path: Path) -> Scheme:
    """Of a scheme file or of a label file. Raises SchemeError, FormatError."""
    if path.suffix.lower() not in _SCHEME_FILES:
        return scheme_of_labels(path)
    try:
        return Scheme.load(path)
    except SchemeError as error:
        # COCO's files end like those of schemes.
        try:
            return scheme_of_labels(path)
        except FormatError:
            raise error from None
