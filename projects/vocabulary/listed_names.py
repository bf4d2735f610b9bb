"""Names of landmarks as people write them down: one a line, or with commas between."""


def listed_names(text: str) -> tuple[str, ...]:
    """In their order, without the spaces around them; what is empty is no name."""
    names = (part.strip() for line in text.splitlines() for part in line.split(","))
    return tuple(name for name in names if name)
