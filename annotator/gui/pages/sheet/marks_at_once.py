"""What the model takes to be hidden, and what a file left out, is marked by one key: on one object,
or on the sheet."""

from collections.abc import Callable, Collection, Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.sheet.cell import SheetCell
from landmark_annotator.annotator.session.labelling.sheet import Sheet
from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.projects.store import Entry
from landmark_annotator.projects.vocabulary import ActionableError

_Mark = Callable[[Collection[int]], list[Entry]]


class MarksAtOnce(QObject):
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
        """waiting: all that are seen and not left out. meant: the one that keys are about."""
        super().__init__(parent)
        self._context, self._sheet = context, sheet
        self._waiting, self._meant = waiting, meant

    @property
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {
            "sheet_hidden": lambda: self._hide(self._one()),
            "sheet_all_hidden": lambda: self._hide(self._waiting()),
            "sheet_left_out": lambda: self._leave_out(self._one()),
            "sheet_all_left_out": lambda: self._leave_out(self._waiting()),
        }

    def _one(self) -> Sequence[SheetCell] | None:
        """The one under the cursor, or where the keyboard is; None where none is meant."""
        meant = self._meant()
        return None if meant is None else [cell for cell in self._waiting() if cell is meant]

    def _hide(self, cells: Sequence[SheetCell] | None) -> None:
        nothing = "Nothing here is probably hidden, as far as the model can tell."
        self._mark(
            cells, lambda view: view.suggested | view.marked, self._sheet.mark_suggested, nothing
        )

    def _leave_out(self, cells: Sequence[SheetCell] | None) -> None:
        nothing = "No file left a landmark out here of which nobody has said anything."
        self._mark(cells, lambda view: view.left_out, self._sheet.mark_left_out, nothing)

    def _mark(
        self,
        cells: Sequence[SheetCell] | None,
        concerned: Callable[[View], Collection[int]],
        act: _Mark,
        nothing: str,
    ) -> None:
        if cells is None:
            return
        about = {cell.instance_id: cell for cell in cells if cell.instance_id is not None}
        if not any(concerned(cell.view) for cell in cells if cell.view is not None):
            self._context.note(nothing)
            return
        try:
            entries = act(list(about))
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
