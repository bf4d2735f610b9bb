"""The pages of the window: one is seen at a time, each is made when it is first shown."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from landmark_annotator.annotator.gui.pages.action_card import ActionCard, key_text
from landmark_annotator.annotator.gui.pages.context import Change, Changes, Kind, PageContext
from landmark_annotator.annotator.gui.services.garbage import set_aside


class Page(QWidget):
    """What fills the window under its menu. It shows what is new in its `showEvent`."""

    in_use_painted = Signal()
    """`in_use` may be another rectangle now."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context

    @property
    def slots(self) -> Mapping[str, Callable[..., object]]:
        """What the actions of this page call, by the name of the action."""
        return {}

    @property
    def message_area(self) -> QWidget:
        """A message lies over the lower edge of this part, or over its upper one: see `in_use`."""
        return self

    @property
    def in_use(self) -> QRectF:
        """What hands are about, in the message area: nothing that is told may hide it."""
        return QRectF()

    @property
    def settled(self) -> bool:
        """Whether all that it shows is there, and nothing is still being read or measured."""
        return True

    def follow(self, changes: Changes) -> None:
        """Figures that are seen are read anew where an action changes what they are of, such as an
        import or an undo."""
        changes.announced.connect(self._hear_of_figures)

    def _hear_of_figures(self, change: Change) -> None:
        if self.isVisible() and change.kinds & (Kind.STORED | Kind.LABELS | Kind.LIST):
            self.read_figures()

    def read_figures(self) -> None:
        """Of a page that follows the changes."""

    def prompt(self, text: str) -> None:
        """What the tool waits for. What was read or measured may come when another page is seen,
        which says what that one waits for."""
        if self.isVisible():
            self._context.prompt(text)

    def look_for_pictures(self) -> None:
        """Of a page that shows photographs: those that could not be shown may be there by now."""

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """What is said on the page speaks of these keys, by the name of the action."""


class Pages(QStackedWidget):
    turned = Signal(str)
    """(name of the page that is seen now)"""
    in_use_painted = Signal()
    """What hands are about may be elsewhere now, on one of the pages."""

    def __init__(self, makers: Mapping[str, Callable[[], Page]]) -> None:
        super().__init__()
        self._makers = makers
        self._made: dict[str, Page] = {}
        self._keys: Mapping[str, str] = {}
        self.name = ""

    def page(self, name: str) -> Page:
        if name not in self._made:
            self._made[name] = self._makers[name]()
            self.addWidget(self._made[name])
            self._made[name].show_keys(self._keys)
            self._made[name].in_use_painted.connect(self.in_use_painted)
        return self._made[name]

    @property
    def in_use(self) -> QRectF:
        """Of the page that is seen."""
        return self.page(self.name).in_use

    def show_keys(self, cards: Sequence[ActionCard]) -> None:
        """On every page, also on those that are made later."""
        self._keys = {card.name: key_text(card) for card in cards}
        for page in self._made.values():
            page.show_keys(self._keys)

    def turn_to(self, name: str) -> None:
        page = self.page(name)
        if name != self.name:
            set_aside(f"the page {self.name}")
            self.name = name
            self.setCurrentWidget(page)
            self.turned.emit(name)
            page.setFocus()

    def look_for_pictures(self) -> None:
        """Photographs that a page could not show may be there by now."""
        for page in self._made.values():
            page.look_for_pictures()

    def act(self, page: str, action: str, *told: object) -> None:
        """What an action of that page does."""
        self.page(page).slots[action](*told)
