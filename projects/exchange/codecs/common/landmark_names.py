"""Keypoints of other programs as landmarks of a scheme: by name, never by chance."""

from collections.abc import Sequence
from typing import Any

from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError, closest


def landmark_order(names: Sequence[Any], scheme: Scheme, where: str, notes: list[str]) -> list[int]:
    """For each name the landmark of the scheme that it is.

    Fewer names than the scheme has landmarks leave the others out. Names of which the scheme
    knows none are taken in order if their number fits, which `notes` then says. where: begins the
    sentence of a refusal or note. Raises FormatError with the closest name.
    """
    known = set(scheme.landmarks)
    unknown = [str(name) for name in names if not isinstance(name, str) or name not in known]
    if names and not unknown and len(set(names)) == len(names):
        return [scheme.index(name) for name in names]
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
