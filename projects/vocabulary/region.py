"""Regions: what masks of a scheme's objects are of, as hair or glasses."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from landmark_annotator.projects.vocabulary.mask import Mask

_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_USUAL = (
    "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#a6761d",
    "#66c2a5", "#8da0cb", "#e78ac3", "#a6d854", "#ffd92f", "#b15928", "#6a3d9a", "#999999",
)  # fmt: skip
"""The first seven are Okabe and Ito's, which people with any colour vision tell apart."""


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


def region_colours(regions: Sequence[Region]) -> dict[str, str]:
    """ "#rrggbb" of each region by its name: its own, or the next of the usual ones."""
    taken = {region.colour.lower() for region in regions}
    free = [colour for colour in _USUAL if colour not in taken] or list(_USUAL)
    found: dict[str, str] = {}
    for region in regions:
        own = sum(1 for name in found if name)
        found[region.name] = region.colour or free[own % len(free)]
    return found


def yielding(regions: Iterable[Region], to: str) -> tuple[str, ...]:
    """Names of the regions that lose what is given to the one named `to`."""
    known = {region.name: region for region in regions}
    if known[to].overlaps:
        return ()
    return tuple(name for name, region in known.items() if name != to and not region.overlaps)
