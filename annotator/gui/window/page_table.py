"""The pages of the window, in the order of its menu: one line a page.

A page is made when it is first shown, so what it needs is imported in its function here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.gui.pages.action_card import ActionCard
from annotator.gui.pages.page import Page

if TYPE_CHECKING:
    from annotator.gui.window.main_window import MainWindow


@dataclass(frozen=True)
class PageCard:
    """name: what code calls it; the action that turns to it is `page_NAME`."""

    name: str
    title: str
    keys: tuple[str, ...]
    tip: str
    make: Callable[["MainWindow"], Page]

    @property
    def action(self) -> ActionCard:
        return ActionCard(f"page_{self.name}", "Pages", self.title, self.keys, self.tip)


def _label(window: "MainWindow") -> Page:
    return window.label_page


def _review(window: "MainWindow") -> Page:
    from annotator.gui.pages.review.page import ReviewPage

    return ReviewPage(window)


def _compare(window: "MainWindow") -> Page:
    from annotator.gui.pages.compare.page import ComparePage

    return ComparePage(window)


def _dashboard(window: "MainWindow") -> Page:
    from annotator.gui.pages.dashboard.page import DashboardPage

    return DashboardPage(window)


def _budget(window: "MainWindow") -> Page:
    from annotator.gui.pages.budget.page import BudgetPage

    return BudgetPage(window)


PAGES: tuple[PageCard, ...] = (
    PageCard("label", "Label", ("Ctrl+1",), "Place and accept landmarks", _label),
    PageCard("review", "Review", ("Ctrl+2",), "Judge what others labelled, worst first", _review),
    PageCard("compare", "Compare", ("Ctrl+3",), "Where two people's labels differ", _compare),
    PageCard("dashboard", "Dashboard", ("Ctrl+4",), "How the project goes", _dashboard),
    PageCard("budget", "Budget", ("Ctrl+5",), "What points buy, what was spent, the plan", _budget),
)
