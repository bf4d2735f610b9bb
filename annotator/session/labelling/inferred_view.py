"""The view of an instance whose landmarks follow from a proposal and what people have placed."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from landmark_annotator.annotator.session.labelling import contours
from landmark_annotator.annotator.session.labelling.planned_query import planned_query
from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.backends.shapes.queries import worth_asking
from landmark_annotator.projects.store import InstanceRecord, Plan
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats

_ANYWHERE = 0.5
"""Sides of its box by which an object is expected to be off that need not be in it at all."""


def inferred(
    scheme: Scheme,
    record: InstanceRecord,
    stored: Shape,
    filled: frozenset[int],
    absent: frozenset[int],
    proposal: Proposal,
    posterior: Posterior,
    *,
    hidden: Floats | None,
    marked: frozenset[int],
    mm_per_pixel: float | None,
    plan: Plan,
    affordable: Callable[[], bool],
    sized: Callable[[Box, Floats], Box],
) -> View:
    """posterior: of the proposal and what is stored. filled: landmarks that stay where they were
    filled in. absent, hidden, marked: as of `View`. affordable: whether the budget allows more than
    the plan's points. sized: as of `ErrorBoxes`."""
    points, covariances = posterior.positions, posterior.covariances.copy()
    marks = enumerate(stored.provenance)
    provenance = [m if m in contours.HELD or j in filled else None for j, m in marks]
    for j in filled:
        points[j], covariances[j] = stored.points[j], stored.covariances[j]
    expected = covariances.copy()
    visibility = np.where(
        stored.visibility == Visibility.NOT_LABELLED, Visibility.VISIBLE, stored.visibility
    )
    # As true errors are measured.
    box = proposal.measure(record.box, np.delete(points, sorted(absent), axis=0))
    absent_at = np.full_like(points, np.nan)
    for j in absent:
        absent_at[j], points[j], covariances[j] = points[j], np.nan, np.nan
        visibility[j] = Visibility.NOT_LABELLED
    drops = worth_asking(posterior.drops, hidden).copy()
    # Nobody is asked for what is not there or cannot be seen.
    drops[visibility != Visibility.VISIBLE] = 0.0
    # Nor is anything off where there is nothing.
    left = posterior.unlearned | absent
    posterior = replace(posterior, points=points, covariances=expected, drops=drops, unlearned=left)
    measured = sized(box, posterior.positions)
    error = posterior.predicted_error(scheme, measured)
    placed = [j for j, mark in enumerate(provenance) if mark is not None and mark.is_evidence]
    nowhere = ~np.isfinite(points[:, 0])
    covariances[nowhere], visibility[nowhere] = np.nan, stored.visibility[nowhere]
    # Who has drawn a box looks into that; where one was carried along nobody has looked.
    lost = record.track_id is not None and posterior.expected_distance > _ANYWHERE * box.side
    millimetres = None if mm_per_pixel is None else mm_per_pixel * posterior.expected_distance
    return View(
        instance=record,
        shape=Shape(points, visibility, provenance, covariances),
        absent=absent,
        absent_at=absent_at,
        query=planned_query(plan, posterior.query, drops, placed, error, affordable),
        predicted_error=error,
        backend=proposal.backend,
        predicted_visible=contours.predicted_visible(posterior, scheme, measured),
        predicted_millimetres=millimetres,
        hidden=hidden,
        marked=marked,
        unfamiliar=proposal.unfamiliar,
        lost=lost and not any(provenance),
        measured=measured,
    )
