"""What the shapes that people accept say of a project's proposals: calibration that follows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from landmark_annotator.annotator.session.models.hand_precision import assumed_hand
from landmark_annotator.backends.shapes.fitting.recalibration_fit import (
    FEWEST_GROUPS,
    Judged,
    fit_recalibration,
)
from landmark_annotator.backends.shapes.recalibration import Recalibration
from landmark_annotator.projects.groups import project_groups
from landmark_annotator.projects.store import InstanceRecord, JudgedProposal, Project
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.vocabulary import PINNED, Provenance, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats

LET_PASS = 2.3
"""Percent of the normaliser by which accepted labels are off on average: 2.25 to 2.4 on all sets of
the campaign protocol, whatever proposed."""
_OPEN = (Provenance.INFERRED, Provenance.TRACED)
"""Along its contour nobody has said where a traced landmark is."""
_MOST = 100
"""Shapes that a model is judged by: the newest ones, for a project changes."""


def recalibrations(project: Project) -> dict[str, Recalibration]:
    """By the maker of proposals; without those that nothing can be said of.

    Only what was proposed before anybody touched the instance counts, so that no label has its own
    part in what it judges. Instances of related images count as one: the first time that their
    images are looked at takes a while.
    """
    by_maker: defaultdict[str, list[JudgedProposal]] = defaultdict(list)
    for one in project.judged_proposals(2 * _MOST):
        by_maker[one.making.maker].append(one)
    found = {}
    for maker, proposals in by_maker.items():
        # A prior from half of the labels is another prior.
        enough = max(one.making.labels for one in proposals) / 2
        chosen = [one for one in proposals if one.making.labels >= enough][:_MOST]
        ids = [one.instance_id for one in chosen]
        shapes = project.shapes(None, excluded=True, among=ids)
        there = {record.id: (record, shape) for record, shape in shapes}
        labels = [vouched_for(there[one.instance_id][1]) for one in chosen]
        usable = [n for n, (points, _) in enumerate(labels) if np.isfinite(points).any()]
        if len(usable) < FEWEST_GROUPS:
            continue
        judged = _judged(
            project,
            [chosen[n] for n in usable],
            [labels[n] for n in usable],
            [there[chosen[n].instance_id][0] for n in usable],
        )
        recalibration = fit_recalibration(judged)
        if recalibration.changes:
            found[maker] = recalibration
    return found


def said(found: Mapping[str, Recalibration]) -> list[str]:
    """A sentence for each backend, of the model that has proposed last."""
    newest: dict[str, str] = {}
    for maker, recalibration in found.items():
        newest.setdefault(maker.split()[0], recalibration.sentence)
    return [f"{backend}: {sentence}" for backend, sentence in newest.items()]


def vouched_for(shape: Shape) -> tuple[Floats, Floats]:
    """Labels (L, 2), NaN where no person vouches for them, and what they leave open (L, 2, 2)."""
    placed = np.array([mark in PINNED for mark in shape.provenance])
    passed = np.array([mark in _OPEN for mark in shape.provenance])
    doubts = np.where(placed[:, None, None], 0.0, shape.covariances)
    known = placed | (passed & np.isfinite(doubts[:, 0, 0]))
    return np.where(known[:, None], shape.points, np.nan), doubts


def _judged(
    project: Project,
    proposals: Sequence[JudgedProposal],
    labels: Sequence[tuple[Floats, Floats]],
    records: Sequence[InstanceRecord],
) -> Judged:
    """As the models said it themselves: what was widened and moved already is taken back. labels,
    records: of the instance of each proposal."""
    limit = LET_PASS / 100 * assumed_hand(project.scheme).scale
    leaders = project_groups(project, sorted({one.image_id for one in proposals})).leaders
    nowhere = np.zeros((len(project.scheme), 2))
    boxes = ErrorBoxes(project)
    lengths = [
        boxes.length(record, Shape(points))
        for record, (points, _) in zip(records, labels, strict=True)
    ]
    makings = [one.making for one in proposals]
    widened = np.array([making.widened for making in makings])[:, None, None, None]
    moved = [nowhere if making.moved is None else making.moved for making in makings]
    return Judged(
        np.stack([one.points for one in proposals]) - np.stack(moved),
        np.stack([one.covariances for one in proposals]) / widened,
        np.stack([points for points, _ in labels]),
        np.stack([doubts for _, doubts in labels]) / widened,
        limit * np.array(lengths),
        np.stack([making.axes for making in makings]),
        np.array([leaders[one.image_id] for one in proposals]),
        makings[0].degrees,
    )
