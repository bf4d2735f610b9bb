"""What file names say: `person_03_012.jpg` and `person_03_013.jpg` are related, and
`image_0001.jpg` and `image_0002.jpg` need not be."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

FEWEST_GROUPS = 3
LARGEST_SHARE = 0.5
"""Of the images that one group may hold."""
_LAST_NUMBER = re.compile(r"\d+(?=\D*$)")


def before_last_number(stem: str) -> str | None:
    """All of a name up to its last number; None where there is no number, or nothing before."""
    found = _LAST_NUMBER.search(stem)
    key = None if found is None else stem[: found.start()]
    return key if key is not None and re.search(r"\w", key) else None


def with_last_number(stem: str) -> str | None:
    """All of a name up to the end of its last number, where something follows it: `i000qa`."""
    found = _LAST_NUMBER.search(stem)
    return stem[: found.end()] if found is not None and found.end() < len(stem) else None


KEYS: tuple[Callable[[str], str | None], ...] = (before_last_number, with_last_number)


def keys_of(stems: Sequence[str]) -> list[str | None] | None:
    """The group of each name of one folder, by the first of KEYS that groups them plausibly; None
    where none does."""
    for key in KEYS:
        found = [key(stem) for stem in stems]
        if plausible(found):
            return found
    return None


def plausible(keys: Sequence[str | None]) -> bool:
    """Whether the keys make several groups, of which more than one have several images, and none
    has most of them."""
    sizes = Counter(key for key in keys if key is not None)
    several = sum(size > 1 for size in sizes.values())
    if len(sizes) < FEWEST_GROUPS or several < 2:
        return False
    return max(sizes.values()) <= LARGEST_SHARE * len(keys)


def in_sequence(stems: Sequence[str]) -> list[int] | None:
    """The number of each name where they differ in their last number alone, as frames do."""
    found = [_LAST_NUMBER.search(stem) for stem in stems]
    parts = {(s[: f.start()], s[f.end() :]) if f else s for s, f in zip(stems, found, strict=True)}
    numbers = [int(f[0]) for f in found if f]
    if len(parts) > 1 or len(set(numbers)) < len(stems):
        return None
    return numbers
