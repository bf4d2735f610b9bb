"""The dashboard: progress, effort, forecast, agreement and the model's error, over time."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.dashboard.sentences import (
    calibration_text,
    effort_text,
    forecast_text,
    progress_text,
    review_text,
)
from landmark_annotator.annotator.gui.pages.page import Page
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.gui.services.turns import Turns
from landmark_annotator.annotator.gui.style.plots import LINE, MARK, THIRD, Plot
from landmark_annotator.annotator.gui.style.restyling import Restyling
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.session.reports.overview import Overview, moving_mean, overview
from landmark_annotator.annotator.session.review.agreement import NOTHING_IN_COMMON, ONLY_PROPOSALS
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.wording import HOURS_FROM

_WORST = 8
"""Landmarks on which two people differ most."""
_PAIRS = 5
"""Of people, at most: below them there is room for some landmarks."""
_APART = "apart, NME %"
_NOTHING_YET = "Nothing was accepted by hand yet."
_BACKENDS = (LINE, MARK, THIRD)
_SYMBOLS = ("o", "s", "d")


class DashboardPage(Page):
    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._at_work = Tasks(1, self)
        self._keys: Mapping[str, str] = {}
        self.found: Overview | None = None
        self._stale = False
        """Whether theme or letters have changed since the plots were drawn."""
        self._drawing = Turns(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Dashboard")
        self.figures = [(QLabel(), quiet(QLabel())) for _ in range(4)]
        self.warnings = QLabel()
        self.warnings.setWordWrap(True)
        self.warnings.setAccessibleName("Warnings about the budget")
        self.warnings.hide()
        self.calibration = quiet(QLabel())
        self.calibration.setWordWrap(True)
        self.calibration.setAccessibleName("What labels say of the proposals")
        self.calibration.hide()
        self.progress = Plot("Progress", "", "accepted", dates=True, counted="y")
        self.clicks = Plot("Clicks an image", "images, as accepted", "clicks", counted="xy")
        self.seconds = Plot("Seconds an image", "images, as accepted", "s", counted="x")
        self.spent = Plot("Effort spent", "", "hours", dates=True)
        self.agreement = Plot("Agreement", _APART, "")
        self.errors = Plot("Model error on held-out labels", "labels", "NME %", counted="x")
        self._compose()
        Restyling(self).done.connect(self._show_again)
        self.follow(context.changes)
        context.closing.connect(self._drawing.stop)
        context.closing.connect(self._at_work.close)

    def _compose(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(30)
        for figure, what in self.figures:
            figure.setProperty("tone", "title")
            # Long figures in large letters would make the window wider than the screen.
            for label in (figure, what):
                label.setWordWrap(True)
            what.setAlignment(Qt.AlignmentFlag.AlignTop)
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(figure)
            column.addWidget(what)
            column.addStretch(1)
            head.addLayout(column, 1)
        grid = QGridLayout()
        grid.setSpacing(10)
        plots = (self.progress, self.clicks, self.seconds, self.spent, self.agreement, self.errors)
        for n, plot in enumerate(plots):
            grid.addWidget(plot, n // 3, n % 3)
        for row in range(2):
            grid.setRowStretch(row, 1)
        for across in range(3):
            grid.setColumnStretch(across, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 14, 16, 12)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addWidget(self.warnings)
        whole.addWidget(self.calibration)
        whole.addLayout(grid, 1)

    @property
    @override
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {"dashboard_reload": self.read_figures}

    @override
    def show_keys(self, keys: Mapping[str, str]) -> None:
        self._keys = keys
        if self.found is not None:
            self._show_errors(self.found)

    @property
    @override
    def settled(self) -> bool:
        reading = self._at_work.pending("overview")
        return self.found is not None and not reading and not self._drawing.pending

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._context.clear()
        self._context.expected_error(None)
        if self._stale:
            self._show_again()
        self.read_figures()

    @override
    def read_figures(self) -> None:
        self.prompt("Reading the journal\N{HORIZONTAL ELLIPSIS}")
        folder = self._context.folder
        self._at_work.request("overview", lambda: overview(folder), self._show, self._cannot)

    def _cannot(self, error: Exception) -> None:
        """What is shown is of before, or nothing."""
        again = self._keys["dashboard_reload"]
        self.prompt(f"The journal could not be read: {again} looks again")
        self._context.tell(error)

    def _show(self, found: Overview) -> None:
        self.found = found
        self.prompt("How the project goes")
        texts = (
            progress_text(found),
            effort_text(found),
            forecast_text(found),
            review_text(found),
        )
        for (figure, what), (number, said) in zip(self.figures, texts, strict=True):
            figure.setText(number)
            what.setText(said)
        self.figures[1][1].setToolTip(found.ledger.pauses.said())
        self.warnings.setText("\n".join(f"\N{WARNING SIGN} {w}" for w in found.ledger.warnings))
        self.warnings.setVisible(bool(found.ledger.warnings))
        self.calibration.setText(calibration_text(found))
        self.calibration.setVisible(bool(found.calibration))
        self._drawing.begin(
            partial(self._show_progress, found),
            partial(self._show_spent, found),
            partial(_show_effort, self.clicks, "clicks", found),
            partial(_show_effort, self.seconds, "seconds", found),
            partial(self._show_agreement, found),
            partial(self._show_errors, found),
        )

    def _show_again(self) -> None:
        """In the theme and the letters of now; what is not seen is drawn anew when it is shown."""
        self._stale = not self.isVisible()
        if self.found is not None and not self._stale:
            self._show(self.found)

    def _show_progress(self, found: Overview) -> None:
        if not found.finished:
            self.progress.say(_NOTHING_YET)
            return
        self.progress.begin()
        times = np.array([one.at.timestamp() for one in found.finished])
        imported = found.counts[InstanceState.ACCEPTED] - len(found.finished)
        counts = imported + np.arange(1.0, len(times) + 1)
        _course(self.progress, times, counts)
        self.progress.level(found.total, f"all {found.total:,}")
        self.progress.from_zero(found.total)

    def _show_spent(self, found: Overview) -> None:
        if not found.finished:
            self.spent.say(_NOTHING_YET)
            return
        times = np.array([one.at.timestamp() for one in found.finished])
        spent = np.array([one.so_far for one in found.finished])
        limit, rest = found.plan.seconds, found.ledger.rest
        in_all = [found.ledger.spent.seconds] * 3
        if rest is not None:
            left = (rest.seconds.low, rest.seconds.expected, rest.seconds.high)
            in_all = [found.ledger.spent.seconds + seconds for seconds in left]
        highest = max(in_all[2], limit or 0.0)
        unit, name = (3600.0, "hours") if highest >= 3600 * HOURS_FROM else (60.0, "minutes")
        self.spent.begin(up=name)
        _course(self.spent, times, spent / unit)
        if rest is not None:
            low, middle, high = (seconds / unit for seconds in in_all)
            said = "expected, with 95 %"
            self.spent.level(middle, said, THIRD, spread=(low, high), dashed=False)
        if limit is not None:
            self.spent.level(limit / unit, "budget")
        self.spent.from_zero(highest / unit)

    def _show_agreement(self, found: Overview) -> None:
        if not found.agreements:
            self.agreement.say(NOTHING_IN_COMMON)
            return
        counting = [one for one in found.agreements if one.counting.any()]
        if not counting:
            self.agreement.say(ONLY_PROPOSALS)
            return
        most, pairs = counting[0], counting[:_PAIRS]  # first that with most objects that count
        across = _APART
        if len(counting) > 1:
            across += f"; landmarks: {most.first} and {most.second}"
        if len(counting) > len(pairs):
            across += f"; of {len(counting)} pairs of people"
        self.agreement.begin(across=across)
        worst = most.worst_landmarks()[:_WORST]
        means = [one.spread.mean for one in pairs] + [most.of_landmarks[i].mean for i in worst]
        names = [f"{one.first} and {one.second}: all" for one in pairs]
        names += [found.scheme.landmarks[i] for i in worst]
        self.agreement.bars(names, np.array(means))

    def _show_errors(self, found: Overview) -> None:
        if not found.trainings:
            key = self._keys["train"]
            self.errors.say(f"No model was trained in this project yet: {key} on any page.")
            return
        self.errors.begin()
        backends = list(dict.fromkeys(trained.backend for trained in found.trainings))
        for n, backend in enumerate(backends):
            runs = [trained for trained in found.trainings if trained.backend == backend]
            x = np.array([float(run.labels) for run in runs])
            y = np.array([run.held_out_error for run in runs], dtype=float)
            tone, symbol = _BACKENDS[n % 3], _SYMBOLS[n % 3]
            for run in runs:
                if run.held_out_range is not None:
                    at = np.full(2, float(run.labels))
                    self.errors.line(at, np.array(run.held_out_range), tone, width=1.0)
            self.errors.line(x, y, tone)
            self.errors.dots(x, y, tone, size=8, symbol=symbol)
            # Below: the line comes from above.
            self.errors.label(x[-1], y[-1], backend, anchor=(1, 0))
        self.errors.from_zero(max(run.held_out_error or 0.0 for run in found.trainings))


def _show_effort(plot: Plot, what: str, found: Overview) -> None:
    """what: "clicks" or "seconds" that each instance took."""
    plot.call(f"{what.capitalize()} an {found.one}")
    if not found.finished:
        plot.say(_NOTHING_YET)
        return
    plot.begin(across=f"{found.one}s, as accepted")
    each = np.array([getattr(one, what) for one in found.finished], dtype=float)
    order = np.arange(1.0, len(each) + 1)
    plot.dots(order, each, LINE, size=4)
    plot.line(order, moving_mean(each), MARK, width=2.4)
    plot.from_zero(float(each.max()))


def _course(plot: Plot, x: Floats, y: Floats) -> None:
    plot.line(x, y)
    if len(x) == 1:
        # A line through one point is none, and the plot stayed empty.
        plot.dots(x, y)
