"""Undo and redo: what was done is taken back, or done again, and what it is about is shown."""

from collections.abc import Callable, Sequence

from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.commands.list_changes import ListChanges
from landmark_annotator.annotator.gui.pages.label.commands.place_by_clicks import TwoClickPlacement
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.projects.store import ActionKind, Entry
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted

_ACCEPTANCE = (
    ActionKind.ACCEPT,
    ActionKind.SHEET,
    ActionKind.IMAGE,
    ActionKind.RULE,
    ActionKind.REOPEN,
    ActionKind.CLEAR,
    ActionKind.REVIEW,
)
"""What may change whether a shape is accepted."""

_COUNTING = (ActionKind.EXCLUDE, ActionKind.RESTORE, ActionKind.FIND)
"""What changes how many instances count."""

_FINDING = (ActionKind.FIND, ActionKind.TRACK, ActionKind.TAKE_BACK, ActionKind.BOXES)
"""What may be about objects of which some have got labels since."""


_OF_MANY = (
    ActionKind.FILL,
    ActionKind.TRACK,
    ActionKind.MASKS,
    ActionKind.BOXES,
    ActionKind.RULE,
    ActionKind.TAKE_BACK,
)
"""What is about many instances."""

_OF_LABELS = (ActionKind.RULE, ActionKind.TAKE_BACK)
"""Which changes what there is to learn from."""

_TOGETHER = (ActionKind.SHEET, ActionKind.IMAGE)
"""What accepts shapes that were looked at together."""

_OF_SHEETS = (*_TOGETHER, ActionKind.SUGGESTION, ActionKind.FLAG)
"""What may be about several instances that were looked at together, or flagged."""


class History:
    def __init__(
        self, controller: LabelController, placement: TwoClickPlacement, canvas: Canvas
    ) -> None:
        self._controller, self._placement = controller, placement
        self._masks, self._scene = canvas.gestures.masks, canvas.scene
        self._list_changes = ListChanges(controller)

    def undo(self) -> None:
        """What was done last; a click that is held for the one that makes a box of it, and a corner
        of an open polygon, are not stored yet, and nothing before is taken back in their place."""
        if self._placement.take_back() or self._masks.step_back():
            return
        self._turn(self._controller.session.undo, "Undone", "undo")

    def redo(self) -> None:
        self._turn(self._controller.session.redo, "Done again", "redo")

    def _turn(self, turn: Callable[[], Entry | None], done: str, verb: str) -> None:
        controller = self._controller
        controller.let_rest()
        before = controller.record
        try:
            entry = turn()
        except ActionableError as error:
            controller.show_again()
            controller.fail(error)
            return
        if entry is not None and entry.kind is ActionKind.SCHEME:
            controller.turn_scheme(f"{done}: {entry.title}.")
            return
        if entry is not None and self._counts_others(entry, undone=verb == "undo"):
            stays = self._staying(entry, undone=verb == "undo")
            self._list_changes.turned(entry, f"{done}: {entry.title}{stays}")
            return
        if entry is None:
            controller.note(f"There is nothing to {verb}.")
            return
        what = f"{done}: {entry.title}"
        if entry.kind is ActionKind.SCALE:  # what is open tells expected errors in millimetres
            shown = frozenset[int]() if before is None else frozenset((before.id,))
            controller.changes.announce(Change(Kind.STORED, shown, what))
            return
        if entry.kind in _OF_MANY:  # of which none is to be opened
            labels = Kind.LABELS if entry.kind in _OF_LABELS else Kind.STORED
            what += self._staying(entry, undone=verb == "undo")
            controller.changes.announce(Change(Kind.LIST | Kind.STORED | labels, said=what))
            return
        if entry.kind in _OF_SHEETS:  # nor here: those who look at many show them again
            about = controller.project.instances_of_step(entry, undone=verb == "undo")
            if len(about) > 1 or entry.kind in _TOGETHER:
                kinds = Kind.STORED | Kind.LABELS
                controller.changes.announce(Change(kinds, frozenset(about), what))
                self._open_image_of(about)
                return
        if entry.instance_id is None:
            return
        if entry.kind is ActionKind.BOX:
            controller.preparation.forget(entry.instance_id)
        if before is None or entry.instance_id != before.id:
            controller.announce(entry.instance_id, what, labels=entry.kind in _ACCEPTANCE)
            controller.open(entry.instance_id)
        elif entry.kind is ActionKind.BOX:
            controller.committed(controller.with_another_box(before.id), before, what)
            self._scene.refit()  # else it goes on looking at a box that is there no more
        else:
            controller.committed(controller.session.view, before, what)

    def _staying(self, entry: Entry, *, undone: bool) -> str:
        """What undo or redo of a finding left as it is."""
        stays = len(self._controller.project.instances_of_step(entry, undone=not undone))
        if not stays or entry.kind not in _FINDING:
            return ""
        was = "was" if stays == 1 else "were"
        those = f"{counted(stays, 'object')} that {was} worked on since"
        return f", but for {those}: {'it stays' if stays == 1 else 'they stay'}"

    def _counts_others(self, entry: Entry, *, undone: bool) -> bool:
        """Whether other instances count now, or all of them stay; what was followed was found."""
        if entry.kind is ActionKind.TRACK:
            step = self._controller.project.instances_of_step
            return bool(step(entry, undone=undone) or step(entry, undone=not undone))
        return entry.kind in _COUNTING

    def _open_image_of(self, instances: Sequence[int]) -> None:
        """Where all lie in one, which were looked at on this page; a sheet shows its own again."""
        records = self._controller.project.some_instances(instances)
        if len({record.image_id for record in records}) == 1:
            self._controller.open(records[0].id)
