"""What waits for proposals: a list of a million of which no more is in memory than is at hand.

Ids are read at once; the image and the box of an instance when its turn comes.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from landmark_annotator.annotator.session.execution.paged import PAGE, Waiting
from landmark_annotator.annotator.session.models.independent import image_to_avoid
from landmark_annotator.annotator.session.models.proposal_work import ToPropose, Withdrawn
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.backends.tracking import TRACKING
from landmark_annotator.projects.store import InstanceState, Project

Task = ToPropose | Withdrawn


class WaitingInstances(Waiting[Task]):
    """Each read when its turn comes. proposer: that is to propose."""

    def __init__(self, project: Project, ids: NDArray[np.int64], proposer: Proposer) -> None:
        super().__init__(project, ids)
        self._proposer = proposer

    @override
    def part(self, places: slice) -> "WaitingInstances":
        return WaitingInstances(self._project, self._ids[places], self._proposer)

    @override
    def read(self, start: int, end: int) -> list[Task]:
        ids = self._ids[start:end].tolist()
        with self._project.snapshot():
            records = {record.id: record for record in self._project.some_instances(ids)}
            images = self._project.some_images({record.image_id for record in records.values()})
            avoided = {
                number: image_to_avoid(self._project, self._proposer, record)
                for number, record in records.items()
            }
            masks = {
                number: {name: one.mask for name, one in said.items()}
                for number, said in self._project.masks_of(ids)
            }
        found: list[Task] = []
        for number in ids:
            record = records.get(number)
            waits = record is not None and record.state is not InstanceState.ACCEPTED
            if record is not None and record.box is not None and waits:
                image = images[record.image_id]
                said = masks.get(number, {})
                found.append(ToPropose(number, image, record.box, avoided[number], said))
            else:
                found.append(Withdrawn(number))
        return found

    @property
    def pages(self) -> "list[WaitingInstances]":
        """All of it in portions that are read at once."""
        return [self[start : start + PAGE] for start in range(0, len(self), PAGE)]

    def only(self, places: Sequence[int]) -> "WaitingInstances":
        """Those at these places."""
        ids = self._ids[np.asarray(places, dtype=np.int64)]
        return WaitingInstances(self._project, ids, self._proposer)


def waiting_for_proposals(project: Project, proposer: Proposer) -> tuple[WaitingInstances, int]:
    """And how many more have no box. Objects of tracks that were smoothed are not among them: their
    frames are proposed for together."""
    with project.snapshot():
        without = project.waiting_counts().without_box
        smoothed = [track.id for track in project.tracks_proposed_by(TRACKING)]
        waiting = project.awaiting_proposals(outside=smoothed)
        return WaitingInstances(project, waiting, proposer), without
