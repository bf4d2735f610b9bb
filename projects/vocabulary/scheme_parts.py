"""What a scheme is made of, as a script may give it: lists, arrays and numpy's numbers too."""

from collections.abc import Iterable
from operator import index
from typing import Any

from landmark_annotator.projects.vocabulary.arrays import whole
from landmark_annotator.projects.vocabulary.errors import SchemeError


def make_tuples(scheme: Any) -> None:
    """Of the parts of a scheme that is being made, so that it equals what comes back from a file.
    Raises SchemeError."""
    name, parts = scheme.name, vars(scheme)
    for part in ("name", "title"):
        if not isinstance(parts[part], str):
            raise SchemeError(f"The {part} of a scheme is a text, not {parts[part]!a:.40}.")
    made: dict[str, object] = {"landmarks": names_in_order(name, parts["landmarks"])}
    made["version"] = whole(parts["version"], "The version of a scheme")
    made["colours"] = tuple((index(landmark), colour) for landmark, colour in parts["colours"])
    made |= {part: tuple(parts[part]) for part in ("curves", "regions")}
    made |= {part: pairs_of(name, parts[part]) for part in ("edges", "partners")}
    given = (part for part in ("normaliser", "heading") if parts[part] is not None)
    made |= {part: pair_of(name, parts[part]) for part in given}
    for part, value in made.items():
        object.__setattr__(scheme, part, value)


def names_in_order(scheme: str, given: Any) -> tuple[str, ...]:
    """The landmarks. Raises SchemeError for one text, which would be a landmark a letter, and for
    names that are no text."""
    names = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else ()
    if (not names and given != ()) or not all(isinstance(name, str) for name in names):
        raise SchemeError(
            f"Scheme {scheme}: {given!r} is no list of the names of landmarks.",
            remedy='Give their names in order, such as ["nose", "chin"].',
        )
    return tuple(map(str, names))


def pair_of(scheme: str, given: Any) -> tuple[int, ...]:
    """The numbers of landmarks. Raises SchemeError where they are none."""
    try:
        return tuple(map(index, given))
    except TypeError:
        raise SchemeError(
            f"Scheme {scheme}: {given!r} is not a pair of two landmarks.",
            remedy="Give the numbers of both, from 0, such as (0, 1); of names "
            "Scheme.from_dict makes them.",
        ) from None


def pairs_of(scheme: str, given: Any) -> tuple[tuple[int, ...], ...]:
    """As `pair_of`, of each. Raises SchemeError where these are no pairs."""
    if not isinstance(given, Iterable):
        pair_of(scheme, given)
    return tuple(pair_of(scheme, pair) for pair in given)
