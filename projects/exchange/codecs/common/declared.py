"""The landmarks that a label file declares, which a project may begin with."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError, SchemeError
from landmark_annotator.projects.vocabulary.sides import partners_by_name

Pairs = Sequence[Sequence[int]]


def declared(source: Path, name: Any, landmarks: Sequence[Any], edges: Pairs = ()) -> Scheme:
    """edges: pairs of places among the landmarks; what are none are left out. Landmarks whose
    names differ only in left and right are partners.

    The name is that of the file where the file gives none. Raises FormatError where these are no
    landmarks of a scheme.
    """
    names = tuple(str(each) for each in landmarks)
    if not names:
        raise FormatError(
            f"{source} names no landmarks that a project could have.",
            remedy="Write a scheme file, or name them by hand: a new project asks for them.",
        )
    size = len(names)
    sound = {
        (min(pair), max(pair))
        for pair in map(tuple, edges)
        if len(pair) == 2
        and pair[0] != pair[1]
        and all(isinstance(end, int) and 0 <= end < size for end in pair)
    }
    called = name.strip() if isinstance(name, str) and name.strip() else source.stem
    try:
        scheme = Scheme(called, names, tuple(sorted(sound)), partners_by_name(names))
        scheme.check_names()
    except SchemeError as error:
        raise FormatError(
            f"The landmarks that {source} names make no scheme: {error.happened}",
            remedy="Write a scheme file with names of their own.",
        ) from error
    return scheme
