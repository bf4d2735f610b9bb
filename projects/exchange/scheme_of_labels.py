"""From a scheme file, or a label file of another program, to the scheme of a new project."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from landmark_annotator.projects.exchange.registry import formats, sniff
from landmark_annotator.projects.exchange.scheme_of_names import lists_names, scheme_of_names
from landmark_annotator.projects.exchange.scheme_of_template import scheme_of_template, template_of
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arguments import told
from landmark_annotator.projects.vocabulary.errors import FormatError, SchemeError

_SCHEME_FILES = (".toml", ".json")
_WHAT_NAMES = "Write a scheme file (.toml), or a text file (.txt) with one name on each line."


@runtime_checkable
class _Declaring(Protocol):
    """A format whose files name their landmarks."""

    def landmarks(self, source: Path) -> Scheme:
        """Raises FormatError where they are none of a scheme."""
        ...


@told
def scheme_of_labels(source: Path | str) -> Scheme:
    """The landmarks of a label file in their order, with the lines between them where it has such.

    Landmarks whose names differ only in left and right are partners. Raises FormatError where it
    is no label file, or of a format of which no scheme is made.
    """
    source = Path(source)
    try:
        card = sniff(source)
    except FormatError as error:
        if not source.is_file():
            raise
        raise FormatError(
            f"{source} is no label file of a known kind, and no scheme file.", remedy=_WHAT_NAMES
        ) from error
    reader = card.reader()
    if not isinstance(reader, _Declaring):
        raise FormatError(
            f"{source} is in the format {card.name}, of which no scheme is made.",
            remedy=_WHAT_NAMES
            + (" WebMorph's templates (.json) have names too." if card.name == "tem" else ""),
        )
    return reader.landmarks(source)


@told
def scheme_from(path: Path | str) -> Scheme:
    """Of a scheme file, of a label file, of a template of WebMorph, or of a text file (.txt) that
    lists names of landmarks.

    Raises SchemeError, FormatError.
    """
    path = Path(path)
    if path.suffix.lower() == ".txt" and path.is_file():
        known = any(card.reader().sniff(path) for card in formats())
        return scheme_of_names(path) if not known and lists_names(path) else scheme_of_labels(path)
    if path.suffix.lower() not in _SCHEME_FILES:
        return scheme_of_labels(path)
    try:
        return Scheme.load(path)
    except SchemeError as error:
        # Templates and COCO's files end like those of schemes.
        template = _template_of(path)
        if template is not None:
            return scheme_of_template(path, template)
        try:
            sniff(path)
        except FormatError:
            raise error from None
        return scheme_of_labels(path)


def _template_of(path: Path) -> Mapping[str, Any] | None:
    try:
        return template_of(path)
    except FormatError:  # it could not be read as a scheme either, which says why
        return None
