"""From a text file that lists the names of landmarks to a scheme."""

from collections import Counter
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.text import NUMBER, read_text
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import SchemeError
from landmark_annotator.projects.vocabulary.listed_names import listed_names
from landmark_annotator.projects.vocabulary.sides import partners_by_name
from landmark_annotator.projects.vocabulary.wording import first_few

_KEPT = "Nothing was made."
_MOST_TOLD = 5


def lists_names(path: Path) -> bool:
    """Whether a text file may be such a list: one with rows of numbers is some table. Raises
    FormatError where it cannot be read."""
    rows = (line.replace(",", " ").split() for line in read_text(path).splitlines())
    return not any(len(row) > 1 and all(map(NUMBER.match, row)) for row in rows)


def scheme_of_names(path: Path) -> Scheme:
    """Called as the file is; landmarks whose names differ only in left and right are partners.

    Raises SchemeError where there is no name or one twice, FormatError where the file cannot be
    read.
    """
    names = listed_names(read_text(path))
    if not names:
        raise SchemeError(
            f"{path} lists no landmarks.",
            kept=_KEPT,
            remedy="Write their names into it, one on each line.",
        )
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise SchemeError(
            f"{path} lists more than once: {first_few(repeated, _MOST_TOLD)}.",
            kept=_KEPT,
            remedy="Give every landmark a name of its own.",
        )
    scheme = Scheme(path.stem, names, partners=partners_by_name(names))
    scheme.check_names()
    return scheme
