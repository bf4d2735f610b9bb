"""What of an instance a label format holds: what `annotator formats` and a page show."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields

UNLABELLED = "as not labelled"
NOT_WRITTEN = "no"
ONE_AN_IMAGE = "one an image"
ONE_PERSON = "one person, as the scorer; not when"


@dataclass(frozen=True)
class Carries:
    """Each "yes", or what becomes of it: what is written instead, or beside it.

    coordinates: how the file's numbers differ from the tool's (0-based pixels, pixel centres at
    whole numbers, y down). unknown: landmarks without a position. several: instances of an image.
    tracks: which objects of a video's frames are one.
    absent: landmarks that somebody has said are not in the image. people: who labelled, and when.
    masks: of regions. states: which shapes nobody has accepted yet, where those are written too.
    scale: what a pixel of the image measures.
    No format but csv carries provenance, and none the uncertainty.
    """

    coordinates: str
    names: str
    visibility: str
    unknown: str
    boxes: str
    several: str
    tracks: str = "no"
    absent: str = UNLABELLED
    people: str = NOT_WRITTEN
    masks: str = NOT_WRITTEN
    states: str = NOT_WRITTEN
    scale: str = NOT_WRITTEN


def markdown(formats: Iterable[tuple[str, Carries]]) -> str:
    """A table in Markdown: a row for each format's name."""
    headings = ("format", *(field.name for field in fields(Carries)))
    rows = [headings, *((f"`{name}`", *astuple(carries)) for name, carries in formats)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(headings) + "|", *lines[1:]])
