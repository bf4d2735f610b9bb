"""Which regions have masks, as commands are told."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from landmark_annotator.projects.vocabulary import Region, SchemeChange

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


AddRegion = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME|NAME=#RRGGBB",
        help="One more region that has masks, with a colour of its own.",
    ),
]
RenameRegion = Annotated[
    list[str] | None,
    typer.Option(metavar="OLD=NEW", help="Calls a region so; its masks stay."),
]
ColourRegion = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=#RRGGBB|NAME=", help="The colour of a region; none: a usual one."),
]
RegionOverlaps = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=yes|no", help="Whether a region may lie on others."),
]
RemoveRegion = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Takes a region out; undo brings its masks back."),
]


@dataclass(frozen=True)
class RegionEdits:
    """As they were typed, several of a kind; names are those of before."""

    rename: Sequence[str]
    colour: Sequence[str]
    overlaps: Sequence[str]
    remove: Sequence[str]
    add: Sequence[str]

    def __bool__(self) -> bool:
        return any((self.rename, self.colour, self.overlaps, self.remove, self.add))

    def applied(self, change: "SchemeChange") -> "SchemeChange":
        """Raises SchemeError where a region is not there or a name is taken, BadParameter for what
        cannot be understood."""
        from landmark_annotator.projects.vocabulary import Region

        regions = change.after.regions
        names, edited = [region.name for region in regions], dict[int, Region]()
        for place, edit in self._edits(names):
            edited[place] = edit(edited.get(place, regions[place]))
        gone = {_place(names, name) for name in self.remove}
        left = [place for place in range(len(regions)) if place not in gone]
        parted = (text.partition("=") for text in self.add)
        new = [Region(name.strip(), colour) for name, _, colour in parted]
        change = change.with_regions([*left, *new], edited)
        change.after.check_names()
        return change

    def _edits(self, names: Sequence[str]) -> Iterator[tuple[int, Callable[["Region"], "Region"]]]:
        """The place of a region, and what is done to it."""
        for text in self.colour:
            name, colour = _parts(text, "--colour-region")
            yield _place(names, name), partial(replace, colour=colour)
        for text in self.overlaps:
            name, said = _parts(text, "--region-overlaps")
            if said not in ("yes", "no"):
                raise typer.BadParameter(
                    f"{text} ends in neither =yes nor =no.", param_hint="--region-overlaps"
                )
            yield _place(names, name), partial(replace, overlaps=said == "yes")
        for text in self.rename:
            name, new = _parts(text, "--rename-region")
            yield _place(names, name), partial(replace, name=new.strip())


def _parts(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise typer.BadParameter(f"{text} has no = behind a name.", param_hint=option)
    return name, value


def _place(names: Sequence[str], name: str) -> int:
    from landmark_annotator.projects.vocabulary.errors import SchemeError, closest

    if name not in names:
        raise SchemeError(
            f'There is no region "{name}".{closest(name, names)}', kept="Nothing was changed."
        )
    return names.index(name)
