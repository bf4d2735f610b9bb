"""The pages of the window: one is seen at a time, each is made when it is first shown."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget


class Page(QWidget):
    """What fills the window under its menu. It shows what is new in its `showEvent`."""

    @property
    def slots(self) -> Mapping[str, Callable[..., object]]:
        """What the actions of this page call, by the name of the action."""
        return {}


class Pages(QStackedWidget):
    turned = Signal(str)
    """(name of the page that is seen now)"""

    def __init__(self, makers: Mapping[str, Callable[[], Page]]) -> None:
        super().__init__()
        self._makers = makers
        self._made: dict[str, Page] = {}
        self.name = ""

    def page(self, name: str) -> Page:
        if name not in self._made:
            self._made[name] = self._makers[name]()
            self.addWidget(self._made[name])
        return self._made[name]

    def turn_to(self, name: str) -> None:
        page = self.page(name)
        if name != self.name:
            self.name = name
            self.setCurrentWidget(page)
            self.turned.emit(name)
            page.setFocus()

    def act(self, page: str, action: str, *told: object) -> None:
        """What an action of that page does."""
        self.page(page).slots[action](*told)
