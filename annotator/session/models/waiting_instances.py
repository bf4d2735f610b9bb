"""What waits for proposals: a list of a million of which no more is in memory than is at hand.

Ids are read at once; the image and the box of an instance when its turn comes.
"""

from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from landmark_annotator.annotator.session.models.proposal_work import ToPropose, Withdrawn
from landmark_annotator.projects.store import InstanceState, Project

_PAGE = 500
_PAGES = 4
"""Kept at once: what is done and what is dealt out ahead of it lie near each other."""

Task = ToPropose | Withdrawn


class WaitingInstances(Sequence[Task]):
    """ids: (N,) in the order in which it is proposed for them. For use from one thread."""

    def __init__(self, project: Project, ids: NDArray[np.int64]) -> None:
        self._project = project
        self._ids = ids
        self._pages: dict[int, list[Task]] = {}

    @override
    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> Task: ...
    @overload
    def __getitem__(self, index: slice) -> "WaitingInstances": ...
    @override
    def __getitem__(self, index: int | slice) -> "Task | WaitingInstances":
        if isinstance(index, slice):
            return WaitingInstances(self._project, self._ids[index])
        if not 0 <= index < len(self):
            raise IndexError(index)
        page, place = divmod(index, _PAGE)
        if page not in self._pages:
            while len(self._pages) >= _PAGES:
                self._pages.pop(next(iter(self._pages)))  # the one that was read first
            self._pages[page] = self._read(self._ids[page * _PAGE : (page + 1) * _PAGE].tolist())
        return self._pages[page][place]

    @property
    def pages(self) -> "list[WaitingInstances]":
        """All of it in portions that are read at once."""
        return [self[start : start + _PAGE] for start in range(0, len(self), _PAGE)]

    def only(self, places: Sequence[int]) -> "WaitingInstances":
        """Those at these places."""
        return WaitingInstances(self._project, self._ids[np.asarray(places, dtype=np.int64)])

    def _read(self, ids: Sequence[int]) -> list[Task]:
        with self._project.snapshot():
            records = {record.id: record for record in self._project.some_instances(ids)}
            images = self._project.some_images({record.image_id for record in records.values()})
        found: list[Task] = []
        for number in ids:
            record = records.get(number)
            waits = record is not None and record.state is not InstanceState.ACCEPTED
            if record is not None and record.box is not None and waits:
                found.append(ToPropose(number, images[record.image_id], record.box))
            else:
                found.append(Withdrawn(number))
        return found


def waiting_for_proposals(project: Project) -> tuple[WaitingInstances, int]:
    """And how many more have no box."""
    with project.snapshot():
        without = project.waiting_counts().without_box
        return WaitingInstances(project, project.awaiting_proposals()), without
