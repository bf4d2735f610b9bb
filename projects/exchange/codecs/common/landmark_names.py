"""Keypoints of other programs as landmarks of a scheme: by name, never by chance."""

import re
from collections.abc import Sequence
from typing import Any

from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError, closest


def by_names(names: Sequence[Any], scheme: Scheme) -> tuple[list[int], list[str]]:
    """For each name the landmark of the scheme that has it, or else the only one whose name differs
    from it in capitals, spaces and marks alone; and the names for which there is none."""
    exact = {name: j for j, name in enumerate(scheme.landmarks)}
    plain = [_plain(name) for name in scheme.landmarks]
    alike = {name: j for j, name in enumerate(plain) if name and plain.count(name) == 1}
    found = [
        exact.get(name, alike.get(_plain(name))) if isinstance(name, str) else None
        for name in names
    ]
    known = [landmark for landmark in found if landmark is not None]
    return known, [str(name) for name, at in zip(names, found, strict=True) if at is None]


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def landmark_order(names: Sequence[Any], scheme: Scheme, where: str, notes: list[str]) -> list[int]:
    """For each name the landmark of the scheme that it is, see `by_names`.

    Fewer names than the scheme has landmarks leave the others out. Names of which the scheme
    knows none are taken in order if their number fits, which `notes` then says. where: begins the
    sentence of a refusal or note. Raises FormatError with the closest name.
    """
    known, unknown = by_names(names, scheme)
    if names and not unknown and len(set(known)) == len(names):
        return known
    if names and len(unknown) == len(names) == len(scheme):
        note = (
            f"{where} names its {len(names)} landmarks otherwise than the scheme ({names[0]} for "
            f"{scheme.landmarks[0]}, ...): they were taken in order."
        )
        if note not in notes:
            notes.append(note)
        return list(range(len(scheme)))
    raise FormatError(
        f"{where} {_misfit(names, unknown, scheme)}",
        remedy="Import it into a project of its own scheme, or rename its landmarks.",
    )


def _misfit(names: Sequence[Any], unknown: Sequence[str], scheme: Scheme) -> str:
    if unknown:
        suggestion = closest(unknown[0], scheme.landmarks)
        return f'has a landmark "{unknown[0]}" that scheme {scheme.name} has not.{suggestion}'
    return "has two landmarks of one name." if names else "has no landmarks."
