"""What gestures and keys mean: the window's one conversation with the labelling session.

The session commits and conditions at once, in this thread (milliseconds). Pictures and proposals
come from `Preparation`, later; until a proposal is there, what is stored is shown.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from landmark_annotator.annotator.gui.pages.context import Change, Changes, Kind
from landmark_annotator.annotator.gui.pages.label.controller.preparation import Preparation
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.pages.label.controller.put_question import PutQuestion
from landmark_annotator.annotator.gui.pages.label.controller.wanted_instances import wanted
from landmark_annotator.annotator.session.labelling.landmark_edits import Point
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.labelling.view import View, title_of_click
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.store import InstanceRecord, InstanceState
from landmark_annotator.projects.vocabulary import ActionableError, Box
from landmark_annotator.projects.vocabulary.errors import Conflict


class LabelController(QObject):
    """One instance is open, once `open` was called. Signals say what to show anew."""

    opened = Signal(int)
    """(instance id) Another instance is open; its picture may still be on its way."""
    picture_changed = Signal()
    """The picture of the open instance is there, or it is known why it cannot be."""
    proposed = Signal()
    """What the model proposes for the open instance is there, later than the instance."""
    changed = Signal()
    """The view, the landmark asked for, or what is waited for."""
    held = Signal()
    """A landmark is being moved, and the others with it."""
    foreseen = Signal()
    """A landmark was placed: the view is what it will be, before the disk has it."""
    about_to_act = Signal()
    """An action follows, or another instance; what is only held is to be stored before."""
    scheme_turned = Signal(str)
    """(what was done) A change of the scheme was taken back or done again: nothing here fits the
    project any more."""
    noted = Signal(str, bool)
    failed = Signal(Exception)

    def __init__(
        self,
        session: LabellingSession,
        preparation: Preparation,
        changes: Changes,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.project = session.project
        self.scheme = session.project.scheme
        self.preparation = preparation
        self.changes = changes
        self._view: View | None = None
        self._held: View | None = None
        self._foreseen: View | None = None
        self.question = PutQuestion()
        self.counts = False
        """Whether what is open did, and was not left out, when that was last looked at."""
        self.inside: list[InstanceRecord] = []
        """All of the open image, as they were when it was opened."""
        self.changes_box = self.away = self._changed_unseen = self._acted = False
        """changes_box: its handles are under the hand, or another is to be drawn. away: something
        else is seen than the open instance, to which nothing can be done; changed_unseen: it has
        changed meanwhile. acted: something was done to it since it was opened."""
        preparation.in_hands = self.in_hands
        preparation.picture_ready.connect(self._picture_ready)
        preparation.proposal_ready.connect(self._proposal_ready)
        preparation.proposer_awaited.connect(self.changed)
        preparation.proposer_ready.connect(self.changed)
        preparation.failed.connect(self.failed)

    # What is seen

    @property
    def view(self) -> View | None:
        """Of the open instance, with a held landmark where it is held. None before any."""
        return self._held or self._foreseen or self._view

    @property
    def record(self) -> InstanceRecord | None:
        """The open instance as it is stored."""
        return None if self._view is None else self._view.instance

    @property
    def asked(self) -> int | None:
        """The landmark that the next click places: the chosen one, else the session's query, or the
        one that a person has read."""
        phase = self.phase
        view = self._foreseen or self._view
        if view is None or phase not in (Phase.THINKING, Phase.READY):
            return None
        return self.question.asked(view.query) if phase is Phase.READY else self.question.chosen

    @property
    def offered(self) -> bool:
        """Whether nobody has chosen the landmark that is asked for: it is the model's question."""
        view = self._foreseen or self._view
        chosen = self.question.chosen is not None
        return not chosen and view is not None and view.backend is not None

    @property
    def phase(self) -> Phase:
        record = self.record
        if record is None or self.away:
            return Phase.LOADING
        if self.preparation.failure(record.image_id) is not None:
            return Phase.BROKEN
        if self.preparation.picture(record.image_id) is None:
            return Phase.LOADING
        accepted = record.state is InstanceState.ACCEPTED
        if self.changes_box or (record.box is None and not accepted):
            return Phase.BOX
        if not accepted and self.preparation.thinks(record.id):
            return Phase.THINKING
        return Phase.READY

    def in_hands(self, instance_id: int) -> bool:
        """Whether something was done to what is open since it was opened, or is being done."""
        record = self.record
        if record is None or record.id != instance_id:
            return False
        held = self._held is not None or self._foreseen is not None or self.changes_box
        return held or (self._acted and record.state is not InstanceState.UNTOUCHED)

    @property
    def can_accept(self) -> bool:
        ready = self.phase in (Phase.READY, Phase.BOX) and self._view is not None
        return ready and self._view is not None and self._view.complete

    # Going from one instance to another

    def start(self) -> None:
        """Opens the first instance that is not accepted, else the first of all."""
        following, first = self.session.following(), self.project.first()
        if following is None and first is not None:
            following = first.id
        if following is not None:
            self.open(following)

    def hear(self, change: Change) -> None:
        """Somebody else has acted: what is open may be another than it is here."""
        before, kinds = self.record, change.kinds
        if change.by is self:
            return
        if Kind.LIST in kinds:
            self.counts = before is not None and self.project.counts(before.id)
            if before is None:
                self.start()
            elif Kind.STORED in kinds or self.project.instance(before.id) != before:
                self.preparation.forget(before.id)
                self._open_anew(before.id)
        elif before is not None and (
            Kind.PLAN in kinds or (Kind.STORED in kinds and before.id in change.instances)
        ):
            self._open_anew(before.id)

    def _open_anew(self, instance_id: int) -> None:
        """It is another than it was. Whoever looks at something else goes on with that."""
        if self.away:
            self._view, self._changed_unseen = self._opened(instance_id, again=True), True
        else:
            self.open(instance_id)

    def open(self, instance_id: int, ahead: LabellingSession | None = None) -> None:
        """ahead: one that has just read the instance, so that it need not be read again."""
        self.settle()
        self._held = None
        self.question.begin()
        self.changes_box = self.away = self._changed_unseen = False
        self._acted &= self.record is not None and self.record.id == instance_id
        # Meanwhile something else may be proposed.
        same = ahead is not None and ahead.proposal is self.preparation.proposal(instance_id)
        known = ahead if same else None
        self._view = self.session.take_over(known) if known else self._opened(instance_id)
        now = self.session.now
        self.counts = now is not None and now.counts
        self._prepare()
        self.opened.emit(instance_id)
        self.picture_changed.emit()
        self.changed.emit()

    def _opened(self, instance_id: int, again: bool = False) -> View:
        ready = self.preparation
        proposal, prior = ready.proposal(instance_id), ready.prior(instance_id)
        by_hand = not ready.thinks(instance_id)
        return self.session.open(instance_id, proposal, prior, by_hand=by_hand, again=again)

    def show_again(self) -> None:
        """What is seen is another than it was: beside the shape, or it is as it was before."""
        was_away, self.away = self.away, False
        if self._changed_unseen and self.record is not None:
            self.open(self.record.id)
            return
        if was_away:
            self.picture_changed.emit()
        self.changed.emit()

    # What is said

    def note(self, text: str, *, until_stored: bool = True) -> None:
        """As of `PageContext`."""
        self.noted.emit(text, until_stored)

    def fail(self, error: Exception) -> None:
        self.failed.emit(error)

    def turn_scheme(self, what: str) -> None:
        """A change of the scheme was taken back, or done again."""
        self.scheme_turned.emit(what)

    # Gestures

    def settle(self) -> None:
        """What is only held, by keys or by the mouse, is stored: something else follows."""
        self.about_to_act.emit()

    def let_rest(self) -> None:
        """As `settle`; nothing is held after it."""
        self.settle()
        self._held = None

    def hold(self, landmark: int, x: float, y: float, *, traced: bool = False) -> None:
        """The landmark is held there: the others follow, nothing is stored. traced: or only its
        contour is, where it lies on one."""
        self.hold_all({landmark: (x, y)}, traced=traced)

    def hold_all(self, moves: Mapping[int, Point], *, traced: bool = False) -> None:
        """Several are held, each at its place."""
        if self._view is not None:
            self._held = self.session.foresee(moves, traced=traced)
            self.held.emit()

    def hold_first(self, landmark: int, x: float, y: float) -> None:
        """It is held until another one is clicked, which is what is waited for now."""
        self.hold(landmark, x, y)
        self.changed.emit()

    def let_go(self) -> None:
        """Back to where it was."""
        self._held = None
        self.changed.emit()

    def place(self, landmark: int, x: float, y: float, *, traced: bool = False) -> None:
        """Seen at once, then stored; where that fails it is taken back. traced: as for `hold`."""
        self._foresee({landmark: (x, y)}, traced)
        say = self.session.trace if traced else self.session.click
        what = title_of_click(self.view, self.scheme, landmark)
        self.act(lambda: say(landmark, (x, y)), what)

    def place_all(self, moves: Mapping[int, Point]) -> None:
        """As one action."""
        if len(moves) == 1:
            ((landmark, place),) = moves.items()
            self.place(landmark, *place)
        elif moves:
            self._foresee(moves)
            self.act(lambda: self.session.move(moves), f"move of {len(moves)} landmarks")

    def _foresee(self, moves: Mapping[int, Point], traced: bool = False) -> None:
        self.settle()
        if self._view is not None:
            self._held = None
            self.question.begin()
            self._foreseen = self.session.foresee(moves, traced=traced)
            self.foreseen.emit()

    def choose(self, landmark: int) -> None:
        """Ask for this landmark next."""
        self.question.chosen = landmark
        self.changed.emit()

    def want_box(self, wanted: bool = True) -> None:
        """Whether the next drag draws the box; an instance without one always needs it."""
        self.changes_box = wanted and self.phase not in (Phase.LOADING, Phase.BROKEN)
        self._held = None
        self.changed.emit()

    def set_box(self, box: Box, *, changing: bool = False) -> None:
        """changing: its handles stay under the hand."""

        def commit() -> View:
            assert self.record is not None
            self.session.set_box(box)
            return self.with_another_box(self.record.id, changing)

        self.act(commit, "change of the box")

    # How actions run

    def titled(self, what: str, landmark: int) -> str:
        return f"{what} of {self.scheme.landmarks[landmark]}"

    def act(self, action: Callable[[], View], what: str, *, leaving: bool = False) -> bool:
        """An action that the session stores. Whether it went through; if not, why is told.

        leaving: another instance is opened right after it, so this one is not shown again.
        """
        self.let_rest()
        before = self.record
        try:
            view = self._without_foresight(action)
        except ActionableError as error:
            if isinstance(error, Conflict):
                self._show_meanwhile(f"Refused: {what}")
            self.changed.emit()
            self.fail(error)
            return False
        self.committed(view, before, f"Stored: {what}", leaving)
        if view.meanwhile:
            if not leaving:
                self._show_meanwhile(f"Stored: {what}")
            self.note(view.meanwhile, until_stored=False)
        return True

    def _show_meanwhile(self, what: str) -> None:
        """The open instance as somebody else has left it, who may have changed its box too."""
        if self.record is not None:
            self.preparation.forget(self.record.id)
            self.announce(self.record.id, what, labels=True)
            self.open(self.record.id)

    def _without_foresight(self, action: Callable[[], View]) -> View:
        """However it ends, what was only foreseen is not shown after it."""
        try:
            return action()
        finally:
            self._foreseen = None

    def with_another_box(self, instance_id: int, changing: bool = False) -> View:
        """What was proposed for the old box is of no use. changing: its handles stay there."""
        self.changes_box = changing
        self.preparation.forget(instance_id)
        return self.session.open(instance_id)

    def propose(self, proposal: Proposal | None) -> None:
        """For the open instance, in place of the model's; None: the model's again."""
        record = self.record
        assert record is not None
        self.settle()
        if proposal is None:
            self.preparation.forget(record.id)
        else:
            self.preparation.propose(record.id, proposal)
        self.question.begin()
        self._view = self.session.open(record.id, proposal)
        self._prepare()
        self.changed.emit()

    def committed(
        self, view: View, before: InstanceRecord | None, what: str, leaving: bool = False
    ) -> None:
        """The view is what is stored now. what: what was done; leaving: as in `act`."""
        self._view, self._acted = view, True
        self.question.begin()
        states = {view.instance.state, before and before.state}
        accepted_or_not = len(states) == 2 and InstanceState.ACCEPTED in states
        self.announce(view.instance.id, what, labels=accepted_or_not)
        if not leaving:
            if before != view.instance:
                self._prepare()
            self.changed.emit()

    def announce(self, instance_id: int, what: str, *, labels: bool) -> None:
        """labels: whether it may be accepted now and was not, or the other way round."""
        kinds = Kind.STORED | Kind.LABELS if labels else Kind.STORED
        self.changes.announce(Change(kinds, frozenset((instance_id,)), what, by=self))

    def _prepare(self) -> None:
        record = self.record
        assert record is not None
        images = self.session.images
        self.inside, needed = wanted(self.project, images, record, counts=self.counts)
        self.preparation.want(needed)

    def _picture_ready(self, image_id: int) -> None:
        record = self.record
        if record is not None and record.image_id == image_id:
            # Opened again, so that the time the picture took is not counted as the annotator's.
            self._view = self._opened(record.id, again=True)
            self.picture_changed.emit()
            self.changed.emit()

    def _proposal_ready(self, instance_id: int) -> None:
        if self._view is not None and self._view.instance.id == instance_id:
            if self._view.backend is None:
                self._view = self._opened(instance_id, again=True)
            else:
                self.question.reconsidered(self._view.query)
                found = self.preparation.proposal(instance_id), self.preparation.prior(instance_id)
                self._view = self.session.propose_anew(*found)
            self.changed.emit()
            self.proposed.emit()
