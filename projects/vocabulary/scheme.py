"""A scheme: the dense landmark definition of a project."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.curve import Curve
from landmark_annotator.projects.vocabulary.errors import SchemeError, closest, why
from landmark_annotator.projects.vocabulary.former_scheme import FormerScheme, places_of
from landmark_annotator.projects.vocabulary.region import Region, written_regions
from landmark_annotator.projects.vocabulary.scheme_entries import parts_of
from landmark_annotator.projects.vocabulary.scheme_parts import (
    check_curves,
    check_definitions,
    make_tuples,
)

_KEYS = (
    "name",
    "title",
    "version",
    "landmarks",
    "edges",
    "partners",
    "normaliser",
    "heading",
    "colours",
    "definitions",
    "curves",
    "regions",
)
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_MOST_BYTES = 10_000_000
_MOST_VERSIONS = 1 << 31
"""As many as every database holds."""

Pair = tuple[int, int]
"""Two landmarks."""


@dataclass(frozen=True)
class Scheme:
    """L named landmarks in order, and what is known about them.

    edges: pairs of landmarks to draw a line between; contours draw theirs, see `lines`.
    partners: pairs that change places when the image is mirrored (left and right).
    normaliser: two landmarks whose distance errors are divided by; None is the box diagonal.
    heading: (from, to), the direction in which the object points; None where it is upright.
    colours: (landmark, "#rrggbb") of those that are drawn in a colour of their own.
    definitions: (landmark, text) where on the object it is, for people.
    curves: the contours that landmarks lie on. regions: what has a mask, in order.
    former: its other versions in a project; no file has them, and schemes are equal without them.
    Raises SchemeError where the parts contradict each other.
    """

    name: str
    landmarks: tuple[str, ...]
    edges: tuple[Pair, ...] = ()
    partners: tuple[Pair, ...] = ()
    normaliser: Pair | None = None
    heading: Pair | None = None
    version: int = 1
    title: str = ""
    colours: tuple[tuple[int, str], ...] = ()
    definitions: tuple[tuple[int, str], ...] = ()
    curves: tuple[Curve, ...] = ()
    regions: tuple[Region, ...] = ()
    former: tuple[FormerScheme, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        make_tuples(self)
        size = len(self.landmarks)
        if not self.name or size == 0:
            raise SchemeError("A scheme needs a name and at least one landmark.")
        repeated = {name for name, count in Counter(self.landmarks).items() if count > 1}
        if repeated:
            raise SchemeError(
                f"Scheme {self.name}: used twice as names: {', '.join(sorted(repeated))}.",
                remedy="Give every landmark a name of its own.",
            )
        pairs = [*self.edges, *self.partners]
        pairs += [pair for pair in (self.normaliser, self.heading) if pair is not None]
        for pair in pairs:
            if len(pair) != 2 or pair[0] == pair[1] or not all(0 <= i < size for i in pair):
                raise SchemeError(
                    f"Scheme {self.name}: {tuple(pair)} is not a pair of two different landmarks "
                    f"among 0..{size - 1}."
                )
        members = [i for pair in self.partners for i in pair]
        if len(members) != len(set(members)):
            raise SchemeError(f"Scheme {self.name}: a landmark has two left/right partners.")
        for landmark, colour in self.colours:
            if not 0 <= landmark < size or not _COLOUR.fullmatch(colour):
                raise SchemeError(
                    f'Scheme {self.name}: "{colour}" is no colour for landmark {landmark}.',
                    remedy='Write colours as "#rrggbb".',
                )
        check_definitions(self.name, self.definitions, size)
        check_curves(self.name, self.curves, size)
        called = [region.name for region in self.regions]
        for region in self.regions:
            if not region.sound or called.count(region.name) > 1:
                raise SchemeError(
                    f'Scheme {self.name}: region "{region.name}" has no sound name or colour, or '
                    "is there twice.",
                    remedy='Give every region a name of its own, and colours as "#rrggbb".',
                )

    def __len__(self) -> int:
        return len(self.landmarks)

    @cached_property
    def mirror(self) -> tuple[int, ...]:
        """mirror[i] is the landmark that takes the place of i in a mirrored image."""
        order = list(range(len(self)))
        for left, right in self.partners:
            order[left], order[right] = right, left
        return tuple(order)

    @cached_property
    def lines(self) -> tuple[Pair, ...]:
        """Pairs of landmarks that a drawing joins: the edges, and what contours add to them. A file
        that names both has most of them twice; one of WebMorph names the contours alone."""
        along = [[*curve.landmarks, *curve.landmarks[:1] * curve.closed] for curve in self.curves]
        found: dict[frozenset[int], Pair] = {}
        for pair in chain(self.edges, *map(pairwise, along)):
            found.setdefault(frozenset(pair), pair)
        return tuple(found.values())

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The landmarks that lines connect, each group in order: the parts of the shape."""
        parent = list(range(len(self)))

        def root(i: int) -> int:
            while parent[i] != i:
                i = parent[i]
            return i

        for a, b in self.lines:
            parent[max(root(a), root(b))] = min(root(a), root(b))
        members: dict[int, list[int]] = {}
        for i in range(len(self)):
            members.setdefault(root(i), []).append(i)
        return tuple(tuple(group) for group in members.values())

    @cached_property
    def semilandmarks(self) -> dict[int, tuple[int, int]]:
        """Of each landmark inside a contour its neighbours (before, after) on it, see
        `Curve.neighbours`.

        One that is the end of a contour, or where two cross, is a point of its own.
        """
        inside = [place for curve in self.curves for place in curve.neighbours]
        times = Counter(landmark for _, landmark, _ in inside)
        ends = {end for curve in self.curves for end in curve.ends}
        return {
            landmark: (before, after)
            for before, landmark, after in inside
            if times[landmark] == 1 and landmark not in ends
        }

    def contour_of(self, semilandmark: int) -> Curve:
        """The one that it lies inside."""
        return next(c for c in self.curves if semilandmark in (n[1] for n in c.neighbours))

    @cached_property
    def sliding(self) -> Ints:
        """(S, 3) landmark before, semilandmark, landmark after."""
        rows = [(before, j, after) for j, (before, after) in self.semilandmarks.items()]
        return np.array(rows, dtype=np.int64).reshape(-1, 3)

    def index(self, name: str) -> int:
        """The landmark of this name. Raises SchemeError with the closest known name."""
        try:
            return self._numbers[name]
        except KeyError:
            raise SchemeError(
                f'Scheme {self.name} has no landmark "{name}".{closest(name, self.landmarks)}'
            ) from None

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.landmarks)}

    def places_of(
        self, names: Iterable[str], version: object = None, *, returned: bool = True
    ) -> tuple[int, ...] | None:
        """Where landmarks stand that something was learned of under these names, in the scheme of
        that version; None where one is not among these, or it is open which one it is.

        returned: whether one that went is the one that came under its name later.
        """
        own = FormerScheme(self.version, self.landmarks, tuple(range(len(self))))
        again = self.landmarks if returned else ()
        return places_of(tuple(map(str, names)), version, (*self.former, own), again)

    def is_known_as(self, names: Iterable[str], version: object = None) -> bool:
        """Whether these are its landmarks in their order, as they are called or were in that
        version: what was learned of them under those names holds."""
        return self.places_of(names, version) == tuple(range(len(self)))

    @property
    def divisor(self) -> str:
        """What errors in percent are of, for people."""
        return "the box's diagonal" if self.normaliser is None else "the normaliser"

    def normaliser_length(self, points: Floats, box: Box) -> float:
        """What errors on this shape are divided by, in pixels.

        points: (L, 2) the true shape. The box diagonal serves where the scheme names no
        normaliser or its landmarks are unknown; see `ErrorLengths` for where others of the objects
        have them.
        """
        named = self.named_length(points)
        return box.diagonal if named is None else named

    def named_length(self, points: Floats) -> float | None:
        """Pixels of the normaliser in the shape (L, 2); None where the scheme names none, or the
        shape lacks its landmarks."""
        if self.normaliser is None:
            return None
        a, b = self.normaliser
        length = float(np.linalg.norm(points[a] - points[b]))
        return length if np.isfinite(length) and length > 0 else None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, pairs as landmark names: what scheme files and exports hold."""
        named = self.landmarks
        content: dict[str, Any] = {
            "name": self.name,
            "title": self.title,
            "version": self.version,
            "landmarks": list(named),
            "edges": [[named[a], named[b]] for a, b in self.edges],
            "partners": [[named[a], named[b]] for a, b in self.partners],
        }
        for key, pair in (("normaliser", self.normaliser), ("heading", self.heading)):
            if pair is not None:
                content[key] = [named[pair[0]], named[pair[1]]]
        for key, texts in (("colours", self.colours), ("definitions", self.definitions)):
            if texts:
                content[key] = {named[i]: text for i, text in texts}
        if self.curves:
            content["curves"] = [
                {
                    "name": curve.name,
                    "landmarks": [named[i] for i in curve.landmarks],
                    "closed": curve.closed,
                    "free_ends": curve.free_ends,
                    "evenly": curve.evenly,
                }
                for curve in self.curves
            ]
        if self.regions:
            content["regions"] = written_regions(self.regions)
        return content

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Scheme":
        """The inverse of `to_dict`. Pairs and curves may be names or 0-based numbers.

        Raises SchemeError, also for values of another kind than they should be.
        """
        try:
            return cls._of(content)
        except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
            raise SchemeError(
                f"An entry of the scheme is of another kind than it should be: {error}.",
                remedy="`annotator scheme` shows what a scheme file looks like.",
            ) from error

    @classmethod
    def _of(cls, content: Mapping[str, Any]) -> "Scheme":
        for key in content:
            if key not in _KEYS:
                raise SchemeError(f'A scheme has no entry "{key}".{closest(key, _KEYS)}')
        names = content.get("landmarks", ())
        if not isinstance(names, list | tuple) or not all(isinstance(n, str) for n in names):
            raise SchemeError('A scheme needs "landmarks": a list of names in order.')
        # Names are resolved with a bare scheme, which also checks them.
        bare = cls(str(content.get("name", "")), tuple(names))
        parts = parts_of(content, bare.name, bare.index)
        return cls(bare.name, bare.landmarks, **parts)

    @classmethod
    def load(cls, path: Path | str) -> "Scheme":
        """From a TOML or JSON file. Raises SchemeError where it cannot be read."""
        path = Path(path)
        try:
            if path.exists() and not path.is_file():
                raise ValueError("it is no file")
            if path.stat().st_size > _MOST_BYTES:
                raise ValueError(f"it has more than {_MOST_BYTES // 1_000_000} MB")
            text = path.read_text(encoding="utf-8-sig")
            content = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
        except (OSError, ValueError, RecursionError) as error:
            raise SchemeError(
                f"The scheme file {path} cannot be read: {why(error)}.",
                remedy="A scheme is a TOML or JSON file with name and landmarks: docs/schemes.md.",
            ) from error
        if not isinstance(content, dict):
            raise SchemeError(f"The scheme file {path} holds no table of entries.")
        try:
            scheme = cls.from_dict(content)
            scheme.check_names()
        except SchemeError as error:
            said = f"The scheme file {path}: {error.happened}"
            raise SchemeError(said, kept=error.kept, remedy=error.remedy) from error
        return scheme

    def check_names(self) -> None:
        """Raises SchemeError for names that no label file could hold: of nothing but spaces, or
        not Unicode. Asked of new schemes; old projects may have such names."""
        for name in (self.name, *self.landmarks, *(region.name for region in self.regions)):
            if not name.strip() or _NO_TEXT.search(name):
                raise SchemeError(
                    f"Scheme {self.name!a}: {name!a} is no name.",
                    remedy="Write names of letters.",
                )
        if not 0 <= self.version < _MOST_VERSIONS:
            raise SchemeError(f"Scheme {self.name}: {self.version} is no version.")

    @classmethod
    def named(cls, name: str) -> "Scheme":
        """A built-in scheme. Raises SchemeError with the closest known name."""
        known = built_in_names()
        if name not in known:
            raise SchemeError(
                f'There is no built-in scheme "{name}".{closest(name, known)}',
                remedy=f"Built in: {', '.join(known)}. Or give the path of a scheme file, or of a "
                "text file (.txt) with the name of a landmark on each line.",
            )
        source = (
            resources.files("landmark_annotator.projects.vocabulary") / "schemes" / f"{name}.toml"
        )
        return cls.from_dict(tomllib.loads(source.read_text(encoding="utf-8")))


def built_in_names() -> tuple[str, ...]:
    folder = resources.files("landmark_annotator.projects.vocabulary") / "schemes"
    return tuple(
        sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    )
