"""How precisely people click in a project: measured where labels were repeated, else assumed."""

import math
from collections.abc import Iterator
from itertools import chain

import numpy as np

from landmark_annotator.annotator.session.simulation.hand import CLICK_ERROR, Hand
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.store.same_objects import gives_way, labelled_by_two
from landmark_annotator.projects.vocabulary import PINNED, Provenance, Scheme
from landmark_annotator.projects.vocabulary.wording import rounded

FEWEST_REPEATED = 20
"""Landmarks placed twice, from which on their distances say how precise a hand is."""
_SCREEN_ERROR = 1.5
_CANVAS = 700
"""Pixels of the screen: of a click's deviation along each axis, and of the side of the canvas that
an object's box is fitted to."""
_MEDIAN = float(np.sqrt(2 * np.log(2)) * np.sqrt(2))
"""The median distance of two clicks, in deviations of one along an axis."""


def hand_of(project: Project) -> Hand:
    """In its `source` every assumption is named."""
    opinions, again = list(_second_opinions(project)), list(_placed_again(project))
    twice = np.array([*(apart for _, apart in opinions), *again])
    if len(twice) < FEWEST_REPEATED:
        return assumed_hand(project.scheme)
    # Of three people who have placed a landmark every two are compared.
    count = len({landmark for landmark, _ in opinions}) + len(again)
    error = max(float(np.median(twice)) / _MEDIAN, 1e-4)
    source = (
        f"Clicks are off by {_percent(error)} along each axis, as {count:,} landmarks "
        "that were placed twice in this project are."
    )
    return _hand(project.scheme, error, source)


def assumed_hand(scheme: Scheme) -> Hand:
    """Where no labels were repeated; it looks at no project, and so is quick."""
    if scheme.normaliser is not None:
        source = (
            f"Clicks are taken to be off by {_percent(CLICK_ERROR)} of the normaliser along each "
            "axis; no labels were repeated to measure it."
        )
        return _hand(scheme, CLICK_ERROR, source)
    error = _SCREEN_ERROR / _CANVAS / math.sqrt(2)
    source = (
        f"Clicks are taken to be off by {_SCREEN_ERROR:g} pixels of the screen along each "
        f"axis, where an object's box fills {_CANVAS} of them: {_percent(error)} of the box's "
        "diagonal; no labels were repeated to measure it."
    )
    return _hand(scheme, error, source)


def _hand(scheme: Scheme, error: float, source: str) -> Hand:
    if scheme.normaliser is not None:
        return Hand(error, source)
    scale = error / CLICK_ERROR
    return Hand(
        error,
        f"{source} The scheme names no normaliser, so errors are in percent of the box's diagonal "
        f"and good enough is what clicks can tell apart: {rounded(3.5 * scale, 2)} % on average, "
        f"{rounded(10 * scale, 2)} % everywhere.",
        scale,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"


def _second_opinions(project: Project) -> Iterator[tuple[tuple[int, int], float]]:
    """Distances of two people's landmarks, as shares of the normaliser, each with the one that it
    is of: an object's, by the first of its labels. Where both have only confirmed what was proposed
    it is the proposal's from itself."""
    # As `second_opinions` has them, so that each counts once.
    # Also of those of which a lead has let one stand: that makes no hand any steadier.
    about = {(other, one) for one, other in labelled_by_two(project, decided=True)}
    about |= {*project.second_opinions().items()}
    if not about:
        return
    wanted = set(chain.from_iterable(about))
    firsts: dict[int, int] = {}
    for pair in sorted(tuple(sorted(pair)) for pair in about):
        first = min(firsts.get(i, i) for i in pair)
        firsts |= dict.fromkeys(pair, first)
    read = project.shapes(None, excluded=True, among=[*wanted])
    found = {r.id: (r, shape) for r, shape in read if r.excluded is None or gives_way(r)}
    boxes = ErrorBoxes(project)
    for one, other in sorted(about):
        if one not in found or other not in found or found[one][0].box is None:
            continue
        (record, shape), (_, twin) = found[one], found[other]
        length = boxes.length(record, shape)
        for j in range(len(shape.points)):
            marks = {shape.provenance[j], twin.provenance[j]}
            if marks <= PINNED and marks != {Provenance.CONFIRMED}:
                distance = float(np.linalg.norm(shape.points[j] - twin.points[j])) / length
                if np.isfinite(distance):
                    yield (firsts[one], j), distance


def _placed_again(project: Project) -> Iterator[float]:
    """Distances of two clicks of one person on one landmark, the first of them undone by nothing
    but the second."""
    twice = project.placed_again()
    if not twice:
        return
    boxes = ErrorBoxes(project)
    lengths = {
        record.id: boxes.length(record, shape)
        for record, shape in project.shapes(None, among=[*{one.instance_id for one in twice}])
        if record.box is not None
    }
    for one in twice:
        if one.instance_id in lengths:
            yield float(np.hypot(*np.subtract(one.after, one.before))) / lengths[one.instance_id]
