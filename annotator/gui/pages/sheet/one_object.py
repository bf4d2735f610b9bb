"""What is done to one object of a sheet: mended, taken back, left out, flagged, excluded."""

from collections.abc import Callable, Collection, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.pages.asked_first import may
from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.sheet.cell import SheetCell
from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from landmark_annotator.annotator.session.finding.found_objects import NOT_AN_OBJECT
from landmark_annotator.annotator.session.labelling.landmark_edits import Point
from landmark_annotator.annotator.session.labelling.sheet import Sheet
from landmark_annotator.annotator.session.review.open_issues import remarks
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import ActionableError

_LEFT_OUT = "left out: waits for later"


class OneObject(QObject):
    done = Signal(object)
    """(SheetCell) Something else is to be said of it."""
    reopened = Signal()
    """A shape is no longer accepted."""

    def __init__(
        self,
        context: PageContext,
        sheet: Sheet,
        current: Callable[[], SheetCell | None],
        page: QWidget,
    ) -> None:
        """current: the one that keys are about."""
        super().__init__(page)
        self._context, self._sheet, self._current, self._page = context, sheet, current, page
        self._project = context.project
        self.left_out: dict[int, str] = {}
        """Why, by instance: these are not accepted with the others."""

    def read(self, instance_ids: Collection[int]) -> None:
        """Why these are left out, as the store has it: flags are seen to, and undo takes flags and
        exclusions back. What somebody has left for later stays so."""
        remarked = remarks(self._project, instance_ids)
        for instance_id in instance_ids:
            if self.left_out.get(instance_id) == _LEFT_OUT:
                continue
            self.left_out.pop(instance_id, None)
            view = self._sheet.view(instance_id)
            excluded = None if view is None else view.instance.excluded
            if excluded is not None:
                self.left_out[instance_id] = f"excluded: {excluded.why}"
            elif instance_id in remarked:
                self.left_out[instance_id] = f"left out: {remarked[instance_id].text}"

    @property
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {
            "sheet_leave_out": self.leave_out,
            "sheet_take_back": self.take_back,
            "sheet_flag": self.ask_flag,
            "sheet_exclude": self.ask_why,
            "sheet_no_object": self.remove,
        }

    def connect_cell(self, cell: SheetCell) -> None:
        gestures = cell.canvas.gestures
        gestures.dragged.connect(
            lambda j, x, y: self.hold(cell, {j: (x, y)}, traced=not gestures.exact)
        )
        gestures.carried.connect(partial(self.hold, cell))
        gestures.dropped.connect(
            lambda j, x, y: self.place(cell, {j: (x, y)}, traced=not gestures.exact)
        )
        gestures.put_down.connect(partial(self.place, cell))
        gestures.drag_cancelled.connect(cell.let_go)
        gestures.picked.connect(cell.choose)
        gestures.thrown_out.connect(lambda _: self._throw_out(cell))

    def offer_to_throw_out(self, cell: SheetCell) -> None:
        """By a click on a cross: what a model found and nobody has touched."""
        assert cell.view is not None
        record = cell.view.instance
        stays = record.id in self.left_out or self._project.read_only
        untouched = record.state is InstanceState.UNTOUCHED
        found = record.box is not None and self._sheet.was_found(record.id)
        cell.offer_to_throw_out(untouched and not stays and found)

    def meant(self) -> SheetCell | None:
        """The one that keys are about; where there is none, how to mean one is told."""
        cell = self._current()
        if cell is None:
            self._context.note("Point at the object that is meant, or go to it by the arrow keys.")
        return cell

    def hold(self, cell: SheetCell, moves: Mapping[int, Point], *, traced: bool = False) -> None:
        if cell.instance_id is not None:
            cell.show_held(self._sheet.foresee(cell.instance_id, moves, traced=traced))

    def place(self, cell: SheetCell, moves: Mapping[int, Point], *, traced: bool = False) -> None:
        """traced: of a landmark inside a contour only the contour is meant, as on the label page;
        with Shift its place."""
        instance_id = cell.instance_id
        assert instance_id is not None
        cell.chosen = None
        scheme = self._project.scheme
        landmark = next(iter(moves))
        what = (
            f"move of {len(moves)} landmarks"
            if len(moves) > 1
            else f"placement of {scheme.landmarks[landmark]}"
        )
        place = partial(self._sheet.place, instance_id, moves, traced=traced)
        if self._do(cell, place, what):
            cell.remember_click()

    def take_back(self) -> None:
        """The last thing done to the one that keys are about."""
        cell = self.meant()
        if cell is None or cell.instance_id is None:
            return
        instance_id = cell.instance_id
        before = self._project.undoable(self._context.who, instance_id)
        if before is None:
            self._context.note("You have done nothing to this one that could be taken back.")
            return

        def take_back() -> None:
            self._sheet.take_back(instance_id)
            self.read([instance_id])

        self._do(cell, take_back, before.title, "Undone: ")

    def _do(
        self, cell: SheetCell, action: Callable[[], object], what: str, done: str = "Stored: "
    ) -> bool:
        """An action on one object. Whether it went through; if not, why is told."""
        assert cell.instance_id is not None
        before = cell.view
        try:
            action()
        except ActionableError as error:
            # Where somebody else's is in the way, what they did is seen.
            now = self._sheet.view(cell.instance_id)
            if now is not None:
                cell.show_view(now)
            self._context.tell(error)
            return False
        self._context.clear()
        view = self._sheet.view(cell.instance_id)
        assert view is not None
        if view.meanwhile:
            self._context.note(view.meanwhile)
        cell.show_view(view)
        states = {view.instance.state, before and before.instance.state}
        reopened = len(states) == 2 and InstanceState.ACCEPTED in states
        kinds = Kind.STORED | Kind.LABELS if reopened else Kind.STORED
        about = frozenset((cell.instance_id,))
        self._context.changed(Change(kinds, about, f"{done}{what}", by=self))
        if reopened:
            self.reopened.emit()
        self.done.emit(cell)
        return True

    def leave_out(self) -> None:
        """Or take it in again."""
        cell = self.meant()
        if cell is None or cell.instance_id is None:
            return
        if cell.instance_id in self.left_out:
            del self.left_out[cell.instance_id]
        else:
            self.left_out[cell.instance_id] = _LEFT_OUT
        self.done.emit(cell)

    def ask_flag(self) -> None:
        """For the comment, which may stay empty."""
        can = may(self._project.refuse_read_only, self._context.tell)
        cell = self.meant() if can else None
        if cell is not None and cell.instance_id is not None:
            question = "What should somebody look at?"
            done = partial(self._flag, cell, cell.instance_id)
            CommentSheet(self._page, "Flag", question, done).open()

    def _flag(self, cell: SheetCell, instance_id: int, comment: str) -> None:
        """instance_id: of what was asked about, where the cell shows another by now."""

        def flag() -> None:
            self._project.flag(instance_id, comment, who=self._context.who)
            self.left_out[instance_id] = f"left out: flagged {comment}".rstrip()

        def flag_seen() -> None:
            flag()
            self._sheet.look_again(instance_id)

        if cell.instance_id == instance_id:
            self._do(cell, flag_seen, "flag")
            return
        try:
            flag()
        except ActionableError as error:
            self._context.tell(error)
            return
        about, said = frozenset((instance_id,)), "Stored: flag"
        self._context.changed(Change(Kind.STORED, about, said, by=self))

    def ask_why(self) -> None:
        """For the reason, without which nothing is excluded."""
        can = may(self._project.refuse_read_only, self._context.tell)
        cell = self.meant() if can else None
        if cell is not None and cell.instance_id is not None:
            question = "Why is it to be left out of all?"
            exclude = partial(self._exclude, cell, cell.instance_id)
            CommentSheet(self._page, "Exclude", question, exclude, needed=True).open()

    def remove(self) -> None:
        """It is no object."""
        cell = self.meant()
        if cell is not None:
            self._throw_out(cell)

    def _throw_out(self, cell: SheetCell) -> None:
        if cell.instance_id is not None:
            self._exclude(cell, cell.instance_id, NOT_AN_OBJECT)

    def _exclude(self, cell: SheetCell, instance_id: int, why: str) -> None:
        """instance_id: of what was asked about, where the cell shows another by now."""
        about = [instance_id]
        try:
            entries = self._project.exclude(instances=about, why=why, who=self._context.who)
        except ActionableError as error:
            self._context.tell(error)
            return
        if entries:
            self.left_out[instance_id] = f"excluded: {why}"
            kinds = Kind.LIST | Kind.STORED | Kind.LABELS
            said = f"Stored: {entries[-1].title}"
            self._context.changed(Change(kinds, frozenset(about), said, by=self))
            if cell.instance_id is not None:
                self.done.emit(cell)
