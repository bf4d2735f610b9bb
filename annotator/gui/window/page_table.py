"""The pages of the window, in the order of its menu: one line a page.

A page is made when it is first shown, so what it needs is imported in its function here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from landmark_annotator.annotator.gui.pages.action_card import ActionCard
from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.page import Page


@dataclass(frozen=True)
class PageCard:
    """name: what code calls it; the action that turns to it is `page_NAME`."""

    name: str
    title: str
    keys: tuple[str, ...]
    tip: str
    make: Callable[[PageContext], Page] | None = None
    """None for the one that is there from the start."""

    @property
    def action(self) -> ActionCard:
        return ActionCard(f"page_{self.name}", "Pages", self.title, self.keys, self.tip)


def _review(context: PageContext) -> Page:
    from landmark_annotator.annotator.gui.pages.review.page import ReviewPage

    return ReviewPage(context)


def _compare(context: PageContext) -> Page:
    from landmark_annotator.annotator.gui.pages.compare.page import ComparePage

    return ComparePage(context)


def _dashboard(context: PageContext) -> Page:
    from landmark_annotator.annotator.gui.pages.dashboard.page import DashboardPage

    return DashboardPage(context)


def _budget(context: PageContext) -> Page:
    from landmark_annotator.annotator.gui.pages.budget.page import BudgetPage

    return BudgetPage(context)


def _sheet(context: PageContext) -> Page:
    from landmark_annotator.annotator.gui.pages.sheet.page import SheetPage

    return SheetPage(context)


def _trainings(context: PageContext) -> Page:
    from landmark_annotator.annotator.gui.pages.trainings.page import TrainingsPage

    return TrainingsPage(context)


PAGES: tuple[PageCard, ...] = (
    PageCard("label", "Label", ("Ctrl+1",), "Place and accept landmarks"),
    PageCard("review", "Review", ("Ctrl+2",), "Judge what others labelled, worst first", _review),
    PageCard("compare", "Compare", ("Ctrl+3",), "Where two people's labels differ", _compare),
    PageCard("dashboard", "Dashboard", ("Ctrl+4",), "How the project goes", _dashboard),
    PageCard("budget", "Budget", ("Ctrl+5",), "What points buy, what was spent, the plan", _budget),
    PageCard("sheet", "Sheet", ("Ctrl+6",), "Many proposals at one look, accepted at once", _sheet),
    PageCard(
        "trainings", "Trainings", ("Ctrl+7",), "What was trained, and what came of it", _trainings
    ),
)
