"""The review page: look at a shape, see who placed what, let it pass or send it back."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.asked_first import may
from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.page import Page
from landmark_annotator.annotator.gui.pages.review.beside_card import BesideCard
from landmark_annotator.annotator.gui.pages.review.certificate_card import CertificateCard
from landmark_annotator.annotator.gui.pages.review.history_panel import HistoryPanel
from landmark_annotator.annotator.gui.pages.review.label_search import searched
from landmark_annotator.annotator.gui.pages.review.queue_list import QueueList, QueueModel
from landmark_annotator.annotator.gui.pages.review.queue_reading import QueueReading
from landmark_annotator.annotator.gui.pages.review.reviewed_marks import reviewed_marks
from landmark_annotator.annotator.gui.pages.review.rule_card import RuleCard
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.services.picture_cache import Pictures
from landmark_annotator.annotator.gui.services.turns import Turns
from landmark_annotator.annotator.gui.style.themes import letters
from landmark_annotator.annotator.gui.widgets.comment_sheet import Comments
from landmark_annotator.annotator.gui.widgets.folding_row import FoldingRow
from landmark_annotator.annotator.gui.widgets.list_end import end_of_list
from landmark_annotator.annotator.gui.widgets.side_parts import SideParts
from landmark_annotator.annotator.session.review.acceptance_rule import AcceptanceRule
from landmark_annotator.annotator.session.review.certification import Certification
from landmark_annotator.annotator.session.review.present_error import present_error
from landmark_annotator.annotator.session.review.review_session import Reviewed, ReviewSession
from landmark_annotator.projects.images import source_of
from landmark_annotator.projects.store import Entry
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.errors import Conflict, NotConfirmed
from landmark_annotator.projects.vocabulary.wording import counted

_AHEAD = 2
"""How many of the next pictures are loaded beforehand."""
_ZOOM_STEP = 1.4


class ReviewPage(Page):
    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.project = context.project
        self.session = ReviewSession(context.project, who=context.who)
        self.search = BackgroundJob("Looking for wrong labels", self)
        """Its answer orders the list anew; what is open stays open."""
        self.pictures = Pictures(lambda i: source_of(self.project.image(i)), self)
        self.model = QueueModel(context.project)
        self._showing = Turns(self)
        self._reading = QueueReading(context, self.session, self.model, self)
        self.list = QueueList(self.model)
        self.canvas = Canvas()
        # Only of the landmark that is pointed at: a reviewer looks at the image.
        self.canvas.show_every_ellipse(False)
        self.history = HistoryPanel(context.project.scheme)
        self.beside = BesideCard(context.project)
        certification = Certification(context.project, who=context.who)
        self.certificate = CertificateCard(certification, context.tell)
        rule = AcceptanceRule(context.project, who=context.who)
        self.rule = RuleCard(rule, context.folder, context.tell)
        self.comments = Comments(self)
        self.seen: Reviewed | None = None
        """What is open; None where nothing waits."""
        self._painted: int | None = None
        """The instance that was painted last: nobody lets pass what nobody has seen."""
        self.landmark: int | None = None
        """The one that is pointed at."""
        self._found_since: int | None = None
        """The instance that was open when a search put the likeliest wrong ones before it."""
        self.setFocusProxy(self.canvas)
        self._compose()
        self._connect()

    def _compose(self) -> None:
        self.passes = QPushButton()
        self.passes.setObjectName("accept")
        self.send_back = QPushButton()
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 10)
        column.addWidget(self.history, 1)
        for card in (self.beside, self.certificate, self.rule):
            column.addWidget(card)
        for button in (self.passes, self.send_back):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column.addWidget(FoldingRow((self.passes, self.send_back), 10))
        parts = SideParts(self.list, self.canvas, right)
        aside = self.history.whole_width / letters(self)
        parts.begin_with((310, 710, max(420, min(round(aside), 520))))
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(parts)

    def _connect(self) -> None:
        self.list.chosen.connect(self.open)
        self.canvas.painted.connect(self._see)
        self.history.chosen.connect(self.point_at)
        gestures = self.canvas.gestures
        gestures.picked.connect(self.point_at)
        gestures.nudged.connect(lambda dx, dy: self.step_landmark(1 if dx + dy > 0 else -1))
        gestures.dropped.connect(lambda *_: self._context.note(self._moved_where))
        self.pictures.ready.connect(self._show_picture)
        self.passes.clicked.connect(self.accept)
        self.send_back.clicked.connect(self.ask_why)
        self.beside.turned.connect(self._show)
        self.beside.chosen.connect(self.choose)
        self.beside.alone.connect(self._context.note)
        self.certificate.drawn.connect(self.open)
        self.rule.drawn.connect(self._context.open_instance)
        self.rule.applied.connect(self._tell_ruled)
        self.search.failed.connect(self._context.tell)
        work = self.rule.job.leave, self.search.leave, self._showing.stop
        for end in (*work, self._reading.close, self.pictures.close):
            self._context.closing.connect(end)
        self._context.changes.announced.connect(self._hear)

    @property
    @override
    def slots(self) -> Mapping[str, Callable[..., object]]:
        canvas = self.canvas
        return {
            "review_accept": self.accept,
            "review_send_back": self.ask_why,
            "review_flag": self.ask_flag,
            "review_other": self.beside.turn,
            "review_choose": self.beside.take,
            "review_certify": self.certificate.go_on,
            "review_rule": self.rule.go_on,
            "review_next": lambda: self.step(1),
            "review_previous": lambda: self.step(-1),
            "review_correct": self.correct,
            "review_landmark": lambda: self.step_landmark(1),
            "review_landmark_back": lambda: self.step_landmark(-1),
            "review_zoom_in": lambda: canvas.zoom(_ZOOM_STEP),
            "review_zoom_out": lambda: canvas.zoom(1 / _ZOOM_STEP),
            "review_fit": lambda: canvas.scene.fit("object"),
            "review_whole": lambda: canvas.scene.fit("image"),
        }

    @property
    @override
    def message_area(self) -> QWidget:
        return self.canvas

    @override
    def show_keys(self, keys: Mapping[str, str]) -> None:
        self.passes.setText(f"Passes  ({keys['review_accept']})")
        self.beside.show_keys(keys["review_other"], keys["review_choose"])
        self.certificate.show_keys(keys)
        self.send_back.setText(f"Send back\N{HORIZONTAL ELLIPSIS}  ({keys['review_send_back']})")
        self._moved_where = f"Nothing was moved: {keys['review_correct']} opens it for that."

    @property
    @override
    def settled(self) -> bool:
        if self._showing.pending or self._reading.pending:
            return False
        return self.seen is None or self.pictures.looked_at(self.seen.record.image_id)

    # Going from one to the next

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._context.clear()
        if self.model.rowCount():  # A long queue is read anew for a while.
            self._show_waiting()
        self._showing.begin(self.certificate.look, self.rule.look, self._show_queue, self._search)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._showing.stop()

    def _search(self) -> None:
        if not self.search.running:
            self.search.begin(partial(searched, self.project.folder), self._list_found)

    def _show_queue(self) -> None:
        # One thing a turn: a queue that is read at once takes as long as opening its first.
        self._reading.anew(lambda: self._showing.also(self._open_listed))

    def _open_listed(self) -> None:
        """What was open stays so, as long as it waits."""
        if self.seen is not None and self.model.row_of(self.seen.record.id) is not None:
            self.open(self.seen.record.id)
        else:
            self._open_row(0)

    def open(self, instance_id: int) -> None:
        if self.seen is None or self.seen.record.id != instance_id:
            self.landmark = None
        self.seen = self.session.open(instance_id)
        self.list.mark_open(instance_id)
        row = self.model.row_of(instance_id)
        later = [] if row is None else range(row + 1, min(row + 1 + _AHEAD, self.model.rowCount()))
        images = [self.seen.record.image_id, *(self.model.at(r).record.image_id for r in later)]
        self.pictures.want(list(dict.fromkeys(images)))
        self._show()
        self._show_picture(self.seen.record.image_id)

    def step(self, by: int) -> None:
        if self.seen is not None:
            row = self.model.row_of(self.seen.record.id)
            place = 0 if row is None else row + by
            if 0 <= place < self.model.rowCount():
                self.open(self.model.at(place).record.id)
            else:
                self._context.note(end_of_list(by))

    def _open_row(self, row: int) -> None:
        """Or the last one, where there are fewer."""
        count = self.model.rowCount()
        if count:
            self.open(self.model.at(min(row, count - 1)).record.id)
            return
        self.seen = None
        if self._reading.pending:
            return
        self.beside.show_instance(None)
        nothing = "Nothing waits for a reviewer"
        self.history.show_instance(None, nothing)
        self.canvas.show_marks(None)
        remedy = "What annotators accept, and what the model proposes, turns up here."
        self.canvas.show_failure(ActionableError(f"{nothing}.", remedy=remedy))
        self._show_waiting()

    @property
    def painted(self) -> bool:
        """Whether what is open has been seen."""
        return self.seen is not None and self._painted == self.seen.record.id

    def _see(self) -> None:
        self._painted = None if self.seen is None else self.seen.record.id

    # Verdicts

    def accept(self) -> None:
        if self.painted and not self.certificate.done_with(self.seen, self._context.note):
            self._judge(self.session.accept)

    def ask_why(self) -> None:
        """For the comment, without which nothing is sent back; nobody who may not do so."""
        if self.seen is not None and may(self.session.refuse_verdicts, self._context.tell):
            question, done = "What is to be corrected?", partial(self._send_back, self.seen)
            self.comments.ask("Send back", question, self.seen.record.id, done, needed=True)

    def _send_back(self, asked: Reviewed, comment: str) -> bool:
        self.open(asked.record.id)  # something else may have come into sight meanwhile
        return self._judge(lambda: self.session.send_back(comment, asked))

    def ask_flag(self) -> None:
        if self.seen is not None and may(self.project.refuse_read_only, self._context.tell):
            about, question = self.seen.record.id, "What should somebody look at?"
            self.comments.ask("Flag", question, about, partial(self._flag, about))

    def _flag(self, instance_id: int, comment: str) -> bool:
        self.open(instance_id)
        return self._act(lambda: self.session.flag(comment), Kind.STORED)

    def choose(self) -> None:
        """Of two shapes the one that is shown; what is open stays so, to be judged."""
        if self.painted and self.seen is not None and self.seen.beside:
            self._act(lambda: self.session.choose(self.beside.kept), Kind.STORED | Kind.LABELS)

    def correct(self) -> None:
        if self.seen is not None:
            self._context.open_instance(self.seen.record.id)

    def _judge(self, verdict: Callable[[], Entry]) -> bool:
        """The verdict, and then the next one: the next drawn one, where this was the check of one,
        or what is where this one was; the first, where a search has ordered the list anew. Whether
        it is stored."""
        assert self.seen is not None
        instance_id = self.seen.record.id
        row = 0 if self._found_since == instance_id else self.model.row_of(instance_id) or 0
        if not self._act(verdict, Kind.STORED | Kind.LABELS):
            return False
        drawn = self.certificate.check(instance_id)
        if drawn is None:
            self._open_row(row)
        else:
            self.open(drawn)
        return True

    def _tell_ruled(self, count: int) -> None:
        said = f"Stored: acceptance of {counted(count, 'shape')} by rule"
        self._context.changed(Change(Kind.LIST | Kind.STORED | Kind.LABELS, said=said))

    def _act(self, action: Callable[[], Entry | None], kinds: Kind) -> bool:
        assert self.seen is not None
        instance_id = self.seen.record.id
        try:
            entry = action()
        except ActionableError as error:
            if isinstance(error, Conflict):
                self._reading.again([instance_id], self._show_listed)
                self.open(instance_id)
            self._context.tell(error)
            return False
        self._context.clear()  # why the one before it was refused
        said = "" if entry is None else f"Stored: {entry.title}"
        self._context.changed(Change(kinds, frozenset((instance_id,)), said))
        return True

    def _hear(self, change: Change) -> None:
        self.certificate.hear(change)
        if not self.isVisible():
            return
        if Kind.STORED in change.kinds and Kind.LIST in change.kinds:
            # Of many, as by undo: what is open may wait no more, and a rule may have more left.
            self.rule.look()
            self._show_queue()
        elif Kind.STORED in change.kinds:
            # Judged here, or taken back. Of what others do only what is looked at is shown again.
            self._reading.again(change.instances, self._show_listed)
            seen = {self.seen.record.id} if self.seen else set()
            shown = change.instances & seen if change.by_others else change.instances
            for instance_id in filter(self.session.has_shape, shown):
                self.open(instance_id)
        elif change.kinds & (Kind.PROPOSALS | Kind.LIST):
            self._reading.anew(self._show_listed)

    def _show_listed(self) -> None:
        """Something has come in meanwhile; what is open stays open."""
        if self.seen is None:
            self._open_row(0)
        elif self.model.row_of(self.seen.record.id) is not None:
            self.list.mark_open(self.seen.record.id)
        self._show_waiting()

    def _list_found(self, found: bool) -> None:
        """found: whether a search for wrong labels has found something else than before."""
        if found and self.isVisible():
            self._reading.anew(self._show_found)

    def _show_found(self) -> None:
        self._show_listed()
        if self.seen is not None:
            self._found_since = now = self.seen.record.id
            if not self.model.lists(now, self.seen.suspicion):
                self.seen = self.session.look_again(now)
                self._show()

    # Showing

    def point_at(self, landmark: int) -> None:
        """Nothing, before the queue is read and where nothing waits."""
        if self.seen is not None:
            self.landmark = landmark
            self._show()

    def step_landmark(self, by: int) -> None:
        count = len(self.project.scheme)
        at = (-1 if by > 0 else 0) if self.landmark is None else self.landmark
        self.point_at((at + by) % count)

    def _show(self) -> None:
        assert self.seen is not None
        self.beside.show_instance(self.seen)
        marks = reviewed_marks(self.project.scheme, self.seen, self.beside.shape, self.landmark)
        self.canvas.show_marks(marks)
        self.history.show_instance(self.seen, self.model.name_of(self.seen.record))
        self.history.mark(self.landmark)
        self._show_waiting()

    def _show_picture(self, image_id: int) -> None:
        if self.seen is None or self.seen.record.image_id != image_id:
            return
        failure = self.pictures.failure(image_id)
        if failure is not None:
            self.canvas.show_failure(self._context.worded(failure))
            # Of an unconfirmed source the message has the link to confirm it.
            if not isinstance(failure, ActionableError) or isinstance(failure, NotConfirmed):
                self._context.tell(failure)
        else:
            self.canvas.show_image(self.pictures.picture(image_id))
            self.canvas.scene.fit("object")

    @override
    def look_for_pictures(self) -> None:
        self.pictures.look_again()
        if self.isVisible() and self.seen is not None:
            self.open(self.seen.record.id)

    def _show_waiting(self) -> None:
        if self.isVisible():
            count, listed = self.model.waiting, self.model.rowCount()
            text = f"{count:,} to review" if count else "Nothing to review"
            if listed < count:
                text += f"; the first {listed:,} are listed"
            self.prompt(text)
            seen, scheme = self.seen, self.project.scheme
            self._context.expected_error(None if seen is None else present_error(seen, scheme))
