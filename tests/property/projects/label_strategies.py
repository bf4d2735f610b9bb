"""Labels for property tests: schemes, shapes, boxes and what a project hands to a writer."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

WIDTH, HEIGHT = 40, 30
"""Of all images, in pixels."""

# Any float64 that can be a coordinate. Of numbers below 1e-30 px, text does not keep all digits
# where the format counts from elsewhere.
COORDINATES = st.floats(-1e6, 1e6).filter(lambda v: v == 0 or abs(v) > 1e-30)
NAMES = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip),
    min_size=1,
    max_size=6,
    unique=True,
).filter(all)
BOXES = st.builds(
    Box,
    COORDINATES,
    COORDINATES,
    st.floats(0.1, 1e6),
    st.floats(0.1, 1e6),
    st.floats(-np.pi, np.pi),
)


@st.composite
def shapes(
    draw: st.DrawFn,
    size: int,
    *,
    complete: bool = False,
    coordinates: st.SearchStrategy[float] = COORDINATES,
) -> Shape:
    points = np.array(
        draw(st.lists(st.tuples(coordinates, coordinates), min_size=size, max_size=size))
    )
    if not complete:
        points[draw(st.lists(st.booleans(), min_size=size, max_size=size))] = np.nan
    visibility = draw(st.lists(st.sampled_from([0, 1, 2]), min_size=size, max_size=size))
    marks = st.sampled_from([None, *Provenance])
    provenance = draw(st.lists(marks, min_size=size, max_size=size))
    return Shape(points, np.array(visibility, dtype=np.int8), tuple(provenance))


@st.composite
def labelled(
    draw: st.DrawFn,
    *,
    complete: bool = False,
    coordinates: st.SearchStrategy[float] = COORDINATES,
) -> tuple[Scheme, list[tuple[Shape, Box | None]]]:
    scheme = Scheme("any", tuple(draw(NAMES)))
    shape = shapes(len(scheme), complete=complete, coordinates=coordinates)
    return scheme, draw(st.lists(st.tuples(shape, st.none() | BOXES), max_size=4))


def exported(folder: Path, several: Sequence[tuple[Shape, Box | None]]) -> list[ExportedInstance]:
    """Each in an image of its own in `folder`/photos; the images themselves are not there."""
    return [
        ExportedInstance(folder / "photos" / f"{i}.png", WIDTH, HEIGHT, shape, box, f"key {i}")
        for i, (shape, box) in enumerate(several)
    ]
