"""A scheme that takes the place of another one: which landmark of the old one each of the new is.

Every edit is a pure function that gives another `SchemeChange` from the same old scheme, so that an
editor can show at any moment what would become of the labels that exist.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.projects.vocabulary.curve import Curve
from landmark_annotator.projects.vocabulary.errors import SchemeError
from landmark_annotator.projects.vocabulary.former_scheme import FormerScheme
from landmark_annotator.projects.vocabulary.region import Region, in_colours, region_colours
from landmark_annotator.projects.vocabulary.scheme import Pair, Scheme
from landmark_annotator.projects.vocabulary.shape import Shape
from landmark_annotator.projects.vocabulary.wording import counted


@dataclass(frozen=True)
class SchemeChange:
    """before (L landmarks), after (L' landmarks), and origins: L' entries, for each landmark of
    `after` the one of `before` that it is, None where it is new. region_origins: the same of
    regions; by their names, where nothing is given.

    Raises SchemeError where origins do not fit the two schemes.
    """

    before: Scheme
    after: Scheme
    origins: tuple[int | None, ...]
    region_origins: tuple[int | None, ...] | None = None

    def __post_init__(self) -> None:
        if self.region_origins is None:
            there = {region.name: place for place, region in enumerate(self.before.regions)}
            by_name = tuple(there.get(region.name) for region in self.after.regions)
            object.__setattr__(self, "region_origins", by_name)
        for origins, new, old, what in (
            (self.origins, len(self.after), len(self.before), "landmarks"),
            (self.regions_of, len(self.after.regions), len(self.before.regions), "regions"),
        ):
            kept = [i for i in origins if i is not None]
            fits = len(origins) == new and len(kept) == len(set(kept))
            if not fits or not all(0 <= i < old for i in kept):
                raise SchemeError(
                    f"The {what} of scheme {self.after.name} do not go back to those of "
                    f"{self.before.name} one by one."
                )
        object.__setattr__(self, "after", replace(self.after, former=tuple(self._former)))

    @classmethod
    def none(cls, scheme: Scheme) -> "SchemeChange":
        """From which edits begin."""
        return cls(scheme, scheme, tuple(range(len(scheme))))

    @classmethod
    def to(
        cls, before: Scheme, after: Scheme, renamed: Mapping[str, str] | None = None
    ) -> "SchemeChange":
        """Landmarks and regions are the same where their names are. renamed: from old names to new
        ones; a name that no landmark has is a region's.

        Raises SchemeError where what is renamed is in neither scheme under its name.
        """
        old_names = dict(zip(before.landmarks, range(len(before)), strict=True))
        old_regions = {region.name: place for place, region in enumerate(before.regions)}
        new_regions = [region.name for region in after.regions]
        for old, new in (renamed or {}).items():
            if old in old_regions and old not in old_names and new in new_regions:
                old_regions[new] = old_regions.pop(old)
                continue
            after.index(new)
            index = before.index(old)
            old_names.pop(old, None)
            if new in old_names:
                raise SchemeError(f'Scheme {before.name} has a landmark "{new}" already.')
            old_names[new] = index
        return cls(
            before,
            after,
            tuple(old_names.get(name) for name in after.landmarks),
            tuple(old_regions.get(name) for name in new_regions),
        )

    @classmethod
    def listing(
        cls, before: Scheme, names: Sequence[str], renamed: Mapping[str, str] | None = None
    ) -> "SchemeChange":
        """To these landmarks in this order; lines, contours, pairs and all else stay, as far as
        they are about landmarks that do. Else as `to`."""
        wanted = replace(Scheme(before.name, tuple(names)), regions=before.regions)
        origins = cls.to(before, wanted, renamed).origins
        # What is new may be called as what has another name now.
        new = {place: f"\0{place}" for place, old in enumerate(origins) if old is None}
        kept = cls.none(before)._arranged(list(origins), new).after
        return cls.to(before, replace(kept, landmarks=wanted.landmarks), renamed)

    @property
    def _former(self) -> Iterator[FormerScheme]:
        """Other versions of `after`: `before` and those that it tells."""
        place = {old: new for new, old in enumerate(self.origins) if old is not None}
        places = tuple(place.get(old) for old in range(len(self.before)))
        yield FormerScheme(self.before.version, self.before.landmarks, places)
        for each in self.before.former:
            yield each.moved(places)

    # What it says

    @property
    def regions_of(self) -> tuple[int | None, ...]:
        """For each region of `after` the one of `before` that it is, None where it is new."""
        return self.region_origins or ()

    @property
    def removed_regions(self) -> tuple[str, ...]:
        gone = sorted(set(range(len(self.before.regions))) - set(self.regions_of))
        return tuple(self.before.regions[i].name for i in gone)

    @property
    def added_regions(self) -> tuple[str, ...]:
        pairs = zip(self.after.regions, self.regions_of, strict=True)
        return tuple(region.name for region, origin in pairs if origin is None)

    @property
    def renamed_regions(self) -> tuple[tuple[str, str], ...]:
        """(old name, new name) of the regions that stay under another name."""
        pairs = zip(self.after.regions, self.regions_of, strict=True)
        both = [(self.before.regions[i].name, r.name) for r, i in pairs if i is not None]
        return tuple((old, new) for old, new in both if old != new)

    @property
    def region_facts(self) -> tuple[str, ...]:
        """What it does to regions, in words: "2 regions added"."""
        counts = (
            (len(self.added_regions), "added"),
            (len(self.removed_regions), "removed"),
            (len(self.renamed_regions), "renamed"),
        )
        return tuple(f"{counted(number, 'region')} {done}" for number, done in counts if number)

    @property
    def changes_nothing(self) -> bool:
        return self.after == replace(self.before, version=self.after.version)

    @property
    def added(self) -> tuple[str, ...]:
        """Names of the landmarks that are new, in the order of the new scheme."""
        pairs = zip(self.after.landmarks, self.origins, strict=True)
        return tuple(name for name, origin in pairs if origin is None)

    @property
    def removed(self) -> tuple[str, ...]:
        """Names of the landmarks that go, in the order of the old scheme."""
        gone = sorted(set(range(len(self.before))) - set(self.origins))
        return tuple(self.before.landmarks[i] for i in gone)

    @property
    def renamed(self) -> tuple[tuple[str, str], ...]:
        """(old name, new name) of the landmarks that stay under another name."""
        pairs = zip(self.after.landmarks, self.origins, strict=True)
        both = [(self.before.landmarks[i], name) for name, i in pairs if i is not None]
        return tuple((old, new) for old, new in both if old != new)

    @property
    def reordered(self) -> bool:
        """Whether landmarks that stay follow each other in another order."""
        kept = [i for i in self.origins if i is not None]
        return kept != sorted(kept)

    @property
    def title(self) -> str:
        """What it does, as the journal and undo call it."""
        parts = [f"{len(names)} added" for names in (self.added,) if names]
        parts += [f"{len(names)} removed" for names in (self.removed,) if names]
        parts += [f"{len(names)} renamed" for names in (self.renamed,) if names]
        if self.reordered:
            parts.append("reordered")
        parts += self.region_facts
        said = ", ".join(parts)
        return f"change of the scheme ({said})" if said else "change of the scheme"

    def carried(self, shape: Shape) -> Shape:
        """What is known of a shape of the old scheme, as one of the new: what is new is unknown."""
        places = [(new, old) for new, old in enumerate(self.origins) if old is not None]
        new, old = ([pair[side] for pair in places] for side in (0, 1))
        points = np.full((len(self.after), 2), np.nan)
        visibility = np.zeros(len(self.after), dtype=np.int8)
        covariances = np.full((len(self.after), 2, 2), np.nan)
        points[new], visibility[new] = shape.points[old], shape.visibility[old]
        covariances[new] = shape.covariances[old]
        marks = [None if i is None else shape.provenance[i] for i in self.origins]
        return Shape(points, visibility, marks, covariances)

    # Edits

    def rename(self, landmark: int, name: str) -> "SchemeChange":
        names = list(self.after.landmarks)
        names[landmark] = name
        return replace(self, after=replace(self.after, landmarks=tuple(names)))

    def add(self, name: str, at: int | None = None) -> "SchemeChange":
        """A landmark that is new, before the one at `at`; by default the last one."""
        size = len(self.after)
        at = size if at is None else at
        order: list[int | None] = list(range(size))
        order.insert(at, None)
        return self._arranged(order, {at: name})

    def remove(self, landmark: int) -> "SchemeChange":
        """With the edges and the partner that it had; curves go past it.

        Raises SchemeError on the last one.
        """
        return self._arranged([i for i in range(len(self.after)) if i != landmark], {})

    def move(self, landmark: int, to: int) -> "SchemeChange":
        """So that it is the one at `to`; the others keep their order."""
        order: list[int | None] = [i for i in range(len(self.after)) if i != landmark]
        order.insert(to, landmark)
        return self._arranged(order, {})

    def pair(self, left: int, right: int) -> "SchemeChange":
        """Left and right partners of each other, and of no other."""
        rest = [p for p in self.after.partners if not {left, right} & set(p)]
        return replace(self, after=replace(self.after, partners=(*rest, (left, right))))

    def unpair(self, landmark: int) -> "SchemeChange":
        rest = tuple(p for p in self.after.partners if landmark not in p)
        return replace(self, after=replace(self.after, partners=rest))

    def switch_edge(self, a: int, b: int) -> "SchemeChange":
        """Draws the line between the two where there is none, else takes it away."""
        edges = tuple(e for e in self.after.edges if set(e) != {a, b})
        if len(edges) == len(self.after.edges):
            edges = (*edges, (a, b))
        return replace(self, after=replace(self.after, edges=edges))

    def bend(self, curve: Curve) -> "SchemeChange":
        """With this contour, in place of one of the same name. Raises SchemeError where it does
        not fit."""
        curves = {c.name: c for c in self.after.curves} | {curve.name: curve}
        return replace(self, after=replace(self.after, curves=tuple(curves.values())))

    def unbend(self, name: str) -> "SchemeChange":
        """Without the contour of that name; its landmarks become points of their own."""
        rest = tuple(curve for curve in self.after.curves if curve.name != name)
        return replace(self, after=replace(self.after, curves=rest))

    def normalise_by(self, pair: Pair | None) -> "SchemeChange":
        """What errors are divided by: the distance of the two, or the diagonal of the box."""
        return replace(self, after=replace(self.after, normaliser=pair))

    def head(self, pair: Pair | None) -> "SchemeChange":
        """The object points from the first to the second; None: it is upright."""
        return replace(self, after=replace(self.after, heading=pair))

    def colour(self, landmark: int, colour: str | None) -> "SchemeChange":
        """colour: as "#rrggbb"; None is the usual one."""
        colours = {i: c for i, c in self.after.colours if i != landmark}
        if colour is not None:
            colours[landmark] = colour
        after = replace(self.after, colours=tuple(sorted(colours.items())))
        return replace(self, after=after)

    def define(self, landmark: int, text: str) -> "SchemeChange":
        """text: where on the object it is, for people; empty takes it back. Raises SchemeError for
        more than one line."""
        definitions = {i: said for i, said in self.after.definitions if i != landmark}
        if text.strip():
            definitions[landmark] = text.strip()
        after = replace(self.after, definitions=tuple(sorted(definitions.items())))
        return replace(self, after=after)

    def add_region(self, region: Region) -> "SchemeChange":
        """A new one, the last."""
        return self.with_regions([*range(len(self.after.regions)), region])

    def set_region(self, place: int, region: Region) -> "SchemeChange":
        """Another name, colour or kind for the one at this place; its masks stay."""
        order = range(len(self.after.regions))
        return self.with_regions(order, {place: region})

    def remove_region(self, place: int) -> "SchemeChange":
        """Its masks are kept, and there again where the change is undone."""
        return self.with_regions([i for i in range(len(self.after.regions)) if i != place])

    def move_region(self, place: int, to: int) -> "SchemeChange":
        """So that it is the one at `to`; the others keep their order."""
        order = [i for i in range(len(self.after.regions)) if i != place]
        order.insert(to, place)
        return self.with_regions(order)

    def with_regions(
        self, order: Iterable[int | Region], edited: Mapping[int, Region] | None = None
    ) -> "SchemeChange":
        """order: which region of `after` is where, or one that is new. edited: what becomes of
        some of them. The others look as before.

        Raises SchemeError where the regions are none of a scheme then.
        """
        now, edited = self.after.regions, edited or {}
        order, colours = tuple(order), region_colours(now)
        found = [edited.get(i, now[i]) if isinstance(i, int) else i for i in order]
        drawn = [
            colours[now[i].name] if isinstance(i, int) and i not in edited else None for i in order
        ]
        after = replace(self.after, regions=tuple(found))
        after = replace(after, regions=in_colours(found, drawn))
        origins = tuple(self.regions_of[i] if isinstance(i, int) else None for i in order)
        return replace(self, after=after, region_origins=origins)

    def _arranged(self, order: Sequence[int | None], names: Mapping[int, str]) -> "SchemeChange":
        """order: of each landmark, which one it was in `after`; None where it is new and has one
        of `names`."""
        now = self.after
        place = {old: new for new, old in enumerate(order) if old is not None}

        def pair(old: Pair) -> Pair:
            return place[old[0]], place[old[1]]

        def pairs(old: Sequence[Pair]) -> tuple[Pair, ...]:
            return tuple(pair(p) for p in old if set(p) <= set(place))

        def texts(old: Sequence[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
            return tuple(sorted((place[i], text) for i, text in old if i in place))

        def shortened(old: Curve) -> Curve | None:
            left = tuple(place[i] for i in old.landmarks if i in place)
            return replace(old, landmarks=left) if len(left) > (2 if old.closed else 1) else None

        normaliser, heading = (
            pair(p) if p is not None and set(p) <= set(place) else None
            for p in (now.normaliser, now.heading)
        )
        after = replace(
            now,
            landmarks=tuple(
                names[new] if old is None else now.landmarks[old] for new, old in enumerate(order)
            ),
            edges=pairs(now.edges),
            partners=pairs(now.partners),
            normaliser=normaliser,
            heading=heading,
            colours=texts(now.colours),
            definitions=texts(now.definitions),
            curves=tuple(curve for curve in map(shortened, now.curves) if curve is not None),
        )
        origins = tuple(None if old is None else self.origins[old] for old in order)
        return SchemeChange(self.before, after, origins, self.region_origins)
