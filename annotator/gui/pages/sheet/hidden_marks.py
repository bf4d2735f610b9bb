"""What the model takes to be hidden is marked so by one key: on one object, or on the sheet."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.sheet.cell import SheetCell
from landmark_annotator.annotator.session.labelling.sheet import Sheet
from landmark_annotator.projects.vocabulary import ActionableError


class HiddenMarks(QObject):
    done = Signal(object)
    """(SheetCell) Something else is to be said of it."""
    failed = Signal()
    """Somebody else was at work on one: what is shown is not what there is."""

    def __init__(
        self,
        context: PageContext,
        sheet: Sheet,
        waiting: Callable[[], Sequence[SheetCell]],
        meant: Callable[[], SheetCell | None],
        parent: QObject,
    ) -> None:
        """waiting: all that would be accepted. meant: the one that keys are about."""
        super().__init__(parent)
        self._context, self._sheet = context, sheet
        self._waiting, self._meant = waiting, meant

    @property
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {"sheet_hidden": self.mark_one, "sheet_all_hidden": self.mark_all}

    def mark_one(self) -> None:
        """The one under the cursor, or where the keyboard is."""
        meant = self._meant()
        if meant is not None:
            self._mark([cell for cell in self._waiting() if cell is meant])

    def mark_all(self) -> None:
        self._mark(self._waiting())

    def _mark(self, cells: Sequence[SheetCell]) -> None:
        about = {cell.instance_id: cell for cell in cells if cell.instance_id is not None}
        views = [cell.view for cell in cells if cell.view is not None]
        if not any(view.suggested | view.marked for view in views):
            self._context.note("Nothing here is probably hidden, as far as the model can tell.")
            return
        try:
            entries = self._sheet.mark_suggested(list(about))
        except ActionableError as error:
            self.failed.emit()
            self._context.tell(error)
            return
        self._context.clear()
        marked = [entry.instance_id for entry in entries if entry.instance_id in about]
        for instance_id in marked:
            view = self._sheet.view(instance_id)
            if view is not None:
                about[instance_id].show_view(view)
        said = f"Stored: {entries[-1].title}"
        self._context.changed(Change(Kind.STORED, frozenset(marked), said, by=self))
        for instance_id in marked:
            self.done.emit(about[instance_id])
