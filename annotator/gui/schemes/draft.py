"""The copy of a scheme that is being edited, and what was done to it, step by step."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from landmark_annotator.annotator.gui.canvas.layers.backdrop import Pyramid
from landmark_annotator.annotator.session.execution.laps import Laps
from landmark_annotator.projects.vocabulary import Region, Scheme, SchemeChange
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.curve import along_lines
from landmark_annotator.projects.vocabulary.errors import SchemeError
from landmark_annotator.projects.vocabulary.scheme import Pair
from landmark_annotator.projects.vocabulary.sides import partners_by_name
from landmark_annotator.projects.vocabulary.wording import counted

Place = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Drawn:
    """change: from the scheme as it is stored. points: (L', 2) where its landmarks are on the
    picture, in its pixels, NaN where nowhere: no labels. seconds: (L',) that people took to put
    them there, 0 where nobody did. ground: the photograph below it."""

    change: SchemeChange
    points: Floats
    seconds: Floats
    ground: Pyramid | None = None

    @property
    def scheme(self) -> Scheme:
        return self.change.after


class Draft(QObject):
    """Every step is an edit of `SchemeChange` or a place on the picture; undo goes back over all.

    What makes no scheme is refused, and nothing is changed then.
    """

    changed = Signal()
    refused = Signal(Exception)

    def __init__(
        self,
        scheme: Scheme,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._laps = Laps(clock)
        """Since the picture was shown, or the last step ended."""
        nowhere = np.full((len(scheme), 2), np.nan)
        self.now = Drawn(SchemeChange.none(scheme), nowhere, np.zeros(len(scheme)))
        self._before: list[tuple[str, Drawn]] = []
        self._undone: list[tuple[str, Drawn]] = []

    @property
    def scheme(self) -> Scheme:
        return self.now.scheme

    @property
    def change(self) -> SchemeChange:
        return self.now.change

    @property
    def next_landmark(self) -> int | None:
        """The first one without a place on the picture; None where all have one."""
        missing = np.flatnonzero(~np.isfinite(self.now.points[:, 0]))
        return int(missing[0]) if len(missing) else None

    # Undo

    @property
    def undoable(self) -> str:
        """What the last step is called; '' where there is none."""
        return self._before[-1][0] if self._before else ""

    @property
    def redoable(self) -> str:
        return self._undone[-1][0] if self._undone else ""

    def undo(self) -> None:
        self._turn(self._before, self._undone)

    def redo(self) -> None:
        self._turn(self._undone, self._before)

    def _turn(self, source: list[tuple[str, Drawn]], target: list[tuple[str, Drawn]]) -> None:
        if source:
            title, other = source.pop()
            target.append((title, self.now))
            self.now = other
            self._laps.begin()
            self.changed.emit()

    # Landmarks

    def rename(self, landmark: int, name: str) -> bool:
        name = name.strip()
        if name == self.scheme.landmarks[landmark]:
            return True
        if not name:
            self.refused.emit(SchemeError("A landmark needs a name."))
            return False
        return self._edit(f"name of {name}", lambda c: c.rename(landmark, name))

    def add(self, place: Place | None = None, after: int | None = None) -> int:
        """A new landmark, behind the one after which it is to stand, or the last; its number."""
        at = len(self.scheme) if after is None else after + 1
        name = _free(self.scheme.landmarks, "landmark", len(self.scheme) + 1)
        points = np.insert(self.now.points, at, np.nan if place is None else place, axis=0)
        took = 0.0 if place is None else self._laps.lap()
        seconds = np.insert(self.now.seconds, at, took)
        self._edit(f"{name} added", lambda c: c.add(name, at), (points, seconds))
        return at

    def remove(self, landmark: int) -> bool:
        name = self.scheme.landmarks[landmark]
        kept = [np.delete(each, landmark, axis=0) for each in (self.now.points, self.now.seconds)]
        return self._edit(f"{name} removed", lambda c: c.remove(landmark), (kept[0], kept[1]))

    def move(self, landmark: int, to: int) -> bool:
        """So that it is the one at `to`."""
        if to == landmark or not 0 <= to < len(self.scheme):
            return False
        order = np.delete(np.arange(len(self.scheme)), landmark)
        order = np.insert(order, to, landmark)
        placed = self.now.points[order], self.now.seconds[order]
        title = f"{self.scheme.landmarks[landmark]} moved to {to + 1}"
        return self._edit(title, lambda c: c.move(landmark, to), placed)

    def colour(self, landmark: int, colour: str | None) -> bool:
        title = f"colour of {self.scheme.landmarks[landmark]}"
        return self._edit(title, lambda c: c.colour(landmark, colour))

    def define(self, landmark: int, text: str) -> bool:
        if text.strip() == dict(self.scheme.definitions).get(landmark, ""):
            return True
        title = f"definition of {self.scheme.landmarks[landmark]}"
        return self._edit(title, lambda c: c.define(landmark, text))

    # Pairs

    def switch_pair(self, a: int, b: int) -> bool:
        """Left and right of each other, or no longer where they are."""
        if (a, b) in self.scheme.partners or (b, a) in self.scheme.partners:
            return self._edit("pair taken away", lambda c: c.unpair(a))
        return self._edit("pair", lambda c: c.pair(a, b))

    def unpair(self, landmark: int) -> bool:
        return self._edit("pair taken away", lambda c: c.unpair(landmark))

    def suggested_pairs(self) -> tuple[Pair, ...]:
        """By names, of landmarks that have no partner."""
        taken = {i for pair in self.scheme.partners for i in pair}
        found = partners_by_name(self.scheme.landmarks)
        return tuple(pair for pair in found if not taken & set(pair))

    def pair_by_names(self) -> int:
        """As one step; how many pairs were made."""
        pairs = self.suggested_pairs()

        def edit(change: SchemeChange) -> SchemeChange:
            for left, right in pairs:
                change = change.pair(left, right)
            return change

        if pairs:
            self._edit("pairs by names", edit)
        return len(pairs)

    def switch_edge(self, a: int, b: int) -> bool:
        return self._edit("line", lambda c: c.switch_edge(a, b))

    def switch_curve(self, landmarks: Sequence[int]) -> bool:
        """A contour through these, along the lines between them; or no longer where they lie on
        one already."""
        scheme = self.scheme
        there = [c for c in scheme.curves if set(landmarks) <= set(c.landmarks)]
        if there:
            return self._edit("curve taken away", lambda c: c.unbend(there[0].name))
        found = along_lines(landmarks, scheme.edges)
        if found is None:
            return False
        names = [scheme.landmarks[j] for j in (found.landmarks[0], found.landmarks[-1])]
        taken, name = {c.name for c in scheme.curves}, " to ".join(names)
        while name in taken:  # as upper and lower lids have the same ends
            name += ", another"
        return self._edit("curve", lambda c: c.bend(replace(found, name=name)))

    def space_evenly(self, landmarks: Sequence[int]) -> bool:
        """What lies on the contours of these is spaced evenly when a shape is accepted, or no
        longer where all of them are."""
        touched = [c for c in self.scheme.curves if set(landmarks) & set(c.landmarks)]
        wanted = not all(curve.evenly for curve in touched)

        def edit(change: SchemeChange) -> SchemeChange:
            for curve in touched:
                change = change.bend(replace(curve, evenly=wanted))
            return change

        return self._edit("even spacing" if wanted else "spacing as placed", edit)

    def head(self, pair: Pair | None) -> bool:
        return self._edit("heading", lambda c: c.head(pair))

    def normalise_by(self, pair: Pair | None) -> bool:
        return self._edit("what errors are divided by", lambda c: c.normalise_by(pair))

    def call(self, name: str) -> bool:
        """The scheme, where it is a new one."""
        if name == self.scheme.name:
            return True

        def edit(change: SchemeChange) -> SchemeChange:
            return replace(change, after=replace(change.after, name=name))

        return self._edit("name of the scheme", edit)

    # Regions

    def add_region(self) -> int:
        """A new one, the last; its place."""
        place = len(self.scheme.regions)
        name = _free([region.name for region in self.scheme.regions], "region", place + 1)
        self._edit(f"{name} added", lambda c: c.add_region(Region(name)))
        return place

    def add_regions(self, regions: Sequence[Region]) -> int:
        """Those of which none has the name yet, as one step; how many that were."""
        there = {region.name for region in self.scheme.regions}
        new = [region for region in regions if region.name not in there]

        def edit(change: SchemeChange) -> SchemeChange:
            for region in new:
                change = change.add_region(region)
            return change

        self._edit(f"{counted(len(new), 'region')} added", edit)
        return len(new)

    def set_region(self, place: int, region: Region) -> bool:
        """With another name, colour or kind; its masks stay."""
        region = replace(region, name=region.name.strip())
        if not region.name:
            self.refused.emit(SchemeError("A region needs a name."))
            return False
        now = [other.name for i, other in enumerate(self.scheme.regions) if i != place]
        if region.name in now:
            self.refused.emit(SchemeError(f'There is a region "{region.name}" already.'))
            return False
        return self._edit(f"region {region.name}", lambda c: c.set_region(place, region))

    def remove_region(self, place: int) -> bool:
        title = f"{self.scheme.regions[place].name} removed"
        return self._edit(title, lambda c: c.remove_region(place))

    def move_region(self, place: int, to: int) -> bool:
        """So that it is the one at `to`, and has the key of that place."""
        if to == place or not 0 <= to < len(self.scheme.regions):
            return False
        title = f"{self.scheme.regions[place].name} moved to {to + 1}"
        return self._edit(title, lambda c: c.move_region(place, to))

    # The picture

    def place(self, landmark: int, place: Place) -> None:
        points, seconds = self.now.points.copy(), self.now.seconds.copy()
        points[landmark] = place
        seconds[landmark] += self._laps.lap()
        title = f"place of {self.scheme.landmarks[landmark]}"
        self._do(title, replace(self.now, points=points, seconds=seconds))

    def show_on(
        self, ground: Pyramid | None, points: Floats, seconds: Floats | None = None
    ) -> None:
        """Another picture. points: (L, 2) of the landmarks of the stored scheme, NaN for none.
        seconds: (L,) that people took to put them there, None where nobody did."""
        self._do("picture", _shown(self.change, ground, points, seconds))

    def begin_on(
        self, ground: Pyramid | None, points: Floats, seconds: Floats | None = None
    ) -> None:
        """As `show_on`, as if the picture had been there from the first step on."""
        for steps in (self._before, self._undone):
            steps[:] = [
                (title, _shown(drawn.change, ground, points, seconds)) for title, drawn in steps
            ]
        self.now = _shown(self.change, ground, points, seconds)
        self._laps.begin()
        self.changed.emit()

    # How steps are done

    def _edit(
        self,
        title: str,
        edit: Callable[[SchemeChange], SchemeChange],
        placed: tuple[Floats, Floats] | None = None,
    ) -> bool:
        """placed: points and seconds of the landmarks of then, where they are others than now."""
        try:
            change = edit(self.change)
        except SchemeError as error:
            self.refused.emit(error)
            return False
        if change == self.change:
            return True
        points, seconds = placed or (self.now.points, self.now.seconds)
        self._do(title, replace(self.now, change=change, points=points, seconds=seconds))
        return True

    def _do(self, title: str, now: Drawn) -> None:
        self._before.append((title, self.now))
        self._undone.clear()
        self.now = now
        self._laps.begin()
        self.changed.emit()


def _free(taken: Sequence[str], what: str, number: int) -> str:
    """A name that none has yet, such as "landmark 7"."""
    while f"{what} {number}" in taken:
        number += 1
    return f"{what} {number}"


def _shown(
    change: SchemeChange, ground: Pyramid | None, points: Floats, seconds: Floats | None
) -> Drawn:
    found, took = np.full((len(change.after), 2), np.nan), np.zeros(len(change.after))
    for place, origin in enumerate(change.origins):
        if origin is not None:
            found[place] = points[origin]
            took[place] = 0.0 if seconds is None else seconds[origin]
    return Drawn(change, found, took, ground)
