"""Regular expressions of people, in many texts: one that tries all ways there are takes for ever,
and nothing in its own process could stop it."""

import json
import re
from collections.abc import Sequence

from landmark_annotator.projects.apart.asking import MEMORY, Reader
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted

SECONDS = 10.0
_PER_TEXT = 50e-6
_READER = Reader("patterns", "a list of texts")


def check_pattern(pattern: str) -> None:
    """Raises ActionableError where it is no regular expression."""
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise ActionableError(
            f'The group pattern "{pattern}" is no regular expression: {error}.',
            kept="Nothing was changed.",
            remedy=r"In brackets is what related images share, such as (person_\d+)_ for "
            r"person_12_left.jpg; a \ before a sign is the sign itself, as \( a bracket.",
        ) from error


def found_in(pattern: str, texts: Sequence[str]) -> list[str | None]:
    """For each text the first group of what the pattern finds in it, or all that it finds; None
    where it finds nothing. Raises ActionableError, also where it takes longer than `SECONDS`."""
    check_pattern(pattern)
    if not texts:
        return []
    seconds = SECONDS + _PER_TEXT * len(texts)
    answer = _READER.answer(json.dumps([pattern, list(texts)]), MEMORY, seconds)
    found = answer.get("found")
    if isinstance(found, list) and len(found) == len(texts):
        return [None if one is None else str(one) for one in found]
    if "late" in answer:
        raise ActionableError(
            f'The group pattern "{pattern}" takes more than {seconds:.0f} s in the names of '
            f"{counted(len(texts), 'image')}.",
            kept="Nothing was changed.",
            remedy="Write it without a repetition within a repetition, such as (a+)+.",
        )
    raise ActionableError(f'The group pattern "{pattern}" could not be looked for.')
