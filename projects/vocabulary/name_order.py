"""The order in which people expect names: by the numbers in them, mouse 2 before mouse 10."""

import re

_NUMBER = re.compile(r"(\d+)")


def by_numbers(name: str) -> tuple[list[str | int], str]:
    """A key to sort by. Names that differ in leading zeros alone are still told apart."""
    # Text and numbers take turns, so that nothing is compared with what is of another kind.
    parts = _NUMBER.split(name)
    return [int(part) if n % 2 else part for n, part in enumerate(parts)], name
