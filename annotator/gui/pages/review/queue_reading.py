"""The review's list, read anew: a short queue at once, a long one beside the window."""

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.review.queue_list import QueueModel
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.session.review.review_queue import (
    ReviewQueue,
    review_queue,
    waits,
)
from landmark_annotator.annotator.session.review.review_session import ReviewSession
from landmark_annotator.projects.budgets.working_time import ProjectTime
from landmark_annotator.projects.store import Project

FEW = 1_000
"""Instances of a project whose queue is read as a whole, in the window's thread."""
LISTED = 1_000
"""Of a larger one's queue."""


class QueueReading(QObject):
    """Into the model; what it has stays until the answer is there."""

    def __init__(
        self, context: PageContext, session: ReviewSession, model: QueueModel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._session, self._model = context, session, model
        self._project = context.project
        self._at_work = Tasks(1, self)

    @property
    def pending(self) -> bool:
        return self._at_work.pending("queue")

    def close(self) -> None:
        self._at_work.close()

    def anew(self, then: Callable[[], None]) -> None:
        """All of it; then is called once it is listed."""
        if self._few:
            self._model.load(review_queue(self._project))
            then()
            return

        def show(found: tuple[ReviewQueue, ProjectTime | None]) -> None:
            queue, time = found
            if time is not None:
                self._session.take_over(time)
            self._model.load(queue)
            then()

        if not self._model.rowCount():
            self._context.prompt("Looking for what waits for a reviewer\N{HORIZONTAL ELLIPSIS}")
        work = partial(_queue, self._project.folder, self._session.timed)
        self._at_work.request("queue", work, show, self._context.tell)

    def again(self, instance_ids: Collection[int], then: Callable[[], None]) -> None:
        """After something was said of these: of a long queue they alone are looked at, as long as
        none has come back, enough are listed and no older state is being read."""
        if self._few:
            self.anew(then)
            return
        back = [i for i in instance_ids if waits(self._project, i)]
        for instance_id in set(instance_ids) - set(back):
            self._model.drop(instance_id)
        enough = self._model.rowCount() >= min(self._model.waiting, LISTED // 2)
        if back or self.pending or not enough:
            self.anew(then)

    @property
    def _few(self) -> bool:
        """Whether all are read faster than anybody notices."""
        return self._project.newest() <= FEW


def _queue(folder: Path, timed: bool) -> tuple[ReviewQueue, ProjectTime | None]:
    """timed: whether the time that was spent is known already."""
    # A project of its own: the window's is used from the window's thread only.
    with Project.open(folder, read_only=True) as project:
        time = None if timed else ProjectTime(project)
        if time is not None:
            time.read()
        return review_queue(project, LISTED), time
