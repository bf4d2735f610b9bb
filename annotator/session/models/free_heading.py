"""Whether the objects of a project point anywhere though its scheme takes them for upright."""

from dataclasses import dataclass
from itertools import islice

from landmark_annotator.backends.shapes.fitting.free_heading import steady_pair, turns_freely
from landmark_annotator.projects.store import Project
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
        said = (
            "The labelled objects point in very different directions, and the scheme takes them "
            "for upright, as it names no heading: what is proposed is a mean of all directions."
        )
        if self.names is None:
            return f"{said} Name two landmarks between which an object always points one way."
        return (
            f"{said} The line from {self.names[0]} to {self.names[1]} says best where one points."
        )

    @property
    def command(self) -> str:
        """What sets it, after "annotator scheme PROJECT"."""
        start, end = self.names or ("FROM", "TO")
        return f'--heading "{start}" "{end}" --yes'


def free_heading(project: Project) -> FreeHeading | None:
    """None where the scheme has a heading, or the accepted shapes do not say that it lacks one."""
    scheme = project.scheme
    if scheme.heading is not None or len(scheme) < _FEWEST_POINTS:
        return None
    shapes = [
        shape.points
        for _, shape in islice(project.shapes(bare=True), _READ)
        if shape.known.sum() >= _FEWEST_POINTS
    ]
    shapes = shapes[:: -(-len(shapes) // _COMPARED) or 1]
    if not turns_freely(shapes):
        return None
    return FreeHeading(scheme, steady_pair(shapes, scheme))
