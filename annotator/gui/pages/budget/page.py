"""The budget page: a slider over the sparse formats, what each buys, and spend against plan."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.budget import sentences
from landmark_annotator.annotator.gui.pages.budget.effort_table import EffortTable
from landmark_annotator.annotator.gui.pages.budget.fill_work import FillWork
from landmark_annotator.annotator.gui.pages.budget.shape_plot import ShapePlot
from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.page import Page
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.gui.services.turns import Turns
from landmark_annotator.annotator.gui.style.plots import THIRD, Plot
from landmark_annotator.annotator.gui.style.restyling import Restyling
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.gui.widgets.tall_column import TallColumn
from landmark_annotator.annotator.session.planning.budget_view import (
    Shop,
    Spending,
    drop_plan,
    make_plan,
    shop,
    spending,
)
from landmark_annotator.annotator.session.planning.offer import Purchase
from landmark_annotator.projects.store import Plan
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.wording import HOURS_FROM, counted


class BudgetPage(Page):
    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.project = context.project
        self._at_work = Tasks(1, self)
        self.job = BackgroundJob("Budget", self)
        self.fills = FillWork(context, self)
        self._keys: Mapping[str, str] = {}
        self.shop: Shop | None = None
        self.spending: Spending | None = None
        self.curve = Plot(
            "What points are worth", "points that are clicked", sentences.FOLLOWS, counted="x"
        )
        self.prices = Plot("What they buy", "hours", "expected error, NME %")
        self._hour = 1.0
        self._drawing = Turns(self)
        self.shape = ShapePlot(context.project.scheme)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Number of points")
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.setFocusProxy(self.slider)
        self.figure = QLabel()
        self.figure.setProperty("tone", "title")
        self.facts, self.reasons, self.points = QLabel(), quiet(QLabel()), QLabel()
        self.means = quiet(QLabel())
        self.plan_line, self.spent, self.notes = QLabel(), QLabel(), quiet(QLabel())
        lines = (self.figure, self.facts, self.reasons, self.points, self.plan_line, self.spent)
        for label in (*lines, self.means, self.notes):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.make = QPushButton()
        self.make.setProperty("tone", "chosen")
        self.make.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.drop = QPushButton()
        self.drop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.drop.hide()
        self.efforts = EffortTable()
        self._compose()
        self._connect()

    def _compose(self) -> None:
        plots = QVBoxLayout()
        for plot in (self.curve, self.prices):
            plots.addWidget(plot, 1)
        middle = QVBoxLayout()
        middle.addWidget(self.figure)
        middle.addWidget(self.slider)
        middle.addWidget(self.shape, 1)
        middle.addWidget(self.points)
        words = QWidget()
        said = QVBoxLayout(words)
        said.setContentsMargins(0, 0, 6, 0)
        said.setSpacing(10)
        heading, self.footing = QLabel("Spend against plan"), QLabel("What these figures rest on")
        for title in (heading, self.footing):
            title.setProperty("tone", "heading")
            title.setWordWrap(True)
        bought = (self.facts, self.reasons, self.make, self.means, self.plan_line, self.drop)
        for widget in (*bought, heading, self.spent):
            said.addWidget(widget)
        self.efforts.setMinimumHeight(8 * self.efforts.fontMetrics().height())
        said.addWidget(self.efforts, 1)
        for widget in (self.footing, self.notes):
            said.addWidget(widget)
        # In large letters they are longer than the window.
        scrolled = TallColumn(words)
        scrolled.setAccessibleName("What the points buy, and what was spent")
        right = QVBoxLayout()
        right.addWidget(scrolled)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(16, 14, 16, 12)
        whole.setSpacing(16)
        for column, share in ((plots, 9), (middle, 9), (right, 8)):
            whole.addLayout(column, share)
        self._wait("")

    def _connect(self) -> None:
        self.slider.valueChanged.connect(self._show_purchase)
        self.make.clicked.connect(self.make_plan)
        self.drop.clicked.connect(self.drop_plan)
        Restyling(self).done.connect(self._show_again)
        self.job.progressed.connect(self._show_work)
        self.job.failed.connect(self._cannot)
        self.follow(self._context.changes)
        self._context.closing.connect(self.job.close)
        self._context.closing.connect(self._at_work.close)

    @property
    @override
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {
            "budget_more": lambda: self.slider.setValue(self.slider.value() + 1),
            "budget_fewer": lambda: self.slider.setValue(self.slider.value() - 1),
            "budget_recommended": self.recommend,
            "budget_plan": self.make_plan,
            "budget_no_plan": self.drop_plan,
            "budget_fill": self.fills.choose,
            "budget_reload": self.reload,
        }

    @property
    @override
    def settled(self) -> bool:
        there = self.shop is not None and self.spending is not None
        return there and not self._drawing.pending

    @override
    def show_keys(self, keys: Mapping[str, str]) -> None:
        self._keys = keys
        self._show_purchase()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._context.clear()
        self.prompt("The budget")
        self._context.expected_error(None)
        self.read_figures()
        if self.shop is not None:
            self._show_shop(self.shop)

    @override
    def read_figures(self) -> None:
        """What was spent, and what points buy where that was not measured yet."""
        self._read_spending()
        if self.shop is None and not self.job.running:
            self.reload()

    def reload(self) -> None:
        """Measures again, beside all else."""
        self.job.begin(partial(shop, self._context.folder), self._load)

    def _read_spending(self) -> None:
        work = partial(spending, self._context.folder)
        self._at_work.request("spending", work, self._show_spending, self._context.tell)

    # What points buy

    @property
    def purchase(self) -> Purchase | None:
        """The one that the slider stands at."""
        return None if self.shop is None else self.shop.purchases[self.slider.value()]

    def recommend(self) -> None:
        if self._measured():
            self._look_at_recommended()

    def _look_at_recommended(self) -> None:
        if self.shop is not None:
            free = self.shop.offer.unplanned
            self._look_at(self.shop.recommended.m or round(free.clicks if free is not None else 1))

    def _look_at(self, points: int) -> None:
        """At the purchase with this number of points, or the next to it."""
        if self.shop is not None:
            sizes = [p.m for p in self.shop.purchases]
            self.slider.setValue(min(range(len(sizes)), key=lambda i: abs(sizes[i] - points)))

    def _measured(self) -> bool:
        """Whether there is something to look at; says where a key finds nothing."""
        if self.shop is None:
            self._context.note("What points buy is not measured here yet.")
        return self.shop is not None

    def make_plan(self) -> None:
        purchase = self.purchase
        if not self._measured() or purchase is None:
            return
        if not self.make.isEnabled():
            self._context.note("These points are the plan already.")
            return
        self._plan(partial(make_plan, self.project, purchase, who=self._context.who))

    def drop_plan(self) -> None:
        if self.project.plan().landmarks:
            self._plan(partial(drop_plan, self.project, who=self._context.who))
        else:
            self._context.note("There is no plan that could be given up.")

    def _plan(self, decide: Callable[[], Plan]) -> None:
        try:
            plan = decide()
        except ActionableError as error:
            self._context.tell(error)
            return
        self._context.changed(Change(Kind.PLAN))
        self._context.note(sentences.planned(plan, self._keys["budget_no_plan"]))
        self._show_plan(plan)
        self._read_spending()

    def _load(self, found: Shop) -> None:
        first = self.shop is None
        self.shop = found = self._for_now(found)
        self.slider.setEnabled(True)
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(found.purchases) - 1)
        if first and (plan := self.project.plan()).landmarks:
            self._look_at(len(plan.landmarks))
        elif first:
            self._look_at_recommended()
        self.slider.blockSignals(False)
        self._show_shop(found)

    def _for_now(self, found: Shop) -> Shop:
        """For as many images as wait by now: the page knows one number of them."""
        instances = self.project.instance_count()
        if self.spending is None or not instances:
            return found
        return found.for_waiting(self.spending.ledger.remaining, instances)

    def _wait(self, why: str) -> None:
        self.slider.setEnabled(False)
        self.make.hide()
        self.means.hide()
        self.footing.hide()
        # Once, in the middle.
        for plot in (self.curve, self.prices):
            plot.say("")
        self.shape.say(why)

    def _show_work(self, stage: str, done: int, total: int) -> None:
        if self.shop is None:
            of = f": {done:,} of {total:,}" if total else ""
            self.shape.say(f"Measuring what points buy\N{HORIZONTAL ELLIPSIS}<br>{stage}{of}")

    def _cannot(self, error: Exception) -> None:
        if isinstance(error, ActionableError) and self.shop is None:
            self._wait(f"{error.happened}<br>{error.remedy}")
            return
        if self.shop is None:
            again = self._keys["budget_reload"]
            self._wait(f"Nothing could be measured. {again} tries it again.")
        self._context.tell(error)

    def _show_again(self) -> None:
        """In the theme and the letters of now; what is not seen is drawn anew when it is shown."""
        if self.shop is not None and self.isVisible():
            self._show_shop(self.shop)

    def _show_shop(self, found: Shop) -> None:
        self.make.show()
        self.means.show()
        self.footing.show()
        steps = (self._show_curve, self._show_prices, self._mark)
        self._drawing.begin(*(partial(step, found) for step in steps))
        self._show_purchase()

    def _show_curve(self, found: Shop) -> None:
        offer = found.offer
        self.curve.begin()
        sizes, values = np.array(offer.curve.sizes, float), np.array(offer.curve.c_hat)
        if offer.spread is not None:
            low = offer.spread.mean - offer.spread.deviation
            high = offer.spread.mean + offer.spread.deviation
            self.curve.band(sizes, np.maximum(low, 0), np.minimum(high, 1))
        self.curve.line(sizes, values)
        m, worth = [float(one.known.m) for one in found.known], [one.c for one in found.known]
        self.curve.dots(np.array(m), np.array(worth), THIRD, size=9, symbol="d")
        landmarks = len(offer.curve.affinity)
        self.curve.names(m, worth, [sentences.format_name(one, landmarks) for one in found.known])
        self.curve.from_zero(float(sizes[-1]), x=True)
        # By itself the axis would go on to what cannot be.
        self.curve.from_zero(1.0)

    def _show_prices(self, found: Shop) -> None:
        offer = found.offer
        bought = [(p.hours, p.error) for p in offer.purchases if p.format and p.error is not None]
        if not bought:
            self.prices.begin()
            self.prices.say(offer.unknown)
            return
        hours, errors = (np.array(column) for column in zip(*bought, strict=True))
        free = offer.unplanned
        highest, most = float(errors.max()), float(hours.max())
        alone = None if free is None else (free.image_seconds * offer.images / 3600, free.error)
        if alone is not None and alone[1] is not None:
            most, highest = max(most, alone[0]), max(highest, alone[1])
        unit, self._hour = ("hours", 1.0) if most >= HOURS_FROM else ("minutes", 60.0)
        self.prices.begin(across=f"{unit} for {counted(offer.images, offer.one)}")
        self.prices.line(self._hour * hours, errors)
        self.prices.dots(self._hour * hours, errors, size=5)
        if alone is not None and alone[1] is not None:
            x, y = self._hour * alone[0], alone[1]
            self.prices.dots(np.array([x]), np.array([y]), THIRD, size=11, symbol="d")
            self.prices.names([x], [y], ["no plan"])
        self.prices.from_zero(highest)
        self.prices.from_zero(self._hour * most, x=True)

    def _show_purchase(self) -> None:
        purchase, found = self.purchase, self.shop
        if purchase is None or found is None or purchase.format is None:
            return
        points = counted(len(purchase.format.landmarks), "point")
        self.figure.setText(f"{points} an {found.offer.one}")
        self.facts.setText("\n".join(sentences.purchase_lines(found, purchase)))
        recommended = sentences.recommended_lines(found, purchase, self._keys["budget_recommended"])
        self.reasons.setText("\n".join(recommended))
        # One line each: run together, what the figures are worth went unread.
        self.notes.setText("\n".join(sentences.notes_of(found)))
        # The method and its name are for who asks.
        for label in (self.facts, self.reasons):
            label.setToolTip(purchase.format.details())
        scheme, chosen = self.project.scheme, purchase.format.landmarks
        self.points.setText(sentences.first_names(scheme, chosen))
        self.points.setToolTip(sentences.names_tip(scheme, chosen))
        self.means.setText(sentences.plan_means(found, purchase, sentences.names(scheme, chosen)))
        if not self._drawing.pending:
            self._mark(found)
        self._show_plan(self.project.plan())

    def _mark(self, found: Shop) -> None:
        """The purchase that is looked at, on all plots."""
        purchase = self.purchase
        if purchase is None or purchase.format is None:
            return
        self.shape.show_format(found.mean, purchase.format.landmarks)
        self.curve.mark([purchase.m], [purchase.format.c_hat])
        if purchase.error is not None:
            self.prices.mark([self._hour * purchase.hours], [purchase.error])

    # What was spent

    def _show_plan(self, plan: Plan) -> None:
        self.drop.setVisible(bool(plan.landmarks))
        self.drop.setText(f"No plan any more  ({self._keys['budget_no_plan']})")
        purchase = self.purchase
        if purchase is not None and purchase.format is not None:
            same = set(plan.landmarks) == set(purchase.format.landmarks)
            self.make.setEnabled(not same)
            # A plan can have the number and other points: labels have come in since it was made.
            named = plan.name == f"m{purchase.m}" and not same
            what = f"this m{purchase.m}" if named else f"m{purchase.m}"
            key = self._keys["budget_plan"]
            self.make.setText(f"{what} is the plan" if same else f"Make {what} the plan  ({key})")
            self._offer_as_chosen(self.shop is not None and purchase.m == self.shop.recommended.m)

    def _offer_as_chosen(self, recommended: bool) -> None:
        """The button invites to what is recommended alone."""
        tone = "chosen" if recommended else ""
        if self.make.property("tone") != tone:
            self.make.setProperty("tone", tone)
            self.make.style().unpolish(self.make)
            self.make.style().polish(self.make)

    def _show_spending(self, found: Spending) -> None:
        self.spending = found
        if self.shop is not None:
            self.shop = self._for_now(self.shop)
            self._show_shop(self.shop)
        else:
            self._show_plan(found.plan)
        self.plan_line.setText(sentences.plan_line(found))
        self.plan_line.setToolTip(sentences.names_tip(self.project.scheme, found.plan.landmarks))
        self.spent.setText("\n".join(sentences.spent_lines(found)))
        self.efforts.show_days(sentences.effort_days(found))
