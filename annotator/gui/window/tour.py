"""The first steps in the window, told one after the other while they are taken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.action_card import ActionCard, key_text
from landmark_annotator.annotator.gui.pages.context import Change
from landmark_annotator.annotator.gui.pages.page import Pages
from landmark_annotator.annotator.gui.style.themes import letters
from landmark_annotator.annotator.gui.window.window_context import WindowContext
from landmark_annotator.projects.store import ActionKind, Entry

_WIDE = 380
"""Pixels in usual letters."""
_MARGIN = 12
Corner = tuple[bool, bool]
"""(whether it is on the right, whether it is below)"""
_CORNERS: tuple[Corner, ...] = ((True, True), (False, True), (True, False), (False, False))


@dataclass(frozen=True)
class Step:
    """text: {name} stands for the key of the action of that name. done: by what was stored last, or
    the page that was turned to. None: nothing to do but to read."""

    title: str
    text: str
    done: Callable[["Seen"], bool] | None = None


@dataclass(frozen=True)
class Seen:
    """Since the step was shown. last: the kind of what was done last; undone: whether something was
    taken back; page: the name of the one that is shown."""

    last: ActionKind | None
    undone: bool
    page: str


STEPS = (
    Step(
        "Click the landmark that is asked for",
        "All landmarks lie where the model expects them; the ellipses say how sure it is. The one "
        "with the ring is asked for: click where it belongs, and watch the others follow.",
        lambda seen: seen.last is ActionKind.CLICK,
    ),
    Step(
        "Nothing is lost",
        "Every click is stored at once. {undo} takes the last one back, on whatever image it was.",
        lambda seen: seen.undone,
    ),
    Step(
        "Accept the shape",
        "As soon as all looks right, {accept} accepts it and opens the next image. One or two "
        "clicks are often enough; where none is needed, {accept} is all.",
        lambda seen: seen.last is ActionKind.ACCEPT,
    ),
    Step(
        "Look at many at once",
        "{page_sheet} shows a sheet of proposals: click a wrong landmark there, and accept all the "
        "others with one key.",
        lambda seen: seen.page == "sheet",
    ),
    Step(
        "That is all",
        "{page_dashboard} shows how far you are, {page_budget} how few points would do for the "
        "rest, and {keys} every key. The tour is in the menu Help.",
    ),
)


class Tour(QFrame):
    """Lies over a corner of what is seen, so that nothing moves, and not over what is asked for. Of
    the keys it takes Esc, where nobody else has a use for it."""

    ended = Signal()
    """It was gone through, or closed."""

    def __init__(
        self,
        context: WindowContext,
        pages: Pages,
        cards: Sequence[ActionCard],
        within: QWidget,
        steps: Sequence[Step] = STEPS,
    ) -> None:
        """within: what holds the pages, and now the tour as well."""
        super().__init__(within)
        self._context, self._pages, self._within, self._steps = context, pages, within, steps
        self._keys = {card.name: key_text(card) for card in cards}
        self._at, self._before = 0, self._history()
        self._corner = _CORNERS[0]
        self._placing = QTimer(self)
        self._placing.setSingleShot(True)
        self._placing.timeout.connect(self._place)
        self.setAccessibleName("Tour")
        self.setAutoFillBackground(True)
        self.count, self.title, self.text = QLabel(), QLabel(), QLabel()
        self.count.setProperty("tone", "quiet")
        self.title.setProperty("tone", "heading")
        for label in (self.title, self.text):
            label.setWordWrap(True)
        self.onward, self.end = QPushButton(), QPushButton("End the tour   (Esc)")
        buttons = QHBoxLayout()
        buttons.addWidget(self.end)
        buttons.addStretch()
        buttons.addWidget(self.onward)
        for button in (self.onward, self.end):
            # The keys of the page go on working: Enter accepts, and does not press these.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        for widget in (self.count, self.title, self.text):
            column.addWidget(widget)
        column.addLayout(buttons)
        self.onward.clicked.connect(self._go_on)
        self.end.clicked.connect(self.close_tour)
        context.changes.announced.connect(self._hear)
        pages.turned.connect(self._look)
        pages.in_use_painted.connect(self._placing.start)
        within.installEventFilter(self)
        self._show_step()

    @property
    def step(self) -> int:
        """From 0."""
        return self._at

    def close_tour(self) -> None:
        self._context.changes.announced.disconnect(self._hear)
        self._pages.turned.disconnect(self._look)
        self._pages.in_use_painted.disconnect(self._placing.start)
        self._within.removeEventFilter(self)
        self._placing.stop()
        self.hide()
        self.ended.emit()
        self.deleteLater()

    def _hear(self, _change: Change) -> None:
        self._look(self._pages.name)

    def _look(self, page: str) -> None:
        done_before, undone_before = self._before
        last, undone = self._history()
        kind = None if last is None or last == done_before else last.kind
        seen = Seen(kind, undone not in (None, undone_before), page)
        done = self._steps[self._at].done
        if done is not None and done(seen):
            self._go_on()
        self._place()

    def _history(self) -> tuple[Entry | None, Entry | None]:
        """What undo would take back, and what redo would do again."""
        who, project = self._context.who, self._context.project
        return project.undoable(who), project.redoable(who)

    def _go_on(self) -> None:
        if self._at + 1 == len(self._steps):
            self.close_tour()
            return
        self._at += 1
        self._show_step()

    def _show_step(self) -> None:
        step = self._steps[self._at]
        self._before = self._history()
        self.count.setText(f"{self._at + 1} of {len(self._steps)}")
        self.title.setText(step.title)
        self.text.setText(step.text.format(**self._keys))
        last = self._at + 1 == len(self._steps)
        self.onward.setText("Done" if last else "Skip this step")
        self.end.setVisible(not last)
        self.show()
        self._place()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._place()
        elif _is_escape(event):
            # It has come up from what has the focus, which had no use for it.
            self.close_tour()
            return True
        return False

    def _place(self) -> None:
        if not self._pages.name:
            return
        page = self._pages.page(self._pages.name)
        area = page.message_area
        wide = min(round(_WIDE * letters(self)), area.width() - 2 * _MARGIN)
        self.setFixedWidth(max(wide, 0))
        self.adjustSize()
        self._corner = _free_corner(area.size(), self.size(), page.in_use.toRect(), self._corner)
        place = _in_corner(area.size(), self.size(), self._corner)
        self.move(area.mapTo(self._within, QPoint(0, 0)) + place)
        self.raise_()


def _is_escape(event: QEvent) -> bool:
    if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
        return False
    return event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat()


def _in_corner(area: QSize, card: QSize, corner: Corner) -> QPoint:
    right, below = corner
    far = area - card
    return QPoint(
        far.width() - _MARGIN if right else _MARGIN, far.height() - _MARGIN if below else _MARGIN
    )


def _free_corner(area: QSize, card: QSize, kept: QRect, now: Corner) -> Corner:
    """Where the card hides the least of what is to be seen; where it is now, if nothing there."""

    def hidden(corner: Corner) -> int:
        over = kept.intersected(QRect(_in_corner(area, card, corner), card))
        return over.width() * over.height()

    return min((now, *_CORNERS), key=hidden)
