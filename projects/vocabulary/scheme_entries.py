"""Entries of a scheme file, as text has them, to the parts of a scheme."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from landmark_annotator.projects.vocabulary.arrays import whole
from landmark_annotator.projects.vocabulary.curve import Curve
from landmark_annotator.projects.vocabulary.errors import ActionableError, SchemeError, closest
from landmark_annotator.projects.vocabulary.region import read_regions

_Part = TypeVar("_Part")
_CURVE = ("name", "landmarks", "closed", "free_ends", "evenly")
_IS_A_CURVE = "A curve has a name, landmarks, and closed, free_ends or evenly where it is."
_EXAMPLE = "`annotator scheme` shows what a scheme file looks like."


def parts_of(
    content: Mapping[str, Any], name: str, landmark: Callable[[str], int]
) -> dict[str, Any]:
    """All parts of a scheme but its name and landmarks. name: of the scheme, for errors. landmark:
    the number of a landmark by its name.

    Raises SchemeError, which names the entry that is none.
    """

    def number(value: Any, entry: str) -> int:
        if isinstance(value, str):
            return landmark(value)
        if isinstance(value, bool):
            raise SchemeError(f"Scheme {name}: {entry} has {value} in place of a landmark.")
        return _whole(value, f"Scheme {name}: a landmark of {entry}")

    def pair(value: Any, entry: str) -> tuple[int, int]:
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise SchemeError(
                f"Scheme {name}: {value!r} is not a pair of landmarks, as {entry} needs it."
            )
        a, b = (number(each, entry) for each in value)
        return a, b

    def curve(value: Any, entry: str) -> Curve:
        if not isinstance(value, Mapping) or not isinstance(value.get("landmarks"), list | tuple):
            raise SchemeError(f"Scheme {name}: {value!r} is not a curve.", remedy=_IS_A_CURVE)
        odd = next((key for key in value if key not in _CURVE), None)
        if odd is not None:
            raise SchemeError(
                f'Scheme {name}: a curve has no entry "{odd}".{closest(str(odd), _CURVE)}',
                remedy=_IS_A_CURVE,
            )
        through = tuple(number(each, entry) for each in value["landmarks"])
        called = str(value.get("name", ""))
        kinds = [_flag(value, kind, f'curve "{called}"', name) for kind in _CURVE[2:]]
        return Curve(called, through, *kinds)

    def each(entry: str, read: Callable[[Any, str], _Part]) -> tuple[_Part, ...]:
        values = content.get(entry, ())
        if not isinstance(values, Iterable) or isinstance(values, str | Mapping):
            raise SchemeError(
                f"Scheme {name}: {entry} is a list, not {values!a:.40}.", remedy=_EXAMPLE
            )
        return tuple(read(value, entry) for value in values)

    def texts(entry: str) -> tuple[tuple[int, str], ...]:
        table = content.get(entry) or {}
        if not isinstance(table, Mapping):
            raise SchemeError(f"Scheme {name}: {entry} are a table from names to {entry}.")
        return tuple(sorted((landmark(str(k)), str(v)) for k, v in table.items()))

    ends = {
        entry: pair(content[entry], entry) if content.get(entry) else None
        for entry in ("normaliser", "heading")
    }
    return {
        "title": str(content.get("title", "")),
        "version": _whole(content.get("version", 1), f"Scheme {name}: its version"),
        "edges": each("edges", pair),
        "partners": each("partners", pair),
        **ends,
        "colours": texts("colours"),
        "definitions": texts("definitions"),
        "curves": each("curves", curve),
        "regions": read_regions(content.get("regions", ())),
    }


def _flag(table: Mapping[str, Any], key: str, of: str, name: str) -> bool:
    """Raises SchemeError for what is neither true nor false, as "no"."""
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise SchemeError(f"Scheme {name}: {key} of {of} is true or false, not {value!a:.40}.")
    return value


def _whole(value: Any, what: str) -> int:
    try:
        return whole(value, what)
    except ActionableError as error:
        raise SchemeError(error.happened, remedy=_EXAMPLE) from error
