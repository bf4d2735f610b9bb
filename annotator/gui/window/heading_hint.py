"""Says that objects point anywhere where the scheme takes them for upright, with what mends it."""

import html
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.services.messages import Messages
from landmark_annotator.annotator.gui.window.scheme_work import SchemeWork
from landmark_annotator.projects.store import InstanceState

_FEWEST, _GROWTH = 3, 1.5
"""Accepted shapes that are looked at first, and how many times more each time."""


class HeadingHint(QObject):
    """Looks whenever an instance is opened, since that clears what was told before."""

    def __init__(
        self,
        controller: LabelController,
        scheme_work: SchemeWork,
        messages: Messages,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._controller, self._scheme_work = controller, scheme_work
        self._messages = messages
        self._due = _FEWEST
        self._most: int | None = None
        """How many may be accepted by now; None where that is not known."""
        controller.opened.connect(self._look)
        controller.changes.announced.connect(self._hear)

    def _hear(self, change: Change) -> None:
        several = Kind.LIST in change.kinds or not change.instances
        if several or self._most is None:
            self._most = None
        elif Kind.LABELS in change.kinds or change.by_others:
            self._most += len(change.instances)

    def _look(self, _instance_id: int) -> None:
        project = self._controller.project
        if project.scheme.heading is not None:
            return
        if self._most is not None and self._most < self._due:
            return
        accepted = self._most = project.count_of(InstanceState.ACCEPTED)
        if accepted < self._due:
            return
        self._due = int(accepted * _GROWTH) + 1
        if not self._scheme_work.allowed:
            return
        # Loads the alignment of shapes, which the first shapes need no earlier.
        from landmark_annotator.annotator.session.models.free_heading import free_heading

        found = free_heading(project)
        if found is None:
            return
        follow: Callable[[], object]
        act, follow = "Choose them", self._scheme_work.edit
        if found.pair is not None and found.names is not None:
            act = f"Let objects point from {found.names[0]} to {found.names[1]}"
            follow = partial(self._scheme_work.let_point, found.pair)
        said = f"{html.escape(found.sentence)} <a href='do'>{html.escape(act)}</a>"
        self._messages.note_with_link(said, follow, of_moment=True)
