"""Whether the objects of a project point anywhere though its scheme takes them for upright: models
learn them turned then, and people are told."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes.fitting.free_heading import (
    pointing,
    too_few_to_tell,
    turns_freely,
    turns_tell,
)
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.scheme import Pair, Scheme

_READ, _COMPARED = 480, 48
"""Accepted shapes that are read, and evenly drawn ones of these that are compared."""
_FEWEST_POINTS = 3


@dataclass(frozen=True)
class FreeHeading:
    """pair: the two landmarks (from, to) that say best where an object points; None where no two
    do."""

    scheme: Scheme
    pair: Pair | None

    @property
    def names(self) -> tuple[str, str] | None:
        """Of the two."""
        if self.pair is None:
            return None
        start, end = (self.scheme.landmarks[i] for i in self.pair)
        return start, end

    @property
    def sentence(self) -> str:
        """For people: what is seen, and what comes of it."""
        said = "The labelled objects point in very different directions"
        if self.names is None:
            return (
                f"{said}, and what is proposed is a mean of all. Name two landmarks between which "
                "an object always points one way."
            )
        start, end = self.names
        return (
            f"{said}. Models turn them along the line from {start} to {end}; named as the scheme's "
            "heading, it also turns what is found and shown."
        )

    @property
    def command(self) -> str:
        """What sets it, after "annotator scheme PROJECT"."""
        start, end = self.names or ("FROM", "TO")
        return f'--heading "{start}" "{end}" --yes'


def free_heading(project: Project) -> FreeHeading | None:
    """None where the scheme has a heading, or the accepted shapes do not say that it lacks one."""
    scheme = project.scheme
    if scheme.heading is not None:
        return None
    shapes = _compared([shape.points for _, shape in project.shapes(bare=True, most=_READ)])
    if not turns_freely(shapes):
        return None
    found = pointing(scheme, shapes)
    return FreeHeading(scheme, None if found is None else found.heading)


def pointing_scheme(scheme: Scheme, labelled: Sequence[Shape]) -> Scheme:
    """To learn these by: with a heading where it has none and they turn freely."""
    shapes = _compared([shape.points for shape in labelled])
    if scheme.heading is None and turns_freely(shapes):
        return pointing(scheme, shapes) or scheme
    return scheme


def tried_schemes(scheme: Scheme, labelled: Sequence[Shape]) -> list[Scheme]:
    """To learn these by: one, or where turns tell much of them and it is open whether they turn
    freely, without and with a heading."""
    sure = pointing_scheme(scheme, labelled)
    if sure.heading is not None:
        return [sure]
    shapes = _compared([shape.points for shape in labelled])
    found = pointing(scheme, shapes) if turns_tell(shapes) else None
    return [scheme] if found is None else [scheme, found]


def few_leaning(scheme: Scheme, labelled: Sequence[Shape]) -> Scheme | None:
    """To learn these by as objects that lean, where they are too few to tell what turns do: one or
    two that lie alike do not say that the next one does. None where there are more, or it has a
    heading."""
    shapes = _compared([shape.points for shape in labelled])
    return pointing(scheme, shapes) if shapes and too_few_to_tell(shapes) else None


def _compared(shapes: Sequence[Floats]) -> Sequence[Floats]:
    """Evenly drawn, of those (L, 2) that show a turn and more, where the scheme has more."""
    enough = [
        each
        for each in shapes
        if np.isfinite(each[:, 0]).sum() >= max(min(_FEWEST_POINTS, len(each)), 2)
    ]
    return enough[:: -(-len(enough) // _COMPARED) or 1]
