"""Regions: what masks of a scheme's objects are of, as hair or glasses."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any

from landmark_annotator.projects.vocabulary.errors import SchemeError, closest, why
from landmark_annotator.projects.vocabulary.mask import Mask

_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_USUAL = (
    "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#a6761d",
    "#66c2a5", "#8da0cb", "#e78ac3", "#a6d854", "#ffd92f", "#b15928", "#6a3d9a", "#999999",
)  # fmt: skip
"""The first seven are Okabe and Ito's, which people with any colour vision tell apart."""
_MOST_BYTES = 10_000_000
_ENTRIES: dict[str, object] = {"name": "", "colour": "", "overlaps": False}


@dataclass(frozen=True)
class Region:
    """A part that has a mask of its own.

    colour: "#rrggbb", or empty for a usual one. overlaps: its pixels may belong to others too, as
    glasses lie on skin; of all others a pixel belongs to one at most.
    """

    name: str
    colour: str = ""
    overlaps: bool = False

    @property
    def sound(self) -> bool:
        """Whether it has a name, and a colour if any."""
        return bool(self.name.strip()) and (not self.colour or bool(_COLOUR.fullmatch(self.colour)))


class MaskProvenance(StrEnum):
    """Where a mask came from. The text value is what the store and the exports write."""

    DRAWN = "drawn"
    """A person drew it, or corrected what a model had drawn."""
    ACCEPTED = "accepted"
    """A model drew it and a person accepted it as it is."""
    PROPOSED = "proposed"
    """A model drew it; no person has said anything about it."""
    IMPORTED = "imported"
    """It came from a file."""


@dataclass(frozen=True)
class RegionMask:
    """The mask of one region of one instance. An empty one says that the region is not to be seen;
    where nothing is said there is no `RegionMask` at all."""

    mask: Mask
    provenance: MaskProvenance = MaskProvenance.DRAWN


def read_regions(values: Any) -> tuple[Region, ...]:
    """As scheme files write them: names, or tables with name, colour and overlaps.

    Raises SchemeError for anything else.
    """
    if not isinstance(values, list | tuple):
        raise SchemeError(f"{values!r} is no list of regions.")
    found = []
    for value in values:
        table = {"name": value} if isinstance(value, str) else value
        if not isinstance(table, Mapping) or set(table) - set(_ENTRIES):
            raise SchemeError(
                f"{value!r} is not a region.",
                remedy="A region has a name, and colour or overlaps where it should.",
            )
        name, colour, overlaps = (table.get(entry, usual) for entry, usual in _ENTRIES.items())
        if not isinstance(overlaps, bool):
            raise SchemeError(
                f'overlaps of region "{name}" is true or false, not {overlaps!a:.40}.'
            )
        found.append(Region(str(name), str(colour), overlaps))
    return tuple(found)


def written_regions(regions: Iterable[Region]) -> list[dict[str, object]]:
    """The inverse of `read_regions`."""
    return [{entry: getattr(region, entry) for entry in _ENTRIES} for region in regions]


def region_sets() -> tuple[str, ...]:
    """Names of the regions that come with the program."""
    files = (file.name for file in _sets().iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


def region_set(name: str) -> tuple[Region, ...]:
    """Raises SchemeError with the closest known name."""
    known = region_sets()
    if name not in known:
        raise SchemeError(
            f'There are no regions "{name}" built in.{closest(name, known)}',
            remedy=f"Built in: {', '.join(known)}. Or give the path of a scheme file with regions.",
        )
    text = (_sets() / f"{name}.toml").read_text(encoding="utf-8")
    return read_regions(tomllib.loads(text)["regions"])


def regions_of_file(path: Path) -> tuple[Region, ...]:
    """A file's list of regions; it may be a whole scheme. Raises SchemeError where it has none."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError(f"it has more than {_MOST_BYTES // 1_000_000} MB")
        text = path.read_text(encoding="utf-8-sig")
        content = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise SchemeError(f"The regions of {path} cannot be read: {why(error)}.") from error
    found = read_regions(content.get("regions", ()) if isinstance(content, dict) else content)
    if not found:
        raise SchemeError(
            f"{path} names no regions.",
            remedy='Write them as: regions = [{ name = "hair" }, { name = "skin" }]',
        )
    return found


def _sets() -> Any:
    return resources.files("landmark_annotator.projects.vocabulary") / "regions"


def region_colours(regions: Sequence[Region]) -> dict[str, str]:
    """ "#rrggbb" of each region by its name: its own, or the next of the usual ones."""
    taken = {region.colour.lower() for region in regions}
    free = [colour for colour in _USUAL if colour not in taken] or list(_USUAL)
    return {
        region.name: region.colour or free[place % len(free)]
        for place, region in enumerate(regions)
    }


def in_colours(regions: Sequence[Region], drawn: Sequence[str | None]) -> tuple[Region, ...]:
    """The regions, each drawn in its colour of `drawn` ("#rrggbb"; None: in any), which one without
    a colour of its own gets where its usual one would be another: a list that is edited looks as
    before where nothing was done."""
    while True:
        usual = region_colours(regions).values()
        kept = tuple(
            replace(region, colour=was) if was and not region.colour and was != now else region
            for region, was, now in zip(regions, drawn, usual, strict=True)
        )
        if kept == tuple(regions):
            return kept
        regions = kept  # what is given to one may be the usual colour of another


def yielding(regions: Iterable[Region], to: str) -> tuple[str, ...]:
    """Names of the regions that lose what is given to the one named `to`."""
    known = {region.name: region for region in regions}
    if known[to].overlaps:
        return ()
    return tuple(name for name, region in known.items() if name != to and not region.overlaps)


def left_for(mask: Mask, regions: Iterable[Region], to: str, said: Mapping[str, Mask]) -> Mask:
    """What is left of a mask that a model proposes for the region named `to`, of which nobody has
    said anything: less what people have given to regions that would lose it. said: theirs."""
    for name in yielding(regions, to):
        mask = mask - said[name] if name in said else mask
    return mask


def beside(
    brought: Mapping[str, RegionMask],
    regions: Sequence[Region],
    said: Mapping[str, RegionMask],
) -> dict[str, RegionMask]:
    """Of masks that come to an instance, those of its regions of which nobody has said anything,
    less what others have already; one of which nothing is left then is none."""
    there, found = {name: one.mask for name, one in said.items()}, {}
    for region in regions:
        one = brought.get(region.name)
        if one is None or region.name in said:
            continue
        left = left_for(one.mask, regions, region.name, there)
        if left or not one.mask:
            found[region.name] = RegionMask(left, one.provenance)
    return found
