"""Instances come, go, or count no more: the list is another, and something else is opened."""

from collections.abc import Callable, Sequence

from annotator.gui.pages.context import Change, Kind
from annotator.gui.pages.label.controller.controller import LabelController
from projects.store import Entry
from projects.vocabulary import ActionableError


class ListChanges:
    def __init__(self, controller: LabelController) -> None:
        self._controller = controller

    def one(self, action: Callable[[], int]) -> None:
        """An action that adds instances or removes one, and says which one to open then."""
        controller = self._controller
        controller.settle()
        try:
            following = action()
        except ActionableError as error:
            controller.fail(error)
            return
        controller.rows = controller.project.queue(excluded=True)
        controller.changes.announce(Change(Kind.LIST, by=controller))
        controller.open(following)

    def many(self, action: Callable[[], Sequence[Entry]], following: int | None = None) -> None:
        """An action that leaves out many, or takes them in again. following: what to open then,
        where what is open counts no more."""
        self._controller.settle()
        try:
            entries = action()
        except ActionableError as error:
            self._controller.fail(error)
            return
        if entries:
            self._changed(f"Stored: {entries[-1].title}", following)

    def turned(self, entry: Entry, what: str) -> None:
        """What was excluded or restored is so no longer, or again; what counts now is shown."""
        controller = self._controller
        self._changed(what, None)
        about = (
            i
            for i, image_id in self._counting.items()
            if entry.instance_id == i or entry.image_id == image_id
        )
        first = next(about, None)
        if first is not None and (controller.record is None or controller.record.id != first):
            controller.open(first)

    def _changed(self, what: str, following: int | None) -> None:
        controller = self._controller
        before = controller.record
        counted = before is not None and before.id in self._counting
        controller.rows = controller.project.queue(excluded=True)
        kinds = Kind.LIST | Kind.STORED | Kind.LABELS
        controller.changes.announce(Change(kinds, said=what, by=controller))
        counting = self._counting
        if before is not None and (before.id in counting or not counted):
            return
        if following not in counting:
            following = controller.session.following() or next(iter(counting), None)
        if following is None:
            controller.note("Nothing is left that counts: all of it is excluded.")
        else:
            controller.open(following)

    @property
    def _counting(self) -> dict[int, int]:
        """Images by the instances in them that were not excluded, in the order of the list."""
        rows = self._controller.rows
        return {row.instance_id: row.image_id for row in rows if row.excluded is None}
