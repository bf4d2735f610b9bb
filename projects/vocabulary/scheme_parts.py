"""What a scheme is made of, as a script may give it, lists, arrays and numpy's numbers too; and
whether its contours and definitions make sense."""

import re
from collections.abc import Iterable, Sequence
from operator import index
from typing import Any

from landmark_annotator.projects.vocabulary.arrays import whole
from landmark_annotator.projects.vocabulary.curve import Curve
from landmark_annotator.projects.vocabulary.errors import SchemeError

MOST_LETTERS = 1000
"""Of a definition."""
_NO_LINE = re.compile("[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")


def make_tuples(scheme: Any) -> None:
    """Of the parts of a scheme that is being made, so that it equals what comes back from a file.
    Raises SchemeError."""
    name, parts = scheme.name, vars(scheme)
    for part in ("name", "title"):
        if not isinstance(parts[part], str):
            raise SchemeError(f"The {part} of a scheme is a text, not {parts[part]!a:.40}.")
    made: dict[str, object] = {"landmarks": names_in_order(name, parts["landmarks"])}
    made["version"] = whole(parts["version"], "The version of a scheme")
    for part in ("colours", "definitions"):
        made[part] = tuple((index(landmark), text) for landmark, text in parts[part])
    made |= {part: tuple(parts[part]) for part in ("curves", "regions")}
    made |= {part: pairs_of(name, parts[part]) for part in ("edges", "partners")}
    given = (part for part in ("normaliser", "heading") if parts[part] is not None)
    made |= {part: pair_of(name, parts[part]) for part in given}
    for part, value in made.items():
        object.__setattr__(scheme, part, value)


def check_curves(scheme: str, curves: Sequence[Curve], size: int) -> None:
    """Of a scheme of so many landmarks. Raises SchemeError where one makes no sense."""
    names = [curve.name for curve in curves]
    for curve in curves:
        through = curve.landmarks
        fewest = 3 if curve.closed else 2
        if not all(0 <= i < size for i in through) or len(set(through)) != len(through):
            raise SchemeError(
                f'Scheme {scheme}: curve "{curve.name}" goes through landmarks that are not '
                f"there, or through one twice: {list(through)}.",
                remedy="A closed curve is marked as closed; its first landmark is not repeated.",
            )
        if len(through) < fewest:
            raise SchemeError(
                f'Scheme {scheme}: curve "{curve.name}" needs {fewest} landmarks or more.'
            )
        if not curve.name or names.count(curve.name) > 1:
            raise SchemeError(
                f'Scheme {scheme}: "{curve.name}" is no name for a curve, or one used twice.',
                remedy="Give every curve a name of its own.",
            )


def check_definitions(scheme: str, given: Iterable[tuple[int, str]], size: int) -> None:
    """Of a scheme of so many landmarks. Raises SchemeError where one is no line of text, or of no
    landmark."""
    for landmark, text in given:
        sound = isinstance(text, str) and bool(text.strip()) and len(text) <= MOST_LETTERS
        if not 0 <= landmark < size or not sound or _NO_LINE.search(text):
            raise SchemeError(
                f"Scheme {scheme}: its definitions have {text!a:.60} for landmark {landmark}.",
                remedy=f"A definition is one line of at most {MOST_LETTERS} letters.",
            )


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
