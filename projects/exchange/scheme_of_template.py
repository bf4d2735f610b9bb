"""From a template of WebMorph, the `.json` that names the points of `.tem` files, to a scheme.

    {"name": ["FRL-face"], "align_pts": [0, 1],
     "points": [{"n": 0, "name": "left pupil", "sym": 1, ...}, ...],
     "lines": [[2, 3, 4, 2], ...], ...}

sym is the point that a point changes places with in the mirror, itself where it lies between the
sides. A line that comes back to its first point is closed. Images are aligned by the two of
align_pts, so errors are divided by their distance.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from landmark_annotator.projects.exchange.codecs import tem
from landmark_annotator.projects.exchange.codecs.common.text import read_text
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError


def template_of(path: Path) -> Mapping[str, Any] | None:
    """What the file holds; None where it is no template. Raises FormatError where it cannot be
    read."""
    try:
        content = json.loads(read_text(path))
    except (ValueError, RecursionError):  # whose reason reading it as a scheme tells
        return None
    if not isinstance(content, dict) or "landmarks" in content:
        return None
    points = content.get("points")
    if not isinstance(points, list) or not points:
        return None
    named = all(isinstance(point, dict) and {"n", "name"} <= point.keys() for point in points)
    return content if named else None


def scheme_of_template(path: Path, content: Mapping[str, Any]) -> Scheme:
    """Called as the template is. Of points of one name each gets its number too.

    Raises FormatError with the part that contradicts the rest, and SchemeError.
    """
    points = content["points"]
    size = len(points)
    if [point["n"] for point in points] != list(range(size)):
        raise FormatError(f"{path}: its points are not numbered 0 to {size - 1} in their order.")
    called = [" ".join(str(point["name"]).split()) for point in points]
    count = Counter(called)
    names = [
        name if name and count[name] == 1 else f"{name} {number}".strip()
        for number, name in enumerate(called)
    ]
    pairs = set()
    for number, point in enumerate(points):
        (other,) = _numbers([point.get("sym", number)], size, path, f"sym of point {number}")
        if points[other].get("sym", other) != number:
            raise FormatError(f"{path}: {number} mirrors {other}, which does not mirror {number}.")
        if number != other:
            pairs.add((min(number, other), max(number, other)))
    lines = [
        _numbers(line, size, path, f"line {number}")
        for number, line in enumerate(_list(content.get("lines", []), path, "lines"), 1)
    ]
    aligned = _numbers(content.get("align_pts", []), size, path, "align_pts")
    curves = tem.curves_of(lines)
    drawn = tem.steps(tem.along(curves))
    edges = [pair for line in lines for pair in pairwise(line) if pair[0] != pair[1]]
    scheme = Scheme(
        str(_first(content.get("name"))) or path.stem,
        tuple(names),
        edges=tuple(dict.fromkeys(pair for pair in edges if frozenset(pair) not in drawn)),
        partners=tuple(sorted(pairs)),
        normaliser=(aligned[0], aligned[1]) if len(set(aligned)) == len(aligned) == 2 else None,
        curves=curves,
    )
    scheme.check_names()
    return scheme


def _first(value: object) -> object:
    """R writes single values as lists of one."""
    return (value[0] if value else "") if isinstance(value, list) else value or ""


def _list(value: object, path: Path, what: str) -> Sequence[Any]:
    if not isinstance(value, list):
        raise FormatError(f"{path}: {what} is no list.")
    return value


def _numbers(value: object, size: int, path: Path, what: str) -> tuple[int, ...]:
    """Of points. Raises FormatError."""
    found = _list(value, path, what)
    if not all(type(number) is int and 0 <= number < size for number in found):
        raise FormatError(
            f"{path}: {what} names points that are not there; they are numbered 0 to {size - 1}."
        )
    return tuple(found)
