"""Labels of one scheme as labels of another: 68 points as the 5, 19 or 29 of other data sets.

A mapping is a TOML file: `from`, the name of the dense scheme; `[scheme]`, the sparse one, as in a
scheme file; `[points]`, for each of its landmarks the dense landmark that it is, or a list of
those whose mean it is. A landmark that is left out there has no counterpart and stays unknown.
"""

import os
import tomllib
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.text import read_text
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.arguments import told
from landmark_annotator.projects.vocabulary.errors import FormatError, SchemeError, closest, why

_WEAKEST_FIRST = (
    Provenance.RULED,
    Provenance.INFERRED,
    Provenance.FILLED,
    Provenance.IMPORTED,
    Provenance.TRACED,
    Provenance.CONFIRMED,
    Provenance.CLICKED,
)

_FORMER_NAMES = {"faces5": "mafl5", "faces19": "aflw19", "faces29": "cofw29"}
"""Under which scripts may still ask for them."""


@dataclass(frozen=True)
class Mapping:
    """members[i] are the landmarks of `dense` whose mean is landmark i of `sparse`, or none."""

    dense: Scheme
    sparse: Scheme
    members: tuple[tuple[int, ...], ...]

    def to_sparse(self, shape: Shape) -> Shape:
        """A mean is known where all its landmarks are, and as visible as the least of them.

        Its covariance takes their errors for independent; its provenance is the one that says
        least of a person's hand.
        """
        size = len(self.sparse)
        points, covariances = np.full((size, 2), np.nan), np.full((size, 2, 2), np.nan)
        visibility = np.full(size, Visibility.NOT_LABELLED, dtype=np.int8)
        provenance: list[Provenance | None] = [None] * size
        for i, members in enumerate(self.members):
            if not members:
                continue
            several = list(members)
            points[i] = shape.points[several].mean(axis=0)
            covariances[i] = shape.covariances[several].mean(axis=0) / len(several)
            visibility[i] = shape.visibility[several].min()
            marks = [shape.provenance[j] for j in several]
            # What a mean lacks of is not known; absent it is where all of it is.
            if None not in marks and (np.isfinite(points[i, 0]) or shape.absent[several].all()):
                provenance[i] = next(mark for mark in _WEAKEST_FIRST if mark in marks)
        return Shape(points, visibility, provenance, covariances)

    def to_dense(self, shape: Shape) -> Shape:
        """The inverse where a landmark is one of the dense ones; all others are unknown.

        Of a mean no single landmark follows.
        """
        size = len(self.dense)
        points, covariances = np.full((size, 2), np.nan), np.full((size, 2, 2), np.nan)
        visibility = np.full(size, Visibility.NOT_LABELLED, dtype=np.int8)
        provenance: list[Provenance | None] = [None] * size
        for i, members in enumerate(self.members):
            if len(members) == 1:
                points[members[0]], covariances[members[0]] = shape.points[i], shape.covariances[i]
                visibility[members[0]] = shape.visibility[i]
                provenance[members[0]] = shape.provenance[i]
        return Shape(points, visibility, provenance, covariances)

    def dense_values(self, values: Sequence[float]) -> tuple[float, ...]:
        """A number for each sparse landmark as one for each dense one, 0 where there is none."""
        dense = [0.0] * len(self.dense)
        for value, members in zip(values, self.members, strict=True):
            if len(members) == 1:
                dense[members[0]] = value
        return tuple(dense)

    @property
    def without_counterpart(self) -> tuple[str, ...]:
        """Sparse landmarks that the dense scheme has nothing for."""
        return tuple(
            name for name, m in zip(self.sparse.landmarks, self.members, strict=True) if not m
        )

    @property
    def means(self) -> tuple[str, ...]:
        """Sparse landmarks that are the mean of several."""
        return tuple(
            n for n, m in zip(self.sparse.landmarks, self.members, strict=True) if len(m) > 1
        )


def mapping_of(given: Mapping | Path | str | None, dense: Scheme) -> Mapping | None:
    """As it was given, or as `mapping_for` finds it."""
    return given if given is None or isinstance(given, Mapping) else mapping_for(given, dense)


@told
def mapping_for(name: Path | str, dense: Scheme) -> Mapping:
    """A built-in mapping, or one in a TOML file, from this scheme.

    Raises SchemeError with the closest known name.
    """
    path, name = Path(name), str(name)
    if path.suffix.lower() == ".toml" or os.path.isfile(path):  # noqa: PTH113 - Path's own raises
        try:
            text = read_text(path)
        except FormatError as error:
            raise SchemeError(str(error)) from error
    else:
        name = _FORMER_NAMES.get(name, name)
        known = built_in_mappings()
        if name not in known:
            raise SchemeError(
                f'There is no built-in mapping "{name}".{closest(name, known)}',
                remedy=f"Built in: {', '.join(known)}. Or give the path of a TOML file.",
            )
        file = resources.files("landmark_annotator.projects.exchange") / "mappings" / f"{name}.toml"
        text = file.read_text(encoding="utf-8")
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SchemeError(f"The mapping {name} is not TOML: {why(error)}.") from error
    return _mapping(content, dense, name)


def _mapping(content: Table[str, Any], dense: Scheme, name: str) -> Mapping:
    if not isinstance(content.get("from"), str):
        raise SchemeError(
            f"{name} is no mapping: it has no `from`.",
            remedy="A mapping names in it the scheme that it is from; see docs/schemes.md.",
        )
    if content["from"] != dense.name:
        raise SchemeError(
            f'The mapping {name} is from the scheme "{content["from"]}"; the project has '
            f"{dense.name}.",
            remedy="Use a mapping whose `from` names the project's scheme.",
        )
    scheme, points = content.get("scheme"), content.get("points")
    if not isinstance(scheme, dict) or not isinstance(points, dict):
        raise SchemeError(f"The mapping {name} needs the tables [scheme] and [points].")
    sparse = Scheme.from_dict(scheme)
    for landmark in points:
        sparse.index(landmark)
    members: list[tuple[int, ...]] = []
    for landmark in sparse.landmarks:
        given = points.get(landmark, [])
        several = [given] if isinstance(given, str) else given
        if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
            raise SchemeError(f'The mapping {name}: "{landmark}" needs a name or a list of names.')
        members.append(tuple(dense.index(one) for one in several))
    return Mapping(dense, sparse, tuple(members))


def built_in_mappings() -> tuple[str, ...]:
    folder = resources.files("landmark_annotator.projects.exchange") / "mappings"
    names = (file.name for file in folder.iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))
