"""Left and right in the names of landmarks."""

import re
from collections.abc import Sequence

from landmark_annotator.projects.vocabulary.scheme import Pair

_SIDE = re.compile(
    r"(?i:left|right)"  # also inside a word: a name counts only where its partner is there
    r"|(?<![^\W\d_])[lrLR](?![^\W\d_])"  # alone: "eye l", "L_eye", "r2"
    r"|(?<=[a-z])[LR](?![a-z])"  # "eyeL"
    r"|(?<![^\W\d_])[LR](?=[A-Z][a-z])"  # "LEye"
)
_OTHER = {"left": "right", "right": "left", "l": "r", "r": "l"}


def mirrored_name(name: str) -> str:
    """With left and right exchanged, without capitals; the same where it names no side."""
    return _SIDE.sub(lambda found: _OTHER[found[0].lower()], name).casefold()


def partners_by_name(landmarks: Sequence[str]) -> tuple[Pair, ...]:
    """(left, right) of those whose names differ in nothing but left and right, in order."""
    places = {name.casefold(): place for place, name in enumerate(landmarks)}
    pairs: list[Pair] = []
    paired: set[int] = set()
    for place, name in enumerate(landmarks):
        first = _SIDE.search(name)
        other = places.get(mirrored_name(name))
        if first is None or other is None or {place, other} & paired:
            continue
        pairs.append((place, other) if first[0].lower().startswith("l") else (other, place))
        paired |= {place, other}
    return tuple(pairs)
