"""How far everything in a picture goes while the shutter is open."""

import cv2
import numpy as np

from landmark_annotator.projects.rendering.mesh.assets import Assets
from landmark_annotator.projects.rendering.mesh.parts import Label
from landmark_annotator.projects.rendering.production.portrait import (
    Built,
    Moment,
    Person,
    held_at,
    vertices,
)
from landmark_annotator.projects.rendering.scene.path_tracing import Traced
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_SKIN_DEEP = 0.15
"""Head units: a vertex that lies deeper behind what is seen is hidden."""
_REACHES = (2.0, 8.0, 24.0)
"""Pixels over which a vertex speaks for what lies round it, finest first."""
_FEW = 0.02
"""Share of a vertex below which the next coarser reach speaks too."""
_EDGE = 1.5
"""Pixels over which the motions of two things that pass each other are mixed."""


def motion(
    assets: Assets, person: Person, built: Built, traced: Traced, during: tuple[Moment, Moment]
) -> Floats:
    """(S, S, 2) pixels from the begin of the exposure to its end, of what each pixel shows.

    during: the moments at its begin and its end.
    """
    view, size = built.view, built.view.size
    begin, end = (view.project(vertices(assets, person, each)[1]) for each in during)
    at = np.round(view.project(built.coarse)).astype(int)
    inside = ((at >= 0) & (at < size)).all(axis=1)
    columns, rows = at[inside].T
    seen = abs(traced.depth[rows, columns] - view.depth(built.coarse)[inside]) < _SKIN_DEEP
    seen &= traced.labels[rows, columns] != Label.OCCLUDER
    found = spread(rows[seen], columns[seen], (end - begin)[inside][seen], size)
    held = traced.labels == Label.OCCLUDER
    if held.any():
        places = np.stack([held_at(built.guides, each) for each in during])
        from_there, to_there = view.project(places)
        found[held] = to_there - from_there
    return np.asarray(cv2.GaussianBlur(found, (0, 0), _EDGE))


def spread(rows: Ints, columns: Ints, moved: Floats, size: int) -> Floats:
    """(S, S, 2) of the motions (n, 2) at some pixels: each as far as there is nothing nearer."""
    totals, weights = np.zeros((size, size, 2)), np.zeros((size, size))
    np.add.at(totals, (rows, columns), moved)
    np.add.at(weights, (rows, columns), 1.0)
    total, weight = np.zeros_like(totals), np.full((size, size), 1e-9)
    for reach in _REACHES:
        near = cv2.GaussianBlur(weights, (0, 0), reach)
        open_share = np.clip(1 - weight / _FEW, 0.0, 1.0)
        total += open_share[..., None] * cv2.GaussianBlur(totals, (0, 0), reach)
        weight += open_share * near
    return np.asarray(total / np.maximum(weight, 1e-3)[..., None])
