"""What of an instance a label format holds: the table of the help and the README."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields


@dataclass(frozen=True)
class Carries:
    """Each "yes", or what becomes of it: what is written instead, or beside it.

    coordinates: how the file's numbers differ from the tool's (0-based pixels, pixel centres at
    whole numbers, y down). unknown: landmarks without a position. several: instances of an image.
    No format but csv carries provenance, and none the uncertainty.
    """

    coordinates: str
    names: str
    visibility: str
    unknown: str
    boxes: str
    several: str


def table(formats: Iterable[tuple[str, Carries]]) -> list[tuple[str, ...]]:
    """Rows of cells, the first one the headings."""
    headings = ("format", *(field.name for field in fields(Carries)))
    return [headings, *((name, *astuple(carries)) for name, carries in formats)]
