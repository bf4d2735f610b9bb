"""How many objects are shown at once, and which come first: chosen, and kept for the next time."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.sheet.layout import SheetLayout
from landmark_annotator.annotator.gui.pages.sheet.sentences import ORDERS
from landmark_annotator.annotator.gui.services.preferences import SHEET_ORDERS, SHEET_SIZES
from landmark_annotator.annotator.session.labelling.deck import Deck
from landmark_annotator.projects.vocabulary import ActionableError


class Choices(QObject):
    changed = Signal()
    """The sheets are dealt anew."""

    def __init__(self, context: PageContext, deck: Deck, parts: SheetLayout) -> None:
        super().__init__(parts)
        self._context, self._deck, self._parts = context, deck, parts
        parts.size_chosen.connect(self.choose_size)
        parts.order_chosen.connect(self.choose_order)
        self._offer()

    @property
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {
            "sheet_fewer": lambda: self._step_size(-1),
            "sheet_more": lambda: self._step_size(1),
            "sheet_order": self._next_order,
        }

    def choose_size(self, size: int) -> None:
        self._deck.size = size
        self._keep(sheet_size=size)

    def choose_order(self, order: str) -> None:
        self._deck.order = order
        self._keep(sheet_order=order)

    def _step_size(self, by: int) -> None:
        place = SHEET_SIZES.index(self._deck.size) + by
        if 0 <= place < len(SHEET_SIZES):
            self.choose_size(SHEET_SIZES[place])

    def _next_order(self) -> None:
        place = SHEET_ORDERS.index(self._deck.order)
        self.choose_order(SHEET_ORDERS[(place + 1) % len(SHEET_ORDERS)])

    def _keep(self, **values: object) -> None:
        try:
            self._context.preferences.change(**values)
        except ActionableError as error:
            self._context.tell(error)
        self._offer()
        self._deck.begin_again()
        self.changed.emit()

    def _offer(self) -> None:
        self._parts.offer(SHEET_SIZES, self._deck.size, ORDERS, self._deck.order)
