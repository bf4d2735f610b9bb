"""What all frames of an object's track have said of it together, as it is stored.

What its own frame says alone does not take its place: it is one word among many.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking import TRACKING
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project, StoredProposal


def smoothed_proposal(project: Project, record: InstanceRecord) -> Proposal | None:
    """Of each landmark by itself, for how they belong together is not stored. None where the object
    was not followed, or its box is elsewhere by now."""
    stored, box = stored_smoothed(project, record), record.box
    if stored is None or box is None or not np.isfinite(stored.points).all():
        return None
    size = len(stored.points)
    covariance = np.zeros((size, 2, size, 2))
    each = np.arange(size)
    covariance[each, :, each] = box.covariance_to_frame(stored.covariances)
    mixture = ShapeMixture(
        np.zeros(1), box.to_frame(stored.points)[None], covariance.reshape(2 * size, 2 * size)
    )
    hidden = stored.hidden
    known = hidden is not None and bool(np.isfinite(hidden).all())
    return Proposal(box, mixture, TRACKING, hidden=hidden if known else None)


def followed_before(project: Project, records: Iterable[InstanceRecord]) -> int:
    """Of these objects, those of which nobody has placed anything and whose track was followed
    before the last landmark in one of their tracks was placed."""
    untouched = [each for each in records if each.state is InstanceState.UNTOUCHED]
    followed = [(each.track_id, stored.at) for each, stored in all_smoothed(project, untouched)]
    last = project.last_placement({track for track, _ in followed if track is not None})
    return 0 if last is None else sum(at < last for _, at in followed)


def stored_smoothed(project: Project, record: InstanceRecord) -> StoredProposal | None:
    """As long as it lies in the object's box."""
    if record.track_id is None:
        return None
    return _in_its_box(record, project.proposals(record.id))


def all_smoothed(
    project: Project, records: Iterable[InstanceRecord]
) -> Iterator[tuple[InstanceRecord, StoredProposal]]:
    """As `stored_smoothed`, of those of these that have one."""
    followed = {record.id: record for record in records if record.track_id is not None}
    for instance_id, kept in project.proposals_of(list(followed)):
        stored = _in_its_box(followed[instance_id], kept)
        if stored is not None:
            yield followed[instance_id], stored


def _in_its_box(record: InstanceRecord, kept: Iterable[StoredProposal]) -> StoredProposal | None:
    own = next((each for each in kept if each.own), None)
    if own is None or own.model != TRACKING or record.box is None:
        return None
    inside = np.abs(record.box.to_frame(np.nanmean(own.points, axis=0))) < 0.5
    return own if inside.all() else None
