"""The sheet: many proposals at one look, mended where they are wrong, accepted together."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QShowEvent
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.page import Page
from landmark_annotator.annotator.gui.pages.sheet.cell import SheetCell
from landmark_annotator.annotator.gui.pages.sheet.choices import Choices
from landmark_annotator.annotator.gui.pages.sheet.layout import SheetLayout
from landmark_annotator.annotator.gui.pages.sheet.marks_at_once import MarksAtOnce
from landmark_annotator.annotator.gui.pages.sheet.one_object import OneObject
from landmark_annotator.annotator.gui.pages.sheet.preparation import SheetPreparation
from landmark_annotator.annotator.gui.pages.sheet.sentences import (
    Standing,
    Told,
    count_text,
    end_text,
    help_text,
    opened_text,
    prompt_text,
    told,
)
from landmark_annotator.annotator.gui.services.turns import Turns, once
from landmark_annotator.annotator.session.labelling.deck import Deck
from landmark_annotator.annotator.session.labelling.sheet import Sheet
from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.annotator.session.models.smoothed_proposal import followed_before
from landmark_annotator.annotator.session.review.row_names import row_name
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import ActionableError

_AT_ONCE = 4
"""Objects of the next sheet that are opened, or cells that are made, in one turn of the loop."""


class SheetPage(Page):
    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.project = context.project
        preferences = context.preferences
        self.deck = Deck(self.project, preferences.sheet_size, preferences.sheet_order, context.who)
        self.sheet = Sheet(self.project, who=context.who)
        self.preparation = SheetPreparation(self.project, self.sheet.masks, context.changes, self)
        self._told: dict[int, Told] = {}
        self._names: dict[int, str] = {}
        self._keys: Mapping[str, str] = {}
        self._opened: int | None = None
        """The instance that was opened in full, until it is accepted there."""
        self._stale = True
        """Whether something happened since that this page has not shown."""
        self.parts = SheetLayout(self.project.scheme, self.sheet.masks, self)
        self._showing = Turns(self)
        self._look, self._ahead = once(self._show_waiting, self), once(self._look_ahead, self)
        self._announcing = once(self._announce, self)
        self._to_announce: list[Change] = []
        self.one = OneObject(context, self.sheet, lambda: self._current, self)
        self.hidden = MarksAtOnce(context, self.sheet, self._markable, self.one.meant, self)
        self.choices = Choices(context, self.deck, self.parts)
        self._connect()

    def _connect(self) -> None:
        parts, preparation, context = self.parts, self.preparation, self._context
        parts.made.connect(self._connect_cell)
        parts.accept.clicked.connect(self.accept)
        self.choices.changed.connect(self._show_sheet)
        preparation.picture_ready.connect(self._picture_ready)
        preparation.proposal_ready.connect(self._proposal_ready)
        preparation.proposer_ready.connect(self._show_model)
        preparation.failed.connect(context.tell)
        for part in (self.one, self.hidden):
            part.done.connect(self._show_told)
            part.done.connect(lambda _: self._show_waiting())
        self.hidden.failed.connect(self._look_again)
        # What is proposed for it is needed again.
        self.one.reopened.connect(self._ahead.start)
        for late in (self._ahead, self._announcing, self._look, self._showing):
            context.closing.connect(late.stop)
        context.closing.connect(preparation.close)
        context.changes.announced.connect(self._hear)

    def _connect_cell(self, cell: SheetCell) -> None:
        self.one.connect_cell(cell)
        cell.canvas.gestures.nudged.connect(partial(self.parts.step, cell))
        cell.canvas.opened.connect(partial(self._open_by_hand, cell))
        cell.canvas.painted.connect(self._soon)

    @property
    @override
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {
            **self.one.slots,
            **self.hidden.slots,
            **self.choices.slots,
            "sheet_accept": self.parts.settled(self.accept),
            "sheet_open": self.parts.settled(self.open_in_full),
            "sheet_next": self.parts.settled(partial(self.turn, 1)),
            "sheet_previous": self.parts.settled(partial(self.turn, -1)),
        }

    @override
    def show_keys(self, keys: Mapping[str, str]) -> None:
        self._keys = keys
        self.parts.help.setText(help_text(keys))
        self._show_waiting()

    @property
    @override
    def settled(self) -> bool:
        return not (self._showing.pending or self._ahead.isActive()) and self.preparation.settled

    @property
    def cells(self) -> Sequence[SheetCell]:
        """Of the sheet that is seen."""
        return [cell for cell in self.parts.cells if cell.instance_id is not None]

    # Turning

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._context.clear()
        self._show_model()
        self._context.expected_error(None)
        if self._stale and not self.cells:
            # Nothing of it is in hands yet, so it may come in parts.
            self._forget()
            parts = range(0, len(self.deck.current), _AT_ONCE)
            self._showing.begin(*(partial(self._make_some, n) for n in parts), self._show_sheet)
        elif self._stale:
            self._showing.begin(self._look_again)
        else:
            self.sheet.begin()
            self._show_waiting()

    def turn(self, by: int) -> None:
        """To the sheet after this one, or before it. After the last one what was passed over
        begins again."""
        if self._showing.pending:
            return
        self._context.clear()
        if by > 0 and not self.deck.go_on():
            some_left, bare = bool(self.deck.passed), self.deck.counts.without_box
            said = end_text(some_left=some_left, without_box=bare, keys=self._keys)
            self._context.note(said)
            self.deck.begin_again()
        elif by < 0 and not self.deck.go_back():
            self._context.note("This is the first sheet.")
            return
        self._show_sheet()

    def _look_again(self) -> None:
        """Something was done elsewhere: what is shown is read anew."""
        self._forget()
        self._show_sheet()

    def _forget(self) -> None:
        self._stale = False
        self.preparation.look_at_boxes()
        self.sheet.keep(())
        self.deck.forget_following()
        if not self.deck.waits:
            self.deck.begin_again()
        self.deck.fill_up()

    def _make_some(self, first: int) -> None:
        """Of the sheet that will be seen."""
        some = self.deck.current[first : first + _AT_ONCE]
        self.parts.make(first + len(some))
        self._views(some)

    def _show_sheet(self) -> None:
        views = self._views(self.deck.current)
        self.parts.lay_out(len(views), self.deck.size)
        for cell, view in zip(self.parts.cells, views, strict=False):
            cell.show_object(view.instance.id, view)
            self._show_picture(cell)
        self.sheet.begin()
        for cell in self.cells:
            self._show_told(cell)
        self._show_waiting()
        self._ahead.start()

    def _views(self, instance_ids: Sequence[int]) -> list[View]:
        """Of those that are there still, with all that is said of them."""
        closed = [i for i in instance_ids if self.sheet.view(i) is None or i not in self._names]
        if closed:
            self.sheet.open_all({i: self.preparation.proposal(i) for i in closed})
            self.one.read(closed)
            for listed in self.project.rows(closed):
                self._names[listed.row.instance_id] = row_name(listed)
        return [view for i in instance_ids if (view := self.sheet.view(i)) is not None]

    def _look_ahead(self) -> None:
        """Has the sheet that is seen made ready, and the one after it, a few at a time."""
        next_ids = self.deck.following  # which is dealt for it, so it is asked once
        self.sheet.keep({*self.deck.current, *next_ids})
        closed = [i for i in next_ids if self.sheet.view(i) is None]
        if len(closed) > _AT_ONCE and self._views(closed[:_AT_ONCE]):
            self._ahead.start()
            return
        shown = [view.instance for view in self._views(self.deck.current)]
        following = [view.instance for view in self._views(next_ids)]
        # The one before is there still, for undo and for whoever looks back.
        self.preparation.want(shown, [*following, *self.sheet.records(self.deck.preceding)])
        counts, before = self.deck.counts, followed_before(self.project, shown)
        self.parts.count.show_text(count_text(counts, self.deck.order, self._keys, before))

    def _picture_ready(self, instance_id: int) -> None:
        cell = self._cell_of(instance_id)
        if cell is not None:
            self._show_picture(cell)
            self._show_told(cell)
            self._show_waiting()

    def _proposal_ready(self, instance_id: int) -> None:
        """Of the next sheet as well, so that turning to it has nothing left to do."""
        cell = self._cell_of(instance_id)
        view = self.sheet.open(instance_id, *(self.preparation.proposal(instance_id) or ()))
        if cell is not None:
            cell.show_view(view, fit=True)
            self._show_told(cell)
            self._show_waiting()

    def _cell_of(self, instance_id: int) -> SheetCell | None:
        return next((cell for cell in self.cells if cell.instance_id == instance_id), None)

    # What hands do

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.parts.enter(event.key()):
            super().keyPressEvent(event)

    @property
    def _current(self) -> SheetCell | None:
        """The one that keys are about: under the cursor, or where the keyboard is."""
        return next((cell for cell in self.cells if cell.canvas.hasFocus()), None)

    # Accepting

    def accept(self) -> None:
        """All that were on the screen for long enough; nothing while some are not."""
        standings = [self._standing(cell) for cell in self.cells]
        if Standing.COMING in standings or self._wait > 0:
            self._show_waiting()
            return
        ids = [cell.instance_id for cell in self._ready if cell.instance_id is not None]
        if not ids:
            self.turn(1)
            return
        seconds, turned = self.sheet.lap(), False
        if not self.project.read_only and self.deck.following:
            # The next ones are seen before the disk is done, and before all that can wait.
            turned = self.deck.go_on()
            self._show_sheet()
            self.repaint()
        try:
            entries = self.sheet.accept(ids, seconds)
        except ActionableError as error:
            if turned:
                self.deck.go_back()
            self._look_again()
            self._context.tell(error)
            return
        self.sheet.keep(set(self.deck.current) - set(ids))
        kinds, said = Kind.STORED | Kind.LABELS, f"Stored: {entries[-1].title}"
        self._to_announce.append(Change(kinds, frozenset(ids), said, by=self))
        self._announcing.start()
        if not turned:
            self.turn(1)

    def _announce(self) -> None:
        """What was accepted, once the next is on the screen."""
        changes, self._to_announce = self._to_announce, []
        for change in changes:
            self._context.changed(change)

    @property
    def _wait(self) -> float:
        """Seconds until all that would be accepted was looked at for long enough."""
        drawn = [cell.drawn_for(self.sheet.view(cell.instance_id or 0)) for cell in self._ready]
        return self._context.preferences.sheet_seconds - min(drawn, default=math.inf)

    def _standing(self, cell: SheetCell) -> Standing:
        assert cell.instance_id is not None
        return self._told[cell.instance_id].standing

    @property
    def _ready(self) -> list[SheetCell]:
        return [cell for cell in self.cells if self._standing(cell) is Standing.READY]

    def _markable(self) -> list[SheetCell]:
        """Also what lacks a landmark, which may be because it is not in the image."""
        seen = (Standing.READY, Standing.LACKING)
        return [cell for cell in self.cells if self._standing(cell) in seen]

    # One in full, and back

    def _open_by_hand(self, cell: SheetCell) -> None:
        """The first of the two clicks may have placed a landmark, which nobody meant."""
        cell.setFocus()
        seconds = QGuiApplication.styleHints().mouseDoubleClickInterval() / 1000
        if cell.just_placed(seconds):
            self.one.take_back()
        self.open_in_full()

    def open_in_full(self) -> None:
        cell = self.one.meant()
        if cell is not None and cell.instance_id is not None:
            self._opened = cell.instance_id
            self._context.open_instance(cell.instance_id)
            self._context.note(opened_text(self._keys))

    # What others do

    def _hear(self, change: Change) -> None:
        if change.by in (self, self.one, self.hidden, self.preparation):
            return
        if change.kinds & (Kind.STORED | Kind.LIST | Kind.PLAN):
            if self.isVisible():
                self._take_in(change)
            else:
                self._stale = True
        opened = self._opened
        if opened is not None and Kind.LABELS in change.kinds and opened in change.instances:
            self._opened = None
            if self.project.instance(opened).state is InstanceState.ACCEPTED:
                # After the label page has gone on, which it does at once.
                QTimer.singleShot(0, partial(self._context.show_page, "sheet"))

    def _take_in(self, change: Change) -> None:
        """While this page is seen, what was stored elsewhere was taken back or done again: it is
        shown. Where other people are at work the sheet turns to nothing under the hand."""
        shown = {cell.instance_id for cell in self.cells}
        if change.instances and not (change.by_others or change.instances & shown):
            self.deck.go_to(change.instances)
        self._look_again()

    # Showing

    def _show_picture(self, cell: SheetCell) -> None:
        assert cell.instance_id is not None
        seen = self.preparation.seen(cell.instance_id)
        if seen is None:
            return
        if seen.pyramid is not None:
            cell.show_picture(seen.pyramid)
        elif seen.failure is not None:
            cell.show_failure(self._context.worded(seen.failure))

    def _show_told(self, cell: SheetCell) -> None:
        instance_id, view = cell.instance_id, cell.view
        assert instance_id is not None
        assert view is not None
        seen = self.preparation.seen(instance_id)
        said = told(
            view,
            seen=seen is not None,
            broken=seen is not None and seen.pyramid is None,
            thinks=self.preparation.thinks(instance_id),
            left_out=self.one.left_out.get(instance_id),
            accepted=view.instance.state is InstanceState.ACCEPTED,
        )
        self._told[instance_id] = said
        name = self._names[instance_id]
        cell.show_caption(f"{said.text}  \N{MIDDLE DOT}  ", name, veiled=said.veiled)
        self.one.offer_to_throw_out(cell)

    def _soon(self) -> None:
        """Something was painted for the first time: in a while it was looked at."""
        if not self._look.isActive():
            self._look.start(50)

    def _show_waiting(self) -> None:
        if not self._keys:
            return
        standings = [self._standing(cell) for cell in self.cells]
        wait, ready = self._wait, standings.count(Standing.READY)
        go = Standing.COMING not in standings and wait <= 0
        self.parts.accept.setEnabled(go and bool(standings))
        key = self._keys["sheet_accept"]
        self.parts.accept.setText(f"Accept {ready}  ({key})" if ready else f"Go on  ({key})")
        self.prompt(prompt_text(standings, self._keys, wait))
        if math.isfinite(wait) and wait > 0:
            self._look.start(round(1000 * min(wait, 0.25)) + 5)

    def _show_model(self) -> None:
        proposer = self.preparation.proposer
        # Before there is one, what the label page said stands: it is looked for again here.
        if proposer is not None and self.isVisible():
            self._context.model(proposer.reason)
