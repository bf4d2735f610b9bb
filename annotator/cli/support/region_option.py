"""Which regions have masks, as commands are told."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from landmark_annotator.projects.vocabulary import Region

RegionsOption = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|NAME",
        help="The regions that have masks: a scheme file with regions, or face_parts.",
    ),
]


def read_region_option(given: str) -> "tuple[Region, ...]":
    """Raises SchemeError where it names no regions."""
    from landmark_annotator.projects.vocabulary.region import region_set, regions_of_file

    path = Path(given)
    is_file = path.suffix.lower() in (".toml", ".json") or path.is_file()
    return regions_of_file(path) if is_file else region_set(given)
